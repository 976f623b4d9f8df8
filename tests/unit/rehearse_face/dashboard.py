"""A dashboard API in one process that keeps state, and misbehaves exactly as it is told to."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field
from typing import Any

from aiohttp import web

from landbridge.model.pen import Epoch
from landbridge.model.region import Region
from landbridge.model.state import StateItem
from landbridge.model.wire import REGION_HEADER

HERE = Region("us-east-1")
Key = tuple[str, str]


@dataclass
class Dashboard:
    """Answers from `items`; `faults` are used up one a request, in order, then all is well.

    Faults of any request: 'error' (500 without doing it), 'stored error' (500 after doing it), 'busy' (503, wait a
    second), 'lost' (does it, then drops the connection), 'silent' (never answers), 'nobody' (502 from on the way), 'bad'
    (400), 'garbage' (not JSON), 'list' (not an object). Of reads: 'stale' (version one lower), 'forged' (another value),
    'stranger' (an unknown write id), 'missing' (404), 'older' (truly what stood there before), 'older and told' (and said to
    be behind). Of writes: 'conflict' (409 with another's item), 'mute conflict' (409 without an item), 'repeat' (does it,
    then 409 with that very item), 'other write' (200 for another write). Anything else is no fault.
    """

    items: dict[Key, StateItem] = field(default_factory=dict)
    faults: deque[str] = field(default_factory=deque)
    older: dict[Key, StateItem] = field(default_factory=dict)
    attempts: list[tuple[str, str]] = field(default_factory=list)
    seen_headers: list[str | None] = field(default_factory=list)
    viewers: set[str] = field(default_factory=set)

    def load(self, items: Iterable[StateItem]) -> None:
        """Holds these from the start."""
        self.items.update({item.key: item for item in items})

    @asynccontextmanager
    async def served(self) -> AsyncIterator[str]:
        """Its base URL, as long as it is needed."""
        app = web.Application()
        self.open_to(app.router)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        try:
            yield f"http://127.0.0.1:{runner.addresses[0][1]}"
        finally:
            await runner.cleanup()

    def open_to(self, router: web.UrlDispatcher) -> None:
        """What can be asked for."""
        router.add_get("/state/{user}/{view}", self._get)
        router.add_put("/state/{user}/{view}", self._put)

    async def _get(self, request: web.Request) -> web.StreamResponse:
        key, fault = self._arrived(request)
        item = self.older.get(key, self.items.get(key)) if fault.startswith("older") else self.items.get(key)
        return await self._answered(request, fault, lambda: self._read(item, fault))

    async def _put(self, request: web.Request) -> web.StreamResponse:
        key, fault = self._arrived(request)
        said = await request.json()
        new = StateItem(*key, said["version"], said["write_id"], Epoch(1), said["value"], said.get("deleted", False))
        self.attempts[-1] = ("PUT", new.write_id)
        other = StateItem(*key, new.version, "another", Epoch(1), "x")
        return await self._answered(request, fault, lambda: self._written(new, other, fault))

    def _arrived(self, request: web.Request) -> tuple[Key, str]:
        self.attempts.append((request.method, request.path))
        self.seen_headers.append(request.headers.get("x-seen-version"))
        self.viewers.add(request.headers["x-viewer"])
        return (request.match_info["user"], request.match_info["view"]), self.faults.popleft() if self.faults else ""

    def _read(self, item: StateItem | None, fault: str) -> web.Response:
        if item is None or fault == "missing":
            return response({"error": "no such view"}, 404)
        said: dict[str, Any] = asdict(item)
        changed: dict[str, dict[str, Any]] = {
            "stale": {"version": item.version - 1},
            "forged": {"value": "?"},
            "stranger": {"write_id": "?"},
            "older and told": {"behind": True},
        }
        return response(said | changed.get(fault, {}), 200)

    def _written(self, new: StateItem, other: StateItem, fault: str) -> web.Response:
        if fault in {"conflict", "mute conflict"}:
            return response({"error": "version"} | ({"current": asdict(other)} if fault == "conflict" else {}), 409)
        standing = self.items.get(new.key)
        if standing is None or standing.version < new.version:
            self.older |= {new.key: standing} if standing else {}
            self.items[new.key] = standing = new
        elif standing.write_id != new.write_id:
            return response({"error": "version", "current": asdict(standing)}, 409)
        said = other if fault == "other write" else new
        return response({"error": "version", "current": asdict(new)}, 409) if fault == "repeat" else response(asdict(said), 200)

    async def _answered(self, request: web.Request, fault: str, act: Callable[[], web.Response]) -> web.StreamResponse:
        match fault:
            case "error":
                return response({"error": "no"}, 500)
            case "busy":
                return response({"error": "wait"}, 503, {"retry-after": "1"})
            case "bad":
                return response({"error": "version must be a whole number"}, 400)
            case "nobody":
                return web.json_response({}, status=502)
            case "silent":
                await asyncio.sleep(3600)
            case "garbage" | "list":
                return web.Response(text="[]" if fault == "list" else "<html>", headers={REGION_HEADER: HERE})
        answer = act()
        if fault == "lost" and request.transport is not None:
            request.transport.close()
        return response({"error": "late"}, 500) if fault == "stored error" else answer


def response(body: object, status: int, headers: dict[str, str] | None = None) -> web.Response:
    return web.json_response(body, status=status, headers={REGION_HEADER: HERE, **(headers or {})})
