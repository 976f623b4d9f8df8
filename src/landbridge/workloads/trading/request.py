"""An API Gateway proxy event, read and checked at the door; what can't be used is refused in one clear sentence."""

import base64
import json
import re
from collections.abc import Mapping
from typing import Any

from landbridge.model.asked import ID, NAME, NEWEST, NUMBER_DIGITS, SYMBOL, VALUE_BYTES
from landbridge.model.errors import BadInput
from landbridge.model.state import RESERVED, is_reserved
from landbridge.model.wire import HOP_HEADER, PROBE_HEADER, SEEN_HEADER
from landbridge.workloads.trading.commands import Command
from landbridge.workloads.trading.orders import order
from landbridge.workloads.trading.state import Write

STATE_BODY = '{"version": 1, "write_id": "...", "value": "..."}'
COMMAND_BODY = '{"key": "...", "order": {"kind": "watch", "list": "...", "symbol": "..."}}'

Event = Mapping[str, Any]


def key(event: Event) -> tuple[str, str]:
    """User and view of the path."""
    parts = event.get("pathParameters") or {}
    return _name(parts, "user"), _name(parts, "view")


def write(event: Event) -> Write:
    """The write a PUT asks for."""
    user, view = key(event)
    _refuse_ours(user, event)
    body = _body(event, STATE_BODY)
    return Write(user, view, _version(body.get("version")), _id(body, "write_id"), _value(body), _deleted(body))


def user(event: Event) -> str:
    """The user of the path."""
    return _name(event.get("pathParameters") or {}, "user")


def numbered(event: Event) -> tuple[str, int]:
    """User and number of the path."""
    return user(event), _number(str((event.get("pathParameters") or {}).get("number") or ""))


def command(event: Event) -> Command:
    """The command a PUT asks for."""
    who, number = numbered(event)
    _refuse_ours(who, event)
    body = _body(event, COMMAND_BODY)
    return Command(who, number, _id(body, "key"), order(body.get("order")))


def symbol(event: Event) -> str:
    """The symbol of the path."""
    text = str((event.get("pathParameters") or {}).get("symbol") or "")
    if not re.fullmatch(SYMBOL, text):
        raise BadInput("symbol", "can't be used", "use 1 to 16 of A-Z 0-9 . -")
    return text


def hopped(event: Event) -> bool:
    """Whether the other region already forwarded this request."""
    return header(event, HOP_HEADER) is not None


def seen(event: Event) -> int:
    """The newest version this reader has shown of the view; 0 when it has shown none."""
    text = header(event, SEEN_HEADER)
    if text is None:
        return 0
    if not (text.isascii() and text.isdigit() and int(text[:17]) <= NEWEST and len(text) <= 16):
        raise BadInput(SEEN_HEADER, "is not a version", "send the newest version this reader has shown, or leave it out")
    return int(text)


def header(event: Event, name: str) -> str | None:
    """The header of that name, in whatever case it came; None = it did not come."""
    headers = event.get("headers")
    found = headers.items() if isinstance(headers, Mapping) else ()
    return next((str(value) for each, value in found if each.lower() == name), None)


def _name(parts: Mapping[str, Any], which: str) -> str:
    name = str(parts.get(which) or "")
    if not re.fullmatch(NAME, name):
        raise BadInput(which, "can't be used", "use 1 to 64 of A-Z a-z 0-9 _ . ~ -")
    return name


def _refuse_ours(user: str, event: Event) -> None:
    if is_reserved(user) and not (hopped(event) or header(event, PROBE_HEADER)):
        raise BadInput("user", "is reserved", f"name a user that does not begin with {RESERVED}")


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= NUMBER_DIGITS and int(text) >= 1):
        raise BadInput("number", "can't be used", "number a user's commands 1, 2, 3 and so on")
    return int(text)


def _body(event: Event, like: str) -> Mapping[str, Any]:
    text = event.get("body") or ""
    try:
        body = json.loads(base64.b64decode(text) if event.get("isBase64Encoded") else text)
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise BadInput("body", "is not a JSON object", f"send {like}")
    return body


def _version(version: object) -> int:
    if type(version) is not int or not 1 <= version <= NEWEST:
        raise BadInput("version", "can't be used", "send a whole number from 1 to 9007199254740992")
    return version


def _id(body: Mapping[str, Any], name: str) -> str:
    told = body.get(name)
    if not isinstance(told, str) or not re.fullmatch(ID, told):
        raise BadInput(name, "can't be used", "send 1 to 64 printable ASCII characters without spaces")
    return told


def _value(body: Mapping[str, Any]) -> str:
    value = body.get("value")
    if not isinstance(value, str) or not _fits(value):
        raise BadInput("value", "can't be used", "send text of at most 32 KB in UTF-8")
    return value


def _fits(value: str) -> bool:
    try:
        return len(value.encode()) <= VALUE_BYTES
    except UnicodeEncodeError:  # half of a surrogate pair: JSON can spell it, UTF-8 can't
        return False


def _deleted(body: Mapping[str, Any]) -> bool:
    deleted = body.get("deleted", False)
    if not isinstance(deleted, bool):
        raise BadInput("deleted", "can't be used", "send true or false, or leave it out")
    return deleted
