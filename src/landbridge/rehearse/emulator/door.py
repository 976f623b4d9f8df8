"""A region's front door: everything that talks to the region passes here, and an outage is a door that closes.

A streaming reverse proxy that changes nothing but the addresses of API requests and never tries again. A request
to an API is finished and keeps its place in the bulkhead even when its client leaves, as behind a real API Gateway.
An answer on its way out while the doorway closes is lost with the region.
"""

import asyncio
import contextlib
import random
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

import aiohttp
from aiohttp import web
from yarl import URL

from landbridge.model.region import Region
from landbridge.model.wire import HOP_HEADER, PROBE_HEADER
from landbridge.rehearse.emulator import adapter, refusal
from landbridge.rehearse.emulator.bulkhead import Bulkhead, lane_of
from landbridge.rehearse.emulator.conditions import Conditions, Doorway
from landbridge.rehearse.emulator.description import Describe, rewrites, rewritten
from landbridge.rehearse.emulator.gateway import ApiRequest, api_request
from landbridge.rehearse.emulator.listen import listen
from landbridge.rehearse.emulator.message import buffered, carried, once, response, streamed

API_SECONDS = 29.0  # how long API Gateway waits for an integration
NEVER_ADDED = ("User-Agent", "Accept", "Accept-Encoding", "Content-Type")
KEPT_SECONDS = 15.0  # well below the emulator's 75, so that a kept connection is never closed under a request

Count = Callable[[ApiRequest, int, float], None]
Answer = Callable[[bytes], Awaitable[refusal.Refusal | None]]  # None: the emulator is asked instead


@dataclass(frozen=True, slots=True)
class Hooks:
    """What else a door does: notes API answers, corrects descriptions of tables, adapts templates, lets others answer."""

    count: Count | None = None
    describe: Describe | None = None
    adapt: Callable[[], None] | None = None  # sees to it that the adapter's function is there
    answers: Mapping[str, Answer] = field(default_factory=dict)  # by service


class FrontDoor:
    """Listens on a free port of 127.0.0.1; `upstream` is set once the emulator behind it is known."""

    def __init__(self, region: Region, bulkhead: Bulkhead, chance: random.Random, hooks: Hooks | None = None) -> None:
        self.region = region
        self.upstream = ""
        self.hooks = hooks or Hooks()
        self.port = 0
        self._bulkhead = bulkhead
        self._chance = chance
        self._conditions = Conditions()
        self._imported: set[str] = set()
        self._changed = asyncio.Event()
        self._running: set[asyncio.Task[web.Response]] = set()
        self._stack = contextlib.AsyncExitStack()

    @property
    def url(self) -> str:
        """Where the region is reached."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def conditions(self) -> Conditions:
        """What is wrong here now."""
        return self._conditions

    def set(self, conditions: Conditions) -> None:
        """From this moment these conditions hold, for requests already inside too."""
        self._conditions = conditions
        self._changed.set()
        self._changed = asyncio.Event()

    async def start(self) -> None:
        """Listens; calls made before the emulator is there get 503."""
        self._session = await self._stack.enter_async_context(
            aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=KEPT_SECONDS),
                middlewares=(once,),
                auto_decompress=False,
                skip_auto_headers=NEVER_ADDED,
                timeout=aiohttp.ClientTimeout(total=None, sock_connect=5),
                cookie_jar=aiohttp.DummyCookieJar(),
            )
        )
        self.port = await listen(self._stack, self._answer)  # last in, first out: no request outlives the session it needs

    async def stop(self) -> None:
        """Closes the port and whatever is still inside; safe to repeat."""
        self.set(Conditions(doorway=Doorway.CUT))
        for task in tuple(self._running):
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
        await self._stack.aclose()

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        api = api_request(request.host, request.raw_path)
        refused = await self._stopped(request) or await self._disturbed(request, api)
        if refused is not None:
            return refused
        try:
            return await (self._pass(request) if api is None else self._integrate(request, api))
        except aiohttp.ClientError:
            return response(refusal.unavailable())

    async def _stopped(self, request: web.BaseRequest) -> web.Response | None:
        """What a closed doorway does to a request, or None when it is open."""
        if self._conditions.doorway is Doorway.UNAVAILABLE:
            return response(refusal.unavailable())
        if self._conditions.doorway is Doorway.SILENT:
            await self._changed.wait()
        elif self._conditions.doorway is Doorway.OPEN:
            return None
        if request.transport is not None:
            request.transport.abort()
        return web.Response(status=503)

    async def _disturbed(self, request: web.BaseRequest, api: ApiRequest | None) -> web.Response | None:
        """A delay, then perhaps a refusal that never reaches the emulator."""
        now = self._conditions
        if now.delay:
            await asyncio.sleep(now.delay)
        if self._chance.random() < now.throttle:
            return response(refusal.throttled(request.headers) if api is None else refusal.api_throttled())
        if api is not None and self._chance.random() < now.errors:
            said = response(refusal.api_error())
            self._note(request, api, said.status, now.delay)
            return said
        return None

    async def _pass(self, request: web.BaseRequest) -> web.StreamResponse:
        """A call to AWS, streamed both ways; given up when the client leaves."""
        body: aiohttp.StreamReader | bytes | None = request.content if request.can_read_body else None
        ours = self.hooks.answers.get(refusal.asked_of(request.headers))
        if ours is not None:
            body = await request.read()
            said = await ours(body)
            if said is not None:
                return await self._stopped(request) or response(said)
        adapting = self.hooks.adapt is not None and adapter.concerns(request.headers)
        if adapting:
            body = await self._adapted(await request.read())
        url = URL(self.upstream + request.raw_path, encoded=True)
        headers = carried(request.headers)
        if adapting:
            headers.popall("Content-Length", None)
        async with self._session.request(request.method, url, headers=headers, data=body, allow_redirects=False) as answer:
            lost = await self._stopped(request)
            if lost is not None:
                return lost
            if self.hooks.describe is not None and rewrites(request.headers, answer.status):
                return buffered(answer, rewritten(await answer.read(), self.hooks.describe))
            if adapting:
                return buffered(answer, adapter.answered(await answer.read()))
            return await streamed(request, answer)

    async def _adapted(self, asked: bytes) -> bytes:
        """A request to CloudFormation as the emulator takes it; the function comes with the first that needs it."""
        body, needs = adapter.asked(asked, self._imported)
        if needs and self.hooks.adapt is not None:
            await asyncio.to_thread(self.hooks.adapt)
        return body

    async def _integrate(self, request: web.BaseRequest, api: ApiRequest) -> web.StreamResponse:
        """A request to an API: who leaves the queue is forgotten, who is inside is served to the end."""
        began = time.monotonic()
        body = await request.read()
        lane = lane_of(request.method, hop=HOP_HEADER in request.headers)
        await self._bulkhead.enter(lane)
        task = asyncio.create_task(self._invoke(request, api, body))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        task.add_done_callback(lambda _: self._bulkhead.leave(lane))
        answer = await asyncio.shield(task)
        self._note(request, api, answer.status, time.monotonic() - began)
        return await self._stopped(request) or answer

    async def _invoke(self, request: web.BaseRequest, api: ApiRequest, body: bytes) -> web.Response:
        url = URL(self.upstream + api.path, encoded=True)
        headers = carried(request.headers)
        headers["Host"] = url.authority
        try:
            async with (
                asyncio.timeout(API_SECONDS),
                self._session.request(request.method, url, headers=headers, data=body or None, allow_redirects=False) as answer,
            ):
                return buffered(answer, await answer.read())
        except TimeoutError:
            return response(refusal.api_timeout())
        except aiohttp.ClientError:
            return response(refusal.unavailable())

    def _note(self, request: web.BaseRequest, api: ApiRequest, status: int, seconds: float) -> None:
        if self.hooks.count is not None and PROBE_HEADER not in request.headers:
            self.hooks.count(api, status, seconds)
