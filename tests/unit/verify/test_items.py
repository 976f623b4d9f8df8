"""One text for one item, whatever order it came in; another text for any other item."""

import base64
from collections.abc import Callable
from copy import deepcopy
from decimal import Context, Decimal
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landbridge.verify.tables.canonical import canonical, number

SAME: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"a": {"S": "x"}, "b": {"N": "1"}}, {"b": {"N": "1"}, "a": {"S": "x"}}),
    ({"a": {"SS": ["x", "y"]}}, {"a": {"SS": ["y", "x"]}}),
    ({"a": {"NS": ["1", "2.0"]}}, {"a": {"NS": ["2", "1.00"]}}),
    ({"a": {"BS": ["eA==", "eQ=="]}}, {"a": {"BS": ["eQ==", "eA=="]}}),
    ({"a": {"M": {"x": {"N": "1"}, "y": {"SS": ["1", "2"]}}}}, {"a": {"M": {"y": {"SS": ["2", "1"]}, "x": {"N": "1"}}}}),
    ({"a": {"N": "1.0"}}, {"a": {"N": "1.00"}}),
    ({"a": {"N": "100"}}, {"a": {"N": "1E2"}}),
    ({"a": {"N": "-0"}}, {"a": {"N": "0.00"}}),
    ({"a": {"L": [{"N": "+7"}]}}, {"a": {"L": [{"N": "07"}]}}),
]
OTHER: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"a": {"S": "x"}}, {"a": {"S": "y"}}),
    ({"a": {"S": "1"}}, {"a": {"N": "1"}}),
    ({"a": {"S": "1.0"}}, {"a": {"S": "1.00"}}),
    ({"a": {"N": "1." + "0" * 35 + "1"}}, {"a": {"N": "1"}}),
    ({"a": {"N": "1." + "0" * 34 + "10"}}, {"a": {"N": "1"}}),
    ({"a": {"N": "5"}}, {"a": {"N": "-5"}}),
    ({"a": {"L": [{"S": "x"}, {"S": "y"}]}}, {"a": {"L": [{"S": "y"}, {"S": "x"}]}}),
    ({"a": {"B": "eA=="}}, {"a": {"B": "eQ=="}}),
    ({"a": {"B": "eA=="}}, {"a": {"S": "eA=="}}),
    ({"SS": {"S": "x"}}, {"SS": {"S": "y"}}),
    ({"a": {"M": {"NS": {"S": "x"}}}}, {"a": {"M": {"NS": {"S": "y"}}}}),
    ({"a": {"NULL": True}}, {"a": {"BOOL": True}}),
    ({"a": {"NULL": True}}, {"a": {"S": ""}}),
    ({"a": {"NULL": True}}, {}),
    ({"a": {"S": "\u00e9"}}, {"a": {"S": "e\u0301"}}),
    ({"a": {"S": "2026-03-29T02:30:00Z"}}, {"a": {"S": "2026-03-29T02:30:00+00:00"}}),
]

texts = st.text(st.characters(codec="utf-8"), max_size=8)
blobs = st.binary(min_size=1, max_size=6).map(lambda data: base64.b64encode(data).decode())
numbers = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**20), max_value=10**20, places=4).map(str)
leaves = st.one_of(
    texts.map(lambda value: {"S": value}),
    numbers.map(lambda value: {"N": value}),
    blobs.map(lambda value: {"B": value}),
    st.booleans().map(lambda value: {"BOOL": value}),
    st.just({"NULL": True}),
    st.lists(texts, min_size=1, unique=True).map(lambda value: {"SS": value}),
    st.lists(numbers, min_size=1, unique_by=Decimal).map(lambda value: {"NS": value}),
    st.lists(blobs, min_size=1, unique=True).map(lambda value: {"BS": value}),
)
values = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda value: {"L": value}),
        st.dictionaries(texts, inner, max_size=3).map(lambda value: {"M": value}),
    ),
    max_leaves=6,
)
items = st.dictionaries(texts, values, min_size=1, max_size=5)


def text(item: dict[str, Any]) -> bytes:
    """As a comparison sees it; the item stays as it was."""
    return canonical(deepcopy(item))


@pytest.mark.parametrize(("one", "other"), SAME)
def test_order_and_spelling_without_meaning_are_left_out(one: dict[str, Any], other: dict[str, Any]) -> None:
    """Of attributes, inside sets, and of numbers."""
    assert text(one) == text(other)


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_whatever_has_meaning_is_kept(one: dict[str, Any], other: dict[str, Any]) -> None:
    """Values, types, the order of lists, normal forms, and attributes that are named like a type."""
    assert text(one) != text(other)


def respelled(typed: Any, chance: Random) -> Any:
    """The same value as another writer may have sent it."""
    ((kind, value),) = typed.items()
    again: dict[str, Callable[[], Any]] = {
        "N": lambda: spelled(value, chance),
        "NS": lambda: [spelled(each, chance) for each in chance.sample(value, len(value))],
        "SS": lambda: chance.sample(value, len(value)),
        "BS": lambda: chance.sample(value, len(value)),
        "L": lambda: [respelled(each, chance) for each in value],
        "M": lambda: {name: respelled(value[name], chance) for name in chance.sample(list(value), len(value))},
    }
    return {kind: again[kind]() if kind in again else value}


def spelled(value: str, chance: Random) -> str:
    """One of a number's many spellings."""
    exact = Context(prec=64)
    return chance.choice([value, f"{Decimal(value):E}", str(exact.normalize(Decimal(value))), f"{Decimal(value):.9f}"])


@given(items, st.integers())
@settings(max_examples=150, deadline=None)
def test_any_item_sent_otherwise_is_the_same(item: dict[str, Any], seed: int) -> None:
    """However deep its maps, sets and numbers lie."""
    other = respelled({"M": item}, Random(seed))["M"]
    assert text(item) == text(other)


@given(numbers, numbers)
@settings(max_examples=150, deadline=None)
def test_numbers_are_the_same_exactly_when_their_values_are(one: str, other: str) -> None:
    """Whatever they are."""
    assert (number(one) == number(other)) == (Decimal(one) == Decimal(other))
    assert (text({"a": {"N": one}}) == text({"a": {"N": other}})) == (Decimal(one) == Decimal(other))
