"""The ASGI application: reads a request, hands it to the desk in a thread, writes the answer, and one line of log.

Whatever comes is answered; a failure is an answer too. The desk's calls block, so threads take them, in two lanes: what
asks the database keeps nobody waiting who pays.
"""

import json
import time
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any, Protocol

from landbridge.model.errors import BadInput, Unreachable
from landbridge.model.wire import REGION_HEADER
from landbridge.workloads.payments.api.answer import Answer, TurnedAway
from landbridge.workloads.payments.api.document import document
from landbridge.workloads.payments.api.lanes import Full, Lane
from landbridge.workloads.payments.api.request import Request
from landbridge.workloads.payments.api.routes import ROUTES, find
from landbridge.workloads.payments.log import Log
from landbridge.workloads.postgres import FAILURES

MOST_BYTES = 16 * 1024
WORDS = tuple(route.name for route in ROUTES)
LATER = "could not be settled in time; send the same request again, a payment under the same idempotency-key"

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class Answers(Protocol):
    """Whoever answers requests."""

    region: str

    def answer(self, request: Request) -> Answer:
        """The answer, or a raise that is made one."""


class App:
    """What an ASGI server runs."""

    def __init__(self, desk: Answers, log: Log) -> None:
        self._desk, self._log = desk, log
        self._lanes = {asks: Lane(name) for asks, name in ((True, "database"), (False, "desk"))}

    async def __call__(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        """One connection's request, or the server's own beginning and end."""
        match scope["type"]:
            case "http":
                await self._http(scope, receive, send)
            case "lifespan":
                await self._lifespan(receive, send)
            case _:
                await send({"type": "websocket.close"})

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            said = (await receive())["type"]
            await send({"type": f"{said}.complete"})
            if said == "lifespan.shutdown":
                for lane in self._lanes.values():
                    lane.close()
                return

    async def _http(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        began, found = time.monotonic(), find(scope["method"], scope["path"])
        name = found.route.name if found.route else "other"
        answer = await self._answer(scope, receive)
        self._log(name, answer.failed, status=answer.status, ms=(time.monotonic() - began) * 1000)
        body = b"" if answer.body is None else json.dumps(answer.body).encode()
        kind = {} if answer.body is None else {"content-type": "application/json", "content-length": str(len(body))}
        headers = {REGION_HEADER: self._desk.region, "cache-control": "no-store", **kind, **answer.headers}
        raw = [(each.encode(), value.encode()) for each, value in headers.items()]
        await send({"type": "http.response.start", "status": answer.status, "headers": raw})
        await send({"type": "http.response.body", "body": body})

    async def _answer(self, scope: Mapping[str, Any], receive: Receive) -> Answer:
        found = find(scope["method"], scope["path"])
        if found.route is None:
            return _nothing_there(found.methods)
        if found.route.name == "Described":
            return Answer(200, document())
        body = await _body(receive)
        if body is None:
            why = f"body: is larger than {MOST_BYTES} bytes; send a file by the address of POST /uploads"
            return Answer(413, {"error": why}, {"connection": "close"})
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        request = Request(found.route, found.parts, headers, body)
        try:
            return await self._lanes[found.route.database].run(self._asked, request)
        except Full as full:
            return _later(full)

    def _asked(self, request: Request) -> Answer:
        try:
            return self._desk.answer(request)
        except TurnedAway as turned:
            return turned.answer()
        except BadInput as refused:
            return Answer(400, {"error": str(refused)})
        except (Unreachable, *FAILURES) as failed:
            return _later(failed)
        except Exception as error:  # the door of the service: whatever it is, the client gets an answer and the log its kind
            return Answer(500, {"error": "request: failed within the service; tell its operators when"}, failed=error)


async def _body(receive: Receive) -> bytes | None:
    """What was sent; None = it is more than anybody has to send."""
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")
        if len(body) > MOST_BYTES:
            return None
        if not message.get("more_body"):  # nor has a client that went away, whose half a request is no JSON
            return bytes(body)


def _later(failed: Exception) -> Answer:
    return Answer(503, {"error": f"request: {LATER}"}, {"retry-after": "1"}, failed)


def _nothing_there(methods: tuple[str, ...]) -> Answer:
    if methods:
        told = f"method: is not one of this path; use {' or '.join(methods)}"
        return Answer(405, {"error": told}, {"allow": ", ".join(methods)})
    return Answer(404, {"error": "path: there is nothing here; the paths are in /openapi.json"})
