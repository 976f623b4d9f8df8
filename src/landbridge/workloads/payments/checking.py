"""Fields of JSON, read and checked; what can't be used is refused by its name and the fix, and its value is never repeated."""

import json
import re
from collections.abc import Collection, Mapping
from typing import Any

from landbridge.model.errors import BadInput

Fields = Mapping[str, Any]


def fields(text: str | bytes) -> Fields:
    """The object a text holds."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise BadInput("body", "is not a JSON object", "send an object")
    return found


def only(found: Fields, names: Collection[str]) -> Fields:
    """The same, when it has no other fields than these: what we don't know must not lie in a queue."""
    if set(found) - set(names):
        raise BadInput("body", "has a field that is not known", f"send {', '.join(names)} and nothing else")
    return found


def word(found: Fields, name: str, pattern: str, fix: str) -> str:
    """Text of a form."""
    told = found.get(name)
    if not isinstance(told, str) or not re.fullmatch(pattern, told):
        raise BadInput(name, "can't be used", fix)
    return told


def whole(found: Fields, name: str, most: int, fix: str) -> int:
    """A whole number from 1; 1.0 is none, for money is never a float."""
    told = found.get(name)
    if type(told) is not int or not 1 <= told <= most:
        raise BadInput(name, "can't be used", fix)
    return told


def one_of(found: Fields, name: str, known: Collection[str]) -> str:
    """One of the words there are."""
    told = found.get(name)
    if not isinstance(told, str) or told not in known:
        raise BadInput(name, "can't be used", f"send one of {', '.join(known)}")
    return told
