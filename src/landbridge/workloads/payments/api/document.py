"""The payments service as an OpenAPI document, made from its routes and the limits it checks.

`python -m landbridge.workloads.payments.api.document FILE` writes it; the service itself tells it at /openapi.json.
"""

import functools
import json
import re
import sys
from pathlib import Path
from typing import Any

from landbridge.model.wire import REGION_HEADER
from landbridge.workloads.payments.api.routes import ROUTES, Route
from landbridge.workloads.payments.api.schemas import SCHEMAS, like
from landbridge.workloads.payments.payment import KEY

Json = dict[str, Any]
TEXT = (
    "Payments, sessions and uploads, answered by whichever region is asked. What to do on each answer: docs/payments-service.md."
)
TOLD = {
    400: "What was sent can't be used: `error` names the field and the fix",
    401: "There is no such session, or nobody was named: begin one, or sign in",
    404: "There is none of this id for this customer",
    409: "Another payment was asked for under this key",
    413: "More was sent than anybody has to send",
    415: "What was sent is not JSON",
    503: "Not settled in time: send the same again, after the seconds of Retry-After",
}
HEADERS: dict[int, str] = {202: "location", 401: "www-authenticate", 503: "retry-after"}
KEYED = {"name": "idempotency-key", "in": "header", "required": True, "schema": like(KEY)}
BY = {
    "session": {"type": "http", "scheme": "bearer", "description": "What POST /session told"},
    "identity": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT", "description": "Of who signs customers in"},
}


@functools.cache
def document() -> Json:
    """All of it, as plain data."""
    paths: dict[str, Json] = {}
    for route in ROUTES:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route)
    info = {"title": "Payments service", "version": "1", "description": TEXT}
    components = {"schemas": SCHEMAS, "securitySchemes": BY}
    return {"openapi": "3.1.0", "info": info, "paths": paths, "components": components}


def written() -> str:
    """The document as it is committed; the same on every run."""
    return json.dumps(document(), indent=1) + "\n"


def _operation(route: Route) -> Json:
    parts: list[Json] = [
        {"name": part, "in": "path", "required": True, "schema": _part(part)} for part in re.findall(r"{(\w+)}", route.path)
    ]
    told: Json = {"operationId": route.name, "summary": route.says, "parameters": [*parts, *([KEYED] if route.keyed else [])]}
    if route.takes:
        told["requestBody"] = {"required": True, "content": _content(route.takes)}
    if not route.open:
        told["security"] = [{"identity" if route.signed else "session": []}]
    answers = {route.status: _answer("Done", route.tells, route.status)}
    answers |= {status: _answer(TOLD[status], "Refused", status) for status in route.no}
    return {**told, "responses": {str(status): answer for status, answer in answers.items()}}


def _part(part: str) -> Json:
    """An id: one of another form is the id of nothing, so that any text may be asked for."""
    return {"type": "string", "minLength": 1, "description": f"The id of the {part}"}


def _answer(what: str, schema: str, status: int) -> Json:
    names = [REGION_HEADER, *([HEADERS[status]] if status in HEADERS else [])]
    headers = {name: {"required": True, "schema": {"type": "string"}} for name in names}
    return {"description": what, "headers": headers, **({"content": _content(schema)} if schema else {})}


def _content(schema: str) -> Json:
    return {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(written(), encoding="utf-8")
