"""The function answers which events come again: those that failed, those nobody can use, and none that counts."""

import io
from typing import Any

import pytest
from tests.unit.payments.fakes import MemoryLedger

from landbridge.workloads.payments.event import Event
from landbridge.workloads.payments.events import ALL_AGAIN, answer
from landbridge.workloads.payments.log import Log
from landbridge.workloads.payments.payment import Payment, payment_id
from landbridge.workloads.payments.states import Kind, State

ASKED = Payment(payment_id("shop", "key-1"), "shop", 1250, "USD", "tok_4fK2hQ81xZ", "4242")
FIRST, AUTHORIZED = Event.first(ASKED).text(), Event(ASKED.payment, Kind.AUTHORIZE, reference="r-1").text()


def records(*bodies: str) -> dict[str, Any]:
    """An event of Lambda's."""
    return {"Records": [{"messageId": f"m-{number}", "body": body} for number, body in enumerate(bodies)]}


def come_again(ledger: MemoryLedger, *bodies: str) -> list[str]:
    """Which of them come again."""
    told = answer(records(*bodies), lambda: ledger, Log(io.StringIO(), {"events"}))
    return [each["itemIdentifier"] for each in told["batchItemFailures"]]


def test_an_event_that_comes_twice_counts_once() -> None:
    """In one batch or in two."""
    ledger = MemoryLedger()
    assert come_again(ledger, FIRST, FIRST) == []
    assert come_again(ledger, FIRST, AUTHORIZED) == []
    assert ledger.took == {ASKED.payment: [Kind.RECEIVE, Kind.AUTHORIZE]}


def test_an_event_before_its_turn_waits_in_the_ledger() -> None:
    """It is not asked for again: it lies where it is needed."""
    ledger = MemoryLedger()
    assert come_again(ledger, AUTHORIZED, FIRST) == []
    assert ledger.state == {ASKED.payment: State.AUTHORIZED}


def test_a_bad_event_comes_again_alone() -> None:
    """Until the queue sets it aside."""
    ledger = MemoryLedger()
    assert come_again(ledger, "spoilt", FIRST, AUTHORIZED) == ["m-0"]
    assert ledger.state == {ASKED.payment: State.AUTHORIZED}


def test_another_event_under_a_known_identity_changes_nothing() -> None:
    """Nor does one that can never come."""
    ledger = MemoryLedger()
    other = Event(ASKED.payment, Kind.AUTHORIZE, reference="r-2").text()
    late = Event(ASKED.payment, Kind.DECLINE, reference="r-3").text()
    settled = Event(ASKED.payment, Kind.SETTLE, reference="r-4").text()
    assert come_again(ledger, FIRST, AUTHORIZED, other, settled, late) == ["m-2", "m-4"]
    assert ledger.state == {ASKED.payment: State.SETTLED}


def test_after_a_database_that_does_not_answer_the_rest_is_not_tried() -> None:
    """Each try could take as long as the whole batch may."""
    ledger = MemoryLedger(failing=1)
    assert come_again(ledger, FIRST, AUTHORIZED) == ["m-0", "m-1"]
    assert ledger.events == {}


@pytest.mark.parametrize("event", [None, {}, {"Records": 5}, {"Records": [5]}, {"Records": [{"body": FIRST}]}])
def test_a_batch_that_is_none_comes_again_whole(event: Any) -> None:
    """Nothing is taken for done that could not be read."""
    assert answer(event, MemoryLedger, Log(io.StringIO(), {"events"})) == ALL_AGAIN


def test_the_log_counts_and_names_nothing() -> None:
    """One line, in which neither token nor payment is found."""
    to = io.StringIO()
    ledger = MemoryLedger()
    answer(records(FIRST, FIRST, "spoilt"), lambda: ledger, Log(to, {"events"}))
    assert to.getvalue().startswith("events taken 1 known 1 spoilt 1 ms ")
    assert to.getvalue().count("\n") == 1
    assert not any(told in to.getvalue() for told in (ASKED.token, ASKED.payment, ASKED.customer, ASKED.last_four))
