"""What was promised to customers is held against every region, and each thing that is not so is named."""

from collections.abc import Iterable
from dataclasses import replace

import pytest

from landbridge.model.region import Pair, Region
from landbridge.rehearse.payments.border_book import BorderBook
from landbridge.rehearse.payments.payment_book import PaymentBook, Row
from landbridge.rehearse.payments.session_book import SessionBook, kept_under
from landbridge.rehearse.payments.upload_book import UploadBook
from landbridge.rehearse.settled import Settled
from landbridge.workloads.payments.payment import Payment, payment_id
from landbridge.workloads.payments.states import Kind

SOURCE, TARGET = Region("us-east-1"), Region("us-east-2")
REGIONS = Pair(SOURCE, TARGET)
SETTLED = (Kind.AUTHORIZE, Kind.SETTLE)


def payment(key: str = "key-1") -> Payment:
    """What a customer asks for."""
    return Payment(payment_id("shop", key), "shop", 1250, "USD", "tok_4fK2hQ81xZ", "4242")


def row(of: Payment, state: str = "received", *took: str) -> Row:
    """As a database has it."""
    return Row(of.payment, of.customer, of.amount, of.currency, state, ("receive", *took))


def book(*asked: Payment) -> PaymentBook:
    """All of them accepted."""
    made = PaymentBook()
    for each in asked:
        made.sent(each)
        made.promised(each.payment)
    return made


def flaws(settled: Settled) -> dict[str, int]:
    """How many of each kind there are."""
    return {flaw: len(found) for flaw, found in settled.flaws.items() if found}


def both(rows: Iterable[Row]) -> dict[Region, list[Row]]:
    """The same in both regions."""
    return {region: list(rows) for region in REGIONS}


def test_payments_that_stand_as_they_were_asked_for_are_whole() -> None:
    """One that was asked for and not promised may stand too: its answer was lost."""
    kept = book(payment())
    kept.sent(payment("unanswered"))
    settled = kept.settle(both([row(payment()), row(payment("unanswered"))]), ())
    assert (settled.accepted, settled.is_whole) == (1, True)


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ([], {"lost": 1}),
        ([row(payment()), row(payment("nobody"))], {"doubled": 2}),
        ([row(payment(), "received", "receive")], {"doubled": 2, "differing": 2}),
        ([replace(row(payment()), amount=1251)], {"differing": 2}),
        ([row(payment(), "settled", *SETTLED)], {"differing": 2}),
    ],
    ids=["absent", "a stranger", "twice a step", "another amount", "a step nobody told of"],
)
def test_a_payment_that_is_not_so_is_named_by_region(rows: list[Row], found: dict[str, int]) -> None:
    """In each of both; one that is nowhere is one sentence that names both."""
    assert flaws(book(payment()).settle(both(rows), ())) == found


def test_steps_the_network_told_of_must_be_taken_in_order() -> None:
    """Each once, and the state follows from them."""
    kept = book(payment())
    kept.told[payment().payment] = SETTLED
    assert kept.settle(both([row(payment(), "settled", *SETTLED)]), ()).is_whole
    for wrong in (row(payment()), row(payment(), "settled", *reversed(SETTLED)), row(payment(), "authorized", *SETTLED)):
        assert flaws(kept.settle(both([wrong]), ())) == {"differing": 2}


def test_what_was_set_aside_is_a_flaw() -> None:
    """Nobody works it off."""
    settled = book(payment()).settle(both([row(payment())]), ("3 events were set aside in us-east-2",))
    assert flaws(settled) == {"set aside": 1}


def test_a_session_must_be_known_in_every_region_and_be_its_customers() -> None:
    """By its hash alone."""
    kept = SessionBook()
    kept.began("shop", "token")
    held = {kept_under("token"): "shop"}
    assert kept.settle({SOURCE: held, TARGET: held}).is_whole
    assert flaws(kept.settle({SOURCE: held, TARGET: {}})) == {"lost": 1}
    assert flaws(kept.settle({SOURCE: held, TARGET: {kept_under("token"): "other"}})) == {"differing": 1}


def uploads() -> UploadBook:
    """One file in each region's bucket."""
    kept = UploadBook()
    kept.took(SOURCE, "shop", "u-1", 5)
    kept.took(TARGET, "shop", "u-2", 7)
    return kept


def test_uploads_are_copied_one_way() -> None:
    """Out of the source; what was sent to the target stays there."""
    born, grown = {"uploads/shop/u-1": 5}, {"uploads/shop/u-2": 7}
    assert uploads().settle(REGIONS, {SOURCE: born, TARGET: born | grown}).is_whole
    assert flaws(uploads().settle(REGIONS, {SOURCE: born | grown, TARGET: born | grown})) == {"copied back": 1}
    assert flaws(uploads().settle(REGIONS, {SOURCE: born, TARGET: grown})) == {"lost": 1}
    assert flaws(uploads().settle(REGIONS, {SOURCE: born, TARGET: born | {"uploads/shop/u-2": 8}})) == {"lost": 1}


def test_one_way_is_not_shown_by_a_target_nobody_sent_anything_to() -> None:
    """No file could have come back."""
    kept = UploadBook()
    kept.took(SOURCE, "shop", "u-1", 5)
    held = {"uploads/shop/u-1": 5}
    assert flaws(kept.settle(REGIONS, {SOURCE: held, TARGET: held})) == {"unproved": 1}
    assert kept.settle(REGIONS, {SOURCE: held}).is_whole


def border() -> BorderBook:
    """The target turns one country more away."""
    return BorderBook({SOURCE: {"CU"}, TARGET: {"BY", "CU"}})


def test_the_right_region_refuses_and_no_other() -> None:
    """And each kind of country was tried in both."""
    kept = border()
    told = [
        kept.answered(SOURCE, "BY", refused=False),
        kept.answered(TARGET, "BY", refused=True),
        kept.answered(SOURCE, "CU", refused=True),
        kept.answered(TARGET, "US", refused=False),
    ]
    assert all(told)
    settled = kept.settle([SOURCE, TARGET])
    assert (settled.accepted, settled.is_whole) == (2, True)


def test_who_was_let_through_or_wrongly_refused_is_named() -> None:
    """At once and in the end."""
    kept = border()
    assert not kept.answered(TARGET, "BY", refused=False)
    assert not kept.answered(SOURCE, "BY", refused=True)
    assert flaws(kept.settle([SOURCE, TARGET])) == {"missing": 1, "wrong": 1}


def test_a_border_nobody_came_to_is_not_proved() -> None:
    """Somebody from a country that one region alone blocks must have come to both."""
    kept = border()
    kept.answered(TARGET, "BY", refused=True)
    assert flaws(kept.settle([SOURCE, TARGET])) == {"unproved": 1}
    assert flaws(kept.settle([SOURCE])) == {}
