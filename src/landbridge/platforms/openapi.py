"""The dashboard API as an OpenAPI document, made from the same routes and limits as the template and the handlers."""

import json
import re
from pathlib import Path
from typing import Any

from landbridge.model.asked import BEGINS, LAST, MOST, NAME, NUMBER_DIGITS, SYMBOL, USUAL
from landbridge.model.routes import ROUTES, Route
from landbridge.model.state import RESERVED
from landbridge.model.wire import NOT_HOLDER, REGION_HEADER, SEEN_HEADER
from landbridge.platforms.openapi_schemas import SCHEMAS, whole

Json = dict[str, Any]
TEXT = """\
State, commands and the market of the trading platform, answered by whichever region is asked. How versions, numbers and
ids work, and what to do on each answer: docs/api.md.
"""
SAYS = {
    "/health": "Whether this region answers and reads its tables; needs no sign-in",
    "/state/{user}/{view}": "What a user keeps on a view of the dashboard",
    "/commands/{user}": "How many commands of a user are accepted, and the number of the next",
    "/commands/{user}/{number}": "One command of a user",
    "/snapshot": "The newest trade of each symbol and feed",
    "/search": "Which symbols there are",
    "/series/{symbol}": "A symbol's newest trades, by time",
    "/signals/{symbol}": "A symbol's newest signals, by time",
}
ANSWERS = {
    ("GET", "/health"): "Health",
    ("GET", "/state/{user}/{view}"): "State",
    ("PUT", "/state/{user}/{view}"): "StateAccepted",
    ("GET", "/commands/{user}"): "Head",
    ("GET", "/commands/{user}/{number}"): "Command",
    ("PUT", "/commands/{user}/{number}"): "CommandAccepted",
    ("GET", "/snapshot"): "Trades",
    ("GET", "/search"): "Symbols",
    ("GET", "/series/{symbol}"): "Trades",
    ("GET", "/signals/{symbol}"): "Signals",
}
WRITES = {  # by path: what is sent, what 409 tells, and what the conflict is
    "/state/{user}/{view}": ("StateWrite", "StateConflict", "A newer version stands, or this one under another write id"),
    "/commands/{user}/{number}": ("CommandWrite", "CommandConflict", "This user's next command has another number"),
}
BEHIND = "Could not be read, or is unhealthy: ask again after the seconds of Retry-After"
UNSETTLED = "Not settled in time, the pen may be moving: send the same write again under the same id, after Retry-After"
THEIRS = "The user of the path is not the one who signed in, nor is that an operator"
FORWARDED = "Told to the other region alone, of a request it forwarded: this region's pen is closed"
NOT_OURS = f"(?!{RESERVED})"  # users that begin so are ours
PARTS = {
    "user": {"type": "string", "pattern": f"^{NAME}$"},
    "view": {"type": "string", "pattern": f"^{NAME}$"},
    "symbol": {"type": "string", "pattern": f"^{SYMBOL}$"},
    "number": whole(1, 10**NUMBER_DIGITS - 1),
}
SEEN = {
    "name": SEEN_HEADER,
    "in": "header",
    "description": "The newest version or number this reader has shown; the answer is not older, or says `behind`",
    "schema": whole(0, 2**53),
}


def document() -> Json:
    """All of it, as plain data."""
    paths: dict[str, Json] = {}
    for route in ROUTES:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route)
    info = {"title": "Dashboard API", "version": "1", "description": TEXT}
    return {"openapi": "3.1.0", "info": info, "paths": paths, "components": {"schemas": SCHEMAS}}


def write(path: Path) -> Path:
    """Writes the document; the same bytes on every run."""
    path.write_text(json.dumps(document(), indent=1) + "\n", encoding="utf-8")
    return path


def _operation(route: Route) -> Json:
    described = f"{'Change' if route.function == 'Write' else 'Read'}: {SAYS[route.path]}"
    operation: Json = {"operationId": route.name, "summary": described, "parameters": _parameters(route)}
    if route.function == "Write":
        operation["requestBody"] = {"required": True, "content": _content(WRITES[route.path][0])}
    return {**operation, "responses": _responses(route)}


def _parameters(route: Route) -> list[Json]:
    parts = re.findall(r"{(\w+)}", route.path)
    found: list[Json] = [{"name": part, "in": "path", "required": True, "schema": _part(part, route)} for part in parts]
    if route.path in {"/snapshot", "/search"}:
        found.append(_query("begins", "How the symbols begin", {"type": "string", "pattern": f"^{BEGINS}$", "default": ""}))
    elif parts == ["symbol"]:
        for name, what, unasked in (("since", "first", 0), ("until", "last", LAST)):
            moment = {**whole(0, LAST), "default": unasked}
            found.append(_query(name, f"The {what} moment that counts, in milliseconds since 1970", moment))
        found.append(_query("most", "How many of the newest", {**whole(1, MOST), "default": USUAL}))
    elif parts and route.function == "Read":
        found.append(SEEN)
    return found


def _part(part: str, route: Route) -> Json:
    if part == "user" and route.function == "Write":
        return {"type": "string", "pattern": f"^{NOT_OURS}{NAME}$"}
    return PARTS[part]


def _query(name: str, what: str, schema: Json) -> Json:
    return {
        "name": name,
        "in": "query",
        "description": f"{what}, whole numbers as digits" if "minimum" in schema else what,
        "schema": schema,
    }


def _responses(route: Route) -> Json:
    answers = {"200": _answer("Answered", ANSWERS[route.method, route.path])}
    if route.path != "/health":
        answers["400"] = _answer("What was sent can't be used; `error` names the field and the fix", "Refused")
    if "{user}" in route.path:
        answers["403"] = _answer(THEIRS, "Refused")
    if route.function == "Write":
        _, conflict, what = WRITES[route.path]
        answers["409"] = _answer(what, conflict)
        answers[str(NOT_HOLDER)] = _answer(FORWARDED, "Refused")
        return {**answers, "503": _answer(UNSETTLED, "Refused", later=True)}
    if route.path in {"/state/{user}/{view}", "/commands/{user}/{number}"}:
        answers["404"] = _answer("There is none here", "NotFound")
    failed = "Health" if route.path == "/health" else "Refused"
    return {**answers, "503": _answer(BEHIND, failed, later=route.path != "/health")}


def _answer(what: str, schema: str, *, later: bool = False) -> Json:
    headers: Json = {REGION_HEADER: {"description": "The region that answered", "schema": {"type": "string"}, "required": True}}
    if later:
        headers["retry-after"] = {"description": "Seconds to wait", "schema": {"type": "string"}, "required": True}
    return {"description": what, "headers": headers, "content": _content(schema)}


def _content(schema: str) -> Json:
    return {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}
