"""From an answer to what API Gateway wants, with one line of log a call that never holds an id or a value (RU-6).

The line is also what lets the emulator answer at once; a failure is an answer, because a raise kills the worker.
"""

import json
import time
from collections.abc import Callable, Mapping
from typing import Any, TextIO

from landbridge.model.errors import BadInput
from landbridge.model.wire import REGION_HEADER
from landbridge.workloads.trading.ports import Answer
from landbridge.workloads.trading.request import Event

ROUTES = frozenset(
    {
        "/commands/{user}",
        "/commands/{user}/{number}",
        "/health",
        "/search",
        "/series/{symbol}",
        "/signals/{symbol}",
        "/snapshot",
        "/state/{user}/{view}",
    }
)


Handle = Callable[[Event], Answer]


def respond(event: Event, make: Callable[[], Handle], *, region: str, log: TextIO) -> dict[str, Any]:
    """What the handler `make` makes answers, or the failure it became; one line says how it went and how long it took."""
    began = time.monotonic()
    answer = _answer(event, make)
    line = f"{_route(event)} {answer.status} {(time.monotonic() - began) * 1000:.0f} ms {answer.why}"
    log.write(line.rstrip() + "\n")
    log.flush()
    headers = {"content-type": "application/json", REGION_HEADER: region, **answer.headers}
    return {"statusCode": answer.status, "headers": headers, "body": json.dumps(answer.body)}


def _answer(event: Event, make: Callable[[], Handle]) -> Answer:
    try:
        return make()(event)
    except BadInput as refused:
        return Answer(400, {"error": str(refused)})
    except Exception as error:  # the door of the function: whatever it is, the client gets an answer and the log its kind
        return Answer(500, {"error": "internal error"}, why=type(error).__name__)


def _route(event: Mapping[str, Any]) -> str:
    resource = event.get("resource")
    method = event.get("httpMethod")
    known = resource in ROUTES and method in {"GET", "PUT"}
    return f"{method} {resource}" if known else "other"
