"""An order is exactly one of a few shapes, or it is refused in one sentence that names what is wrong."""

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landbridge.model.asked import ORDERS
from landbridge.model.errors import BadInput
from landbridge.workloads.trading import request
from landbridge.workloads.trading.commands import Command
from landbridge.workloads.trading.orders import order

GOOD: dict[str, Any] = {
    "watch": {"list": "tech", "symbol": "ACME.N"},
    "unwatch": {"list": "tech", "symbol": "ACME.N"},
    "alert": {"rule": "r1", "symbol": "ACME", "when": "above", "price": "101.25"},
    "unalert": {"rule": "r1"},
    "note": {"note": "n", "text": "buy \u00fc"},
    "unnote": {"note": "n"},
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)


@pytest.mark.parametrize("kind", ORDERS)
def test_every_kind_is_taken_and_spelled_canonically(kind: str) -> None:
    """The same text whatever order its fields were sent in."""
    asked = {"kind": kind, **GOOD[kind]}
    assert order(asked) == order(dict(reversed(asked.items())))
    assert json.loads(order(asked)) == asked


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ([], "order: "),
        ({"kind": "sell"}, "order.kind: "),
        ({"kind": ["watch"]}, "order.kind: "),
        ({"kind": "watch", "list": "a"}, "order of kind watch: "),
        ({"kind": "unnote", "note": "n", "more": 1}, "order of kind unnote: "),
        ({**GOOD["watch"], "kind": "watch", "symbol": "acme"}, "order.symbol: "),
        ({**GOOD["watch"], "kind": "watch", "list": ""}, "order.list: "),
        ({**GOOD["alert"], "kind": "alert", "when": "near"}, "order.when: "),
        ({**GOOD["alert"], "kind": "alert", "when": ["above"]}, "order.when: "),
        ({**GOOD["alert"], "kind": "alert", "price": "1e3"}, "order.price: "),
        ({**GOOD["alert"], "kind": "alert", "price": "\u0661"}, "order.price: "),
        ({**GOOD["alert"], "kind": "alert", "price": 5}, "order.price: "),
        ({**GOOD["note"], "kind": "note", "text": "a\0b"}, "order.text: "),
        ({**GOOD["note"], "kind": "note", "text": "\ud800"}, "order.text: "),
        ({**GOOD["note"], "kind": "note", "text": "\u00e4" * 2049}, "order.text: "),
    ],
)
def test_what_is_no_order_is_refused_by_name(asked: object, names: str) -> None:
    """What is wrong stands first, the fix last."""
    with pytest.raises(BadInput) as refused:
        order(asked)
    assert str(refused.value).startswith(names)


@given(asked=JSON)
def test_anything_else_is_refused_and_never_raises_otherwise(asked: object) -> None:
    """A thousand shapes of JSON: text or a refusal."""
    with contextlib.suppress(BadInput):
        assert isinstance(order(asked), str)


def _event(number: str, body: Any, user: str = "ada") -> dict[str, Any]:
    return {"pathParameters": {"user": user, "number": number}, "headers": {}, "body": json.dumps(body)}


def test_a_command_is_read_exactly() -> None:
    """Its user, its number, its key and the canonical order."""
    asked = {"kind": "unnote", "note": "n"}
    assert request.command(_event("7", {"key": "k", "order": asked})) == Command("ada", 7, "k", order(asked))


@pytest.mark.parametrize("number", ["", "0", "-1", "1.0", "x", "\u0661", "1" * 10])
def test_commands_are_numbered_from_one(number: str) -> None:
    """Anything else is refused."""
    with pytest.raises(BadInput, match="number"):
        request.command(_event(number, {"key": "k", "order": {"kind": "unnote", "note": "n"}}))


def test_users_of_ours_order_nothing_from_outside() -> None:
    """Canaries come with the mark of a probe alone."""
    with pytest.raises(BadInput, match="reserved"):
        request.command(_event("1", {"key": "k", "order": {"kind": "unnote", "note": "n"}}, user="~canary"))
