"""One text for one item, whatever order it came in; another text for any other item."""

from typing import Any

import pytest

from landbridge.verify.global_table import canonical

SAME: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"a": {"S": "x"}, "b": {"N": "1"}}, {"b": {"N": "1"}, "a": {"S": "x"}}),
    ({"a": {"SS": ["x", "y"]}}, {"a": {"SS": ["y", "x"]}}),
    ({"a": {"NS": ["1", "2"]}}, {"a": {"NS": ["2", "1"]}}),
    ({"a": {"BS": [b"x", b"y"]}}, {"a": {"BS": [b"y", b"x"]}}),
    ({"a": {"M": {"x": {"N": "1"}, "y": {"SS": ["1", "2"]}}}}, {"a": {"M": {"y": {"SS": ["2", "1"]}, "x": {"N": "1"}}}}),
]
OTHER: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"a": {"S": "x"}}, {"a": {"S": "y"}}),
    ({"a": {"S": "1"}}, {"a": {"N": "1"}}),
    ({"a": {"L": [{"S": "x"}, {"S": "y"}]}}, {"a": {"L": [{"S": "y"}, {"S": "x"}]}}),
    ({"a": {"B": b"x"}}, {"a": {"B": b"y"}}),
    ({"SS": {"S": "x"}}, {"SS": {"S": "y"}}),
    ({"a": {"M": {"NS": {"S": "x"}}}}, {"a": {"M": {"NS": {"S": "y"}}}}),
    ({"a": {"NULL": True}}, {"a": {"BOOL": True}}),
    ({"a": {"S": "x"}}, {}),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_order_without_meaning_is_left_out(one: dict[str, Any], other: dict[str, Any]) -> None:
    """Of attributes, and inside sets."""
    assert canonical(one) == canonical(other)


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_whatever_has_meaning_is_kept(one: dict[str, Any], other: dict[str, Any]) -> None:
    """Values, types, the order of lists, and attributes that are named like a type."""
    assert canonical(one) != canonical(other)
