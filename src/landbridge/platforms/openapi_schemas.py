"""What the dashboard API takes and tells, as JSON Schema."""

from typing import Any

from landbridge.model.asked import ID, NAME, NEWEST, NOTE_BYTES, NUMBER_DIGITS, ORDERS, PRICE, SIDES, SYMBOL, VALUE_BYTES

Json = dict[str, Any]
TEXT, FLAG = {"type": "string"}, {"type": "boolean"}


def whole(least: int, most: int) -> Json:
    """A whole number between two, both among them."""
    return {"type": "integer", "minimum": least, "maximum": most}


def of(fields: Json, *others: str, closed: bool = False) -> Json:
    """An object of these fields; `others` are those of them that may be missing."""
    required = [name for name in fields if name not in others]
    return {"type": "object", "properties": fields, "required": required, **({"additionalProperties": False} if closed else {})}


def _like(pattern: str) -> Json:
    return {"type": "string", "pattern": f"^{pattern}$"}


COUNT, NUMBER = {"type": "integer", "minimum": 0}, whole(1, 10**NUMBER_DIGITS - 1)
MAYBE = {"type": ["integer", "null"]}
VALUE = {"type": "string", "maxLength": VALUE_BYTES, "description": f"At most {VALUE_BYTES} bytes in UTF-8"}
NOTE = {
    "type": "string",
    "maxLength": NOTE_BYTES,
    "pattern": "^[^\\u0000]*$",
    "description": f"At most {NOTE_BYTES} bytes in UTF-8, without NUL",
}
FIELDS: dict[str, Json] = {
    "list": _like(NAME),
    "rule": _like(NAME),
    "note": _like(NAME),
    "symbol": _like(SYMBOL),
    "when": {"enum": list(SIDES)},
    "price": _like(PRICE),
    "text": NOTE,
}
STATE = {
    "user": TEXT,
    "view": TEXT,
    "version": whole(1, NEWEST),
    "write_id": TEXT,
    "epoch": COUNT,
    "value": TEXT,
    "deleted": FLAG,
}
HERE = {"region": TEXT}
COMMAND = {"user": TEXT, "number": NUMBER, "key": TEXT, "epoch": COUNT}
TRADE = {"feed": TEXT, "symbol": TEXT, "price": TEXT, "sequence": COUNT, "volume": COUNT, "at": COUNT, "epoch": COUNT}
SIGNAL = {
    "start": COUNT,
    "symbol": TEXT,
    "trades": COUNT,
    "volume": COUNT,
    "vwap": COUNT,
    "fast": MAYBE,
    "slow": MAYBE,
    "crossing": {"enum": [-1, 0, 1]},
    "volatility": MAYBE,
    "spike": FLAG,
}
BEHIND = {"behind": {"const": True, "description": "Older than what this reader has shown, and nothing newer is within reach"}}
ERROR = {"error": TEXT}
ONE_ORDER = {
    "oneOf": [
        of({"kind": {"const": kind}, **{name: FIELDS[name] for name in fields}}, closed=True) for kind, fields in ORDERS.items()
    ]
}
WRITE = {"version": whole(1, NEWEST), "write_id": _like(ID), "value": VALUE, "deleted": {**FLAG, "default": False}}
SCHEMAS: dict[str, Json] = {
    "Health": of({"region": TEXT, "now": {"type": "number"}, "table": TEXT}),
    "State": of({**STATE, **HERE, **BEHIND}, "behind"),
    "StateWrite": of(WRITE, "deleted"),
    "StateAccepted": of({"version": whole(1, NEWEST), "write_id": TEXT, "epoch": COUNT, **HERE}),
    "StateConflict": of({**ERROR, "current": of(STATE)}),
    "Head": of({"user": TEXT, "number": COUNT, "next": NUMBER, "epoch": COUNT, **HERE, **BEHIND}, "behind"),
    "Command": of({**COMMAND, "body": TEXT, **HERE, **BEHIND}, "behind"),
    "CommandWrite": of({"key": _like(ID), "order": ONE_ORDER}),
    "CommandAccepted": of({**COMMAND, **HERE}),
    "CommandConflict": of({**ERROR, "expected": NUMBER}),
    "Trades": of({"trades": {"type": "array", "items": of(TRADE)}, **HERE}),
    "Symbols": of({"symbols": {"type": "array", "items": TEXT}, **HERE}),
    "Signals": of({"signals": {"type": "array", "items": of(SIGNAL)}, **HERE}),
    "Refused": of(ERROR),
    "NotFound": of({**ERROR, **BEHIND}, "behind"),
}
