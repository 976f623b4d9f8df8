"""An event is read as it was written; what is not one is refused by its field, and its value is not repeated."""

import json
from typing import Any

import pytest

from landbridge.model.errors import BadInput
from landbridge.workloads.payments.event import Event, event
from landbridge.workloads.payments.payment import Payment, payment_id
from landbridge.workloads.payments.states import Kind

ASKED = Payment(payment_id("shop", "key-1"), "shop", 1250, "USD", "tok_4fK2hQ81xZ", "4242")
FIRST: dict[str, Any] = json.loads(Event.first(ASKED).text())
CARD = "4242424242424242"


@pytest.mark.parametrize("made", [Event.first(ASKED), *(Event(ASKED.payment, kind, reference="r-1") for kind in list(Kind)[1:])])
def test_an_event_is_read_as_it_was_written(made: Event) -> None:
    """Whatever its kind."""
    assert event(made.text()) == made


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"amount": 12.5}, "amount"),
        ({"amount": 12.0}, "amount"),
        ({"amount": True}, "amount"),
        ({"amount": "1250"}, "amount"),
        ({"amount": 0}, "amount"),
        ({"amount": 10**12}, "amount"),
        ({"currency": "XXX"}, "currency"),
        ({"token": CARD}, "token"),
        ({"token": f"tok_{CARD}"}, "token"),
        ({"last_four": CARD}, "last_four"),
        ({"last_four": "٤٢٤٢"}, "last_four"),
        ({"number": CARD}, "body"),
        ({"reference": "r-1"}, "body"),
        ({"kind": "pay"}, "kind"),
        ({"kind": "settle"}, "body"),
        ({"payment": "p-1"}, "payment"),
        ({"customer": "a\n"}, "customer"),
    ],
)
def test_what_can_not_be_used_is_refused_by_its_field(changed: dict[str, Any], named: str) -> None:
    """And the sentence holds nothing of it."""
    with pytest.raises(BadInput) as refused:
        event(json.dumps({**FIRST, **changed}))
    assert refused.value.where == named
    assert CARD not in str(refused.value)


@pytest.mark.parametrize("text", ["", "[]", "null", "{", '{"amount": NaN', "[" * 100_000, "\ud800"])
def test_what_is_no_object_is_refused(text: str) -> None:
    """However deep it goes."""
    with pytest.raises(BadInput):
        event(text)


def test_a_key_means_one_payment_a_customer() -> None:
    """In whichever region, and never another customer's."""
    assert payment_id("shop", "key-1") == ASKED.payment
    assert len({payment_id("shop", "key-1"), payment_id("shop", "key-2"), payment_id("sho", "pkey-1")}) == 3


def test_a_payment_that_is_printed_keeps_its_token_to_itself() -> None:
    """In a debugger's output, say."""
    assert ASKED.token not in repr(Event.first(ASKED))
