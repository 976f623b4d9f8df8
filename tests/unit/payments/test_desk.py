"""The service answers alike however often it is asked under one key, and tells nobody of another's payments."""

import json
from typing import Any

import pytest
from tests.unit.payments.fakes import NOW, Killed, MemoryLedger, Region, ask, desk, named

from landbridge.model.errors import BadInput, Unreachable
from landbridge.workloads.payments.api.answer import TurnedAway
from landbridge.workloads.payments.api.desk import Desk
from landbridge.workloads.payments.event import event

PAYMENT = {"amount": 1250, "currency": "USD", "token": "tok_4fK2hQ81xZ", "last_four": "4242"}
BODY = json.dumps(PAYMENT).encode()


@pytest.fixture(name="region")
def _region() -> Region:
    return Region("us-east-1")


@pytest.fixture(name="ledger")
def _ledger() -> MemoryLedger:
    return MemoryLedger()


@pytest.fixture(name="here")
def _here(region: Region, ledger: MemoryLedger) -> Desk:
    return desk(region, ledger)


def signed_in(at: Desk, customer: str = "shop") -> str:
    """A session, as the header that names it."""
    return f"Bearer {ask(at, 'POST', '/session', authorization=named(customer)).body['session']}"  # type: ignore[index]


def pay(at: Desk, session: str, key: str = "key-1", body: bytes = BODY) -> Any:
    """What a payment is answered."""
    return ask(at, "POST", "/payments", body, authorization=session, idempotency_key=key)


def turned_away(at: Desk, method: str, path: str, body: bytes = b"", **headers: str) -> int:
    """With which status."""
    with pytest.raises(TurnedAway) as why:
        ask(at, method, path, body, **headers)
    return why.value.status


def test_the_same_payment_under_the_same_key_is_answered_alike(here: Desk, region: Region) -> None:
    """And may be put on the queue again: the ledger counts it once."""
    session = signed_in(here)
    assert pay(here, session) == pay(here, session)
    assert len(set(region.queue)) == 1


def test_another_payment_under_the_same_key_is_refused(here: Desk, region: Region) -> None:
    """With 409, and nothing is put on the queue."""
    session = signed_in(here)
    pay(here, session)
    with pytest.raises(TurnedAway) as why:
        pay(here, session, body=json.dumps({**PAYMENT, "amount": 9}).encode())
    assert why.value.status == 409
    assert len(region.queue) == 1


def test_what_is_put_on_the_queue_is_the_payment_that_was_asked_for(here: Desk, region: Region) -> None:
    """And nothing else that was sent."""
    told = pay(here, signed_in(here)).body
    asked = event(region.queue[0]).asked
    assert asked
    assert (asked.fields(), told["state"]) == ({**PAYMENT, "customer": "shop", "payment": told["payment"]}, "received")
    assert "token" not in told


def test_a_payment_is_told_before_it_is_worked_off_and_after(here: Desk, region: Region, ledger: MemoryLedger) -> None:
    """From what was accepted, then from the database."""
    session = signed_in(here)
    path = f"/payments/{pay(here, session).body['payment']}"
    before = ask(here, "GET", path, authorization=session)
    ledger.take(event(region.queue[0]))
    region.items = {key: item for key, item in region.items.items() if key.startswith("session#")}
    assert ask(here, "GET", path, authorization=session) == before


def test_another_customers_payment_is_as_one_that_is_not_there(here: Desk) -> None:
    """The same sentence for both."""
    path = f"/payments/{pay(here, signed_in(here)).body['payment']}"
    other = signed_in(here, "other")
    assert turned_away(here, "GET", path, authorization=other) == 404
    assert turned_away(here, "GET", f"/payments/p-{'0' * 32}", authorization=other) == 404
    assert turned_away(here, "GET", "/payments/x", authorization=other) == 404


@pytest.mark.parametrize("session", ["", "Bearer", "Bearer none", "Basic abc"])
def test_without_a_session_nothing_is_done(here: Desk, region: Region, session: str) -> None:
    """401, whatever is asked."""
    for method, path in (("GET", "/session"), ("POST", "/payments"), ("GET", "/payments/x"), ("POST", "/uploads")):
        assert turned_away(here, method, path, BODY, authorization=session, idempotency_key="k") == 401
    assert region.queue == []


@pytest.mark.parametrize("told", ["", "Bearer", "Bearer none", "Basic abc"])
def test_nobody_begins_a_session_who_was_not_named(here: Desk, region: Region, told: str) -> None:
    """Whatever body is sent with it: who it is says the token alone."""
    assert turned_away(here, "POST", "/session", b'{"customer": "shop"}', authorization=told) == 401
    assert region.items == {}


def test_a_session_is_no_token_to_begin_another_with(here: Desk) -> None:
    """Or it would never end."""
    assert turned_away(here, "POST", "/session", authorization=signed_in(here)) == 401


def test_a_session_ends_when_it_is_told_to_and_by_its_time(here: Desk, region: Region) -> None:
    """The table forgets it later; it counts no more."""
    first, second = signed_in(here), signed_in(here)
    assert ask(here, "DELETE", "/session", authorization=first).status == 204
    assert turned_away(here, "GET", "/session", authorization=first) == 401
    for item in region.items.values():
        item["expires"] = {"N": str(int(NOW))}
    assert turned_away(here, "GET", "/session", authorization=second) == 401


def test_who_reads_the_table_can_use_no_session(here: Desk, region: Region) -> None:
    """Its token is kept as a hash."""
    token = signed_in(here).removeprefix("Bearer ")
    assert token not in json.dumps(region.items)


def test_a_file_is_sent_to_an_address_and_fetched_from_one(here: Desk, region: Region) -> None:
    """Of this kind and size, under the customer's own prefix; another customer finds nothing."""
    session = signed_in(here)
    granted = ask(here, "POST", "/uploads", b'{"type": "image/png", "bytes": 7}', authorization=session).body
    assert granted
    assert list(region.files) == [f"uploads/shop/{granted['upload']}"]
    fetched = ask(here, "GET", f"/uploads/{granted['upload']}", authorization=session).body
    assert fetched
    assert (fetched["type"], fetched["bytes"]) == ("image/png", 7)
    path = f"/uploads/{granted['upload']}"
    assert turned_away(here, "GET", path, authorization=signed_in(here, "other")) == 404


@pytest.mark.parametrize("body", [b"", b"[]", b'{"amount": 1.5}', b'{"number": "4242424242424242"}', b"\xff"])
def test_a_body_that_can_not_be_used_is_refused_in_a_sentence(here: Desk, body: bytes) -> None:
    """Which never repeats it."""
    with pytest.raises(BadInput) as why:
        pay(here, signed_in(here), body=body)
    assert "4242" not in str(why.value)


def test_a_body_that_is_not_called_json_is_not_read(here: Desk) -> None:
    """415 names the header."""
    session = signed_in(here)
    headers = {"authorization": session, "idempotency_key": "k", "content_type": "text/plain"}
    assert turned_away(here, "POST", "/payments", BODY, **headers) == 415


def test_a_region_that_does_not_answer_is_said_to_be_so(here: Desk, region: Region) -> None:
    """Nothing is accepted that was not kept."""
    session = signed_in(here)
    region.out = True
    with pytest.raises(Unreachable):
        pay(here, session)
    assert region.queue == []


@pytest.mark.parametrize("after", range(6))
def test_who_dies_between_two_steps_has_lost_and_doubled_nothing(region: Region, ledger: MemoryLedger, after: int) -> None:
    """The client had no answer, and asks again under its key."""
    here = desk(region, ledger)
    session = signed_in(here)
    region.life.left = after
    with pytest.raises(Killed):
        pay(here, session)
    told = pay(here, session)
    for text in region.queue:
        ledger.take(event(text))
    assert list(ledger.took) == [told.body["payment"]]
    assert [len(kinds) for kinds in ledger.took.values()] == [1]
