"""What the payments service takes and tells, as JSON Schema, from the very limits that are checked."""

from typing import Any

from landbridge.workloads.payments.api.desk import KINDS, MOST_BYTES, UPLOAD
from landbridge.workloads.payments.payment import CURRENCIES, CUSTOMER, LAST_FOUR, MOST, PAYMENT, TOKEN
from landbridge.workloads.payments.states import State

Json = dict[str, Any]
TEXT: Json = {"type": "string"}


def like(pattern: str) -> Json:
    """Text of a form."""
    return {"type": "string", "pattern": f"^{pattern}$"}


def of(fields: Json) -> Json:
    """An object of these fields, and of no others."""
    return {"type": "object", "properties": fields, "required": list(fields), "additionalProperties": False}


def _whole(most: int, what: str) -> Json:
    return {"type": "integer", "minimum": 1, "maximum": most, "description": what}


CARD: Json = {
    "amount": _whole(MOST, "In minor units of the currency: 1250 is 12.50 USD, and 1250 JPY"),
    "currency": {"enum": list(CURRENCIES)},
    "last_four": like(LAST_FOUR),
}
SECONDS = _whole(86400, "For how long the address is good")
PAID: Json = {"payment": like(PAYMENT), "state": {"enum": [str(state) for state in State]}, **CARD}
EXPIRES: Json = {"expires": {"type": "integer", "description": "Seconds since 1970"}}
HEADERS: Json = {"type": "object", "additionalProperties": TEXT, "description": "Headers the file must be sent with, by PUT"}
SCHEMAS: Json = {
    "Health": of({"region": TEXT, "now": {"type": "number", "description": "Seconds since 1970"}}),
    "Document": {"type": "object", "required": ["openapi", "paths"]},
    "Session": of({"session": TEXT, "customer": like(CUSTOMER), **EXPIRES}),
    "SessionSeen": of({"customer": like(CUSTOMER), **EXPIRES}),
    "PaymentAsked": of({**CARD, "token": {**like(TOKEN), "description": "The card's token, never its number"}}),
    "PaymentAccepted": of({**PAID, "state": {"const": str(State.RECEIVED)}}),
    "Payment": of(PAID),
    "UploadAsked": of({"type": {"enum": list(KINDS)}, "bytes": _whole(MOST_BYTES, "The file's size")}),
    "UploadGranted": of({"upload": like(UPLOAD), "put": of({"url": TEXT, "headers": HEADERS, "seconds": SECONDS})}),
    "Upload": of({"upload": like(UPLOAD), "type": TEXT, "bytes": {"type": "integer"}, "url": TEXT, "seconds": SECONDS}),
    "Refused": of({"error": {"type": "string", "description": "What is wrong, where, and what to do"}}),
}
