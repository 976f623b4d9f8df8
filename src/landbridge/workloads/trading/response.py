"""From an answer to what API Gateway wants, with one line of log a call that never holds an id or a value (RU-6).

The line is also what lets the emulator answer at once; a failure is an answer, because a raise kills the worker.
"""

import json
import sys
import time
from collections.abc import Callable, Mapping
from typing import Any, TextIO

from landbridge.model.errors import BadInput
from landbridge.model.routes import ROUTES
from landbridge.model.wire import REGION_HEADER
from landbridge.workloads.trading.ports import Answer
from landbridge.workloads.trading.request import Event, header

Handle = Callable[[Event], Answer]


def handled(event: Event, make: Callable[[], Handle], environment: Mapping[str, str]) -> dict[str, Any]:
    """What a function of the API answers, in the region and to the origins its environment names."""
    region, origins = environment.get("AWS_REGION", ""), environment.get("ALLOWED_ORIGINS", "")
    return respond(event, make, region=region, log=sys.stderr, origins=origins)


def respond(event: Event, make: Callable[[], Handle], *, region: str, log: TextIO, origins: str = "") -> dict[str, Any]:
    """What the handler `make` makes answers, or the failure it became; one line says how it went and how long it took."""
    began = time.monotonic()
    answer = _answer(event, make)
    line = f"{_route(event)} {answer.status} {(time.monotonic() - began) * 1000:.0f} ms {answer.why}"
    log.write(line.rstrip() + "\n")
    log.flush()
    headers = {"content-type": "application/json", REGION_HEADER: region, **_shared(event, origins), **answer.headers}
    return {"statusCode": answer.status, "headers": headers, "body": json.dumps(answer.body)}


def _answer(event: Event, make: Callable[[], Handle]) -> Answer:
    try:
        return make()(event)
    except BadInput as refused:
        return Answer(400, {"error": str(refused)})
    except Exception as error:  # the door of the function: whatever it is, the client gets an answer and the log its kind
        return Answer(500, {"error": "internal error"}, why=type(error).__name__)


def _shared(event: object, origins: str) -> dict[str, str]:
    """What lets a page of another origin read the answer, where its origin is one of those allowed, in a list with commas."""
    if not origins:
        return {}
    origin = header(event, "origin") if isinstance(event, Mapping) else None
    if not origin or origin not in origins.split(","):
        return {"vary": "origin"}
    exposed = f"{REGION_HEADER},retry-after"
    return {"vary": "origin", "access-control-allow-origin": origin, "access-control-expose-headers": exposed}


def _route(event: object) -> str:
    """What was asked for, where it is one of ours: anything else may hold an id."""
    asked = (event.get("httpMethod"), event.get("resource")) if isinstance(event, Mapping) else None
    return next((f"{route.method} {route.path}" for route in ROUTES if (route.method, route.path) == asked), "other")
