"""The dashboard API in one process: requests by WSGI become API Gateway's events, for the real handlers over stateful fakes."""

import io
import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import parse_qsl, unquote

from tests.unit.workloads.command_fakes import MemoryCommands, two_command_regions
from tests.unit.workloads.fakes import MemoryStore, two_regions

from landbridge.model.command import CommandItem
from landbridge.model.errors import Unreachable
from landbridge.model.pen import Epoch, PenState
from landbridge.model.routes import ROUTES
from landbridge.model.state import StateItem
from landbridge.model.wire import NOBODY
from landbridge.workloads.trading import request
from landbridge.workloads.trading.ports import Answer
from landbridge.workloads.trading.read import Reader
from landbridge.workloads.trading.request import Event
from landbridge.workloads.trading.response import respond
from landbridge.workloads.trading.rights import Guarded, Rights
from landbridge.workloads.trading.signals.signal import Signal
from landbridge.workloads.trading.write import Writer, Writers

SUBJECT = "x-subject"  # whose token a test shows; else that of the user of the path
STATUSES = {200: "OK", 400: "Bad Request", 403: "Forbidden", 404: "Not Found", 409: "Conflict", 421: "Misdirected Request"}


class Copies:
    """What reads see: the region's own tables, at once."""

    def __init__(self, states: MemoryStore, commands: MemoryCommands) -> None:
        self._states, self._commands, self.why = states, commands, ""

    def current(self, user: str, view: str, *, consistent: bool = True) -> StateItem | None:
        """What was accepted."""
        return None if self.why else self._states.items.get((user, view))

    def head(self, user: str, *, consistent: bool) -> tuple[int, Epoch] | None:
        """How many were accepted."""
        return None if self.why else self._commands.heads.get(user, (0, Epoch(0)))

    def command(self, user: str, number: int, *, consistent: bool = False) -> CommandItem | None:
        """One that was."""
        return None if self.why else self._commands.commands.get((user, number))


class Market:
    """One symbol with one trade and one window."""

    why = ""

    def latest(self, begins: str) -> list[dict[str, Any]]:
        """The trade, where its symbol begins so."""
        return self.series("ACME", 0, 2, 1) if "ACME".startswith(begins) else []

    def series(self, symbol: str, since: int, until: int, most: int) -> list[dict[str, Any]]:
        """The trade, where its moment is asked for."""
        self._reached()
        trade = {"feed": "f", "symbol": symbol, "price": "101.25", "sequence": 1, "volume": 3, "at": 1, "epoch": 1}
        return [trade] if since <= 1 <= until else []

    def signals(self, symbol: str, since: int, until: int, most: int) -> list[Signal]:
        """The window, where its beginning is asked for."""
        self._reached()
        return [Signal(1, symbol, 3, 300, 101_250_000, None, None, 0, None, spike=False)] if since <= 1 <= until else []

    def _reached(self) -> None:
        if self.why:
            raise Unreachable("here", self.why)


class Nobody:
    """No other side to ask."""

    def get(self, *path: str) -> Answer | None:
        """No answer."""
        return None


class Served:
    """Two sides; requests come to the one that holds the pens, or to the other, which forwards what is written."""

    def __init__(self, *, at_holder: bool) -> None:
        sides, orders = two_regions(), two_command_regions()
        state, command = (pair[0 if at_holder else 1] for pair in (sides, orders))
        self._stores = [side.store for pair in (sides, orders) for side in pair]
        self.states, self.commands = sides[0].store, orders[0].store
        self.rights = Rights(NOBODY)
        self._copies, self._market = copies, market = Copies(sides[0].store, orders[0].store), Market()
        time = state.time
        how: dict[str, Any] = {"rules": state.rules, "clock": time.clock, "sleep": time.sleep, "chance": lambda: 0.5}
        writers: dict[str, Callable[[Event], Answer]] = {
            "/state/{user}/{view}": Writer(request.write, store=state.store, peers=lambda _: state, **how),
            "/commands/{user}/{number}": Writer(request.command, store=command.store, peers=lambda _: command, **how),
        }
        read = Reader(region="here", copy=copies, orders=copies, market=market, others=lambda _: Nobody(), clock=time.clock)
        self.handlers: dict[str, Callable[[Event], Answer]] = {"Read": read, "Write": Writers(writers)}
        self.log = io.StringIO()

    def close(self) -> None:
        """Both sides' pens are closed from now on."""
        for store in self._stores:
            store.set(PenState.CLOSED, 1)

    def lose(self) -> None:
        """Nothing can be read from now on."""
        self._copies.why = self._market.why = "Timeout"

    def __call__(self, environ: Mapping[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        """WSGI's way in."""
        answer = self.answer(event_of(environ))
        status = answer["statusCode"]
        start(f"{status} {STATUSES.get(status, 'Other')}", list(answer["headers"].items()))
        return [answer["body"].encode()]

    def answer(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """As API Gateway does: by the method and path, and 403 where there is none."""
        for route in ROUTES:
            if (route.method, route.path) == (event["httpMethod"], event["resource"]):
                handle = Guarded(self.rights, self.handlers[route.function])
                return respond(event, lambda: handle, region="here", log=self.log)  # noqa: B023
        return {"statusCode": 403, "headers": {"content-type": "application/json"}, "body": '{"message": "no such route"}'}


def event_of(environ: Mapping[str, Any]) -> dict[str, Any]:
    """The event of a request."""
    path = str(environ["REQUEST_URI"]).partition("?")[0]
    parts = [unquote(part) for part in path.split("/")]
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)).decode(errors="replace")
    found = next((found for found in (_matched(route.path, parts) for route in ROUTES) if found), ("", {}))
    headers = {name[5:].replace("_", "-"): value for name, value in environ.items() if name.startswith("HTTP_")}
    subject = headers.get(SUBJECT.upper(), found[1].get("user"))
    return {
        "httpMethod": environ["REQUEST_METHOD"],
        "resource": found[0],
        "path": path,
        "pathParameters": found[1] or None,
        "queryStringParameters": dict(parse_qsl(environ["QUERY_STRING"], keep_blank_values=True)) or None,
        "headers": headers,
        "requestContext": {"authorizer": {"claims": {"sub": subject}}},
        "body": body or None,
        "isBase64Encoded": False,
    }


def _matched(path: str, parts: list[str]) -> tuple[str, dict[str, str]] | None:
    pattern = path.split("/")
    same = len(pattern) == len(parts) and all(a == b or (a.startswith("{") and b) for a, b in zip(pattern, parts, strict=True))
    return (path, {a[1:-1]: b for a, b in zip(pattern, parts, strict=True) if a.startswith("{")}) if same else None


def documented(document: Mapping[str, Any], served: Served) -> Callable[..., Iterable[bytes]]:
    """The API with its own document beside it."""

    def app(environ: Mapping[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        if environ["PATH_INFO"] != "/openapi.json":
            return served(environ, start)
        start("200 OK", [("content-type", "application/json")])
        return [json.dumps(document).encode()]

    return app
