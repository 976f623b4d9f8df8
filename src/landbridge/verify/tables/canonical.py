"""One text for one item, whatever order it came in, made straight from DynamoDB's own JSON.

Equal are: attributes and set members in any order, numbers of one value however they are spelled (1.0, 1.00, 1E0).
Different are: types (1 and "1"), the order of lists, an attribute that is NULL and one that is not there, texts that
differ in one byte (no unicode normal form is applied: DynamoDB keeps what it was given).
"""

import re
from collections.abc import Callable, Iterable
from decimal import Context, Decimal
from hashlib import blake2b
from typing import Any

import orjson

plain = re.compile(r"(?!-0$)-?(0|[1-9]\d*)(\.\d*[1-9])?", re.ASCII).fullmatch
EXACT = Context(prec=64)  # DynamoDB keeps 38 digits; the default of 28 would call different numbers equal


def digest(item: dict[str, Any]) -> bytes:
    """The same 16 bytes exactly for equal items; the item is used up."""
    return blake2b(canonical(item), digest_size=16).digest()


def canonical(item: dict[str, Any]) -> bytes:
    """The item's one text; the item is used up."""
    _spell(item.values())
    return orjson.dumps(item, option=orjson.OPT_SORT_KEYS)


def number(text: str) -> str:
    """The one spelling of a number."""
    if plain(text):
        return text
    value = EXACT.normalize(Decimal(text))
    return format(value, "f") if value else "0"


def _spell(values: Iterable[dict[str, Any]]) -> None:
    for typed in values:
        for kind in typed:  # there is one
            if kind in SPELLED:
                typed[kind] = SPELLED[kind](typed[kind])


def _list(value: list[dict[str, Any]]) -> list[dict[str, Any]]:
    _spell(value)
    return value


def _map(value: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    _spell(value.values())
    return value


SPELLED: dict[str, Callable[[Any], Any]] = {
    "N": number,
    "NS": lambda value: sorted(map(number, value)),
    "SS": sorted,
    "BS": sorted,
    "M": _map,
    "L": _list,
}
