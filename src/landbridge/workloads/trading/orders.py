"""What a command may order: watch-lists, alert rules, notes; each checked at the door, because its effect must not fail.

What is accepted is kept as canonical text: the same order has the same digest wherever it is read.
"""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from landbridge.model.asked import NAME, NOTE_BYTES, ORDERS, PRICE, SIDES, SYMBOL
from landbridge.model.errors import BadInput


def _matches(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern)
    return lambda text: compiled.fullmatch(text) is not None


def _is_note(text: str) -> bool:
    """PostgreSQL's text holds no NUL, and half of a surrogate pair has no UTF-8."""
    try:
        return "\0" not in text and len(text.encode()) <= NOTE_BYTES
    except UnicodeEncodeError:
        return False


CHECKS: Mapping[str, tuple[Callable[[str], bool], str]] = {
    "list": (_matches(NAME), "1 to 64 of A-Z a-z 0-9 _ . ~ -"),
    "rule": (_matches(NAME), "1 to 64 of A-Z a-z 0-9 _ . ~ -"),
    "note": (_matches(NAME), "1 to 64 of A-Z a-z 0-9 _ . ~ -"),
    "symbol": (_matches(SYMBOL), "1 to 16 of A-Z 0-9 . -"),
    "when": (SIDES.__contains__, '"above" or "below"'),
    "price": (_matches(PRICE), 'a price as text, like "101.25", with at most 6 decimals'),
    "text": (_is_note, "text of at most 4 KB in UTF-8 without NUL"),
}


def order(asked: object) -> str:
    """The canonical text of an order; whatever is not exactly one is refused in one sentence."""
    if not isinstance(asked, dict):
        raise BadInput("order", "is not a JSON object", 'send {"kind": "watch", "list": "...", "symbol": "..."}')
    kind = asked.get("kind")
    fields = ORDERS.get(kind) if isinstance(kind, str) else None
    if fields is None:
        raise BadInput("order.kind", "is not known", f"send one of {', '.join(ORDERS)}")
    if set(asked) != {"kind", *fields}:
        raise BadInput(f"order of kind {kind}", "has other fields than it should", f"send exactly kind, {', '.join(fields)}")
    for field in fields:
        _check(field, asked[field])
    return json.dumps(asked, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def _check(field: str, value: Any) -> None:
    fits, spelled = CHECKS[field]
    if not isinstance(value, str) or not fits(value):
        raise BadInput(f"order.{field}", "can't be used", f"send {spelled}")
