"""A region's front door: everything that talks to the region passes here, and an outage is a door that closes.

A streaming reverse proxy that changes nothing but the addresses of API requests and never tries again. A request
to an API is finished and keeps its place in the bulkhead even when its client leaves, as behind a real API Gateway.
An answer on its way out while the doorway closes is lost with the region.
"""

import asyncio
import contextlib
import random
import time
from collections.abc import Callable

import aiohttp
from aiohttp import web
from yarl import URL

from landbridge.model.region import Region
from landbridge.model.wire import HOP_HEADER, PROBE_HEADER
from landbridge.rehearse.emulator import abroad, adapter, health_checks, peerings, refusal
from landbridge.rehearse.emulator.bulkhead import Bulkhead, lane_of
from landbridge.rehearse.emulator.conditions import Conditions, Doorway
from landbridge.rehearse.emulator.description import dropped, rewrites, rewritten, updates
from landbridge.rehearse.emulator.gateway import ApiRequest, api_request
from landbridge.rehearse.emulator.hooks import Hooks
from landbridge.rehearse.emulator.listen import listen
from landbridge.rehearse.emulator.mappings import DeployedMappings, about_mappings
from landbridge.rehearse.emulator.message import buffered, carried, invited, once, response, streamed
from landbridge.rehearse.emulator.objects import passed

API_SECONDS = 29.0  # how long API Gateway waits for an integration
NEVER_ADDED = ("User-Agent", "Accept", "Accept-Encoding", "Content-Type")
KEPT_SECONDS = 15.0  # well below the emulator's 75, so that a kept connection is never closed under a request

InOurWords = Callable[[int, bytes], bytes]  # an answer of the emulator, by its status


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
        await invited(request)
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
        elif self._conditions.doorway is Doorway.OPEN and not (self._conditions.link_down and self._crosses(request)):
            return None
        if request.transport is not None:
            request.transport.abort()
        return web.Response(status=503)

    def _crosses(self, request: web.BaseRequest) -> bool:
        """Whether it comes from the other region, or is meant for it."""
        return HOP_HEADER in request.headers or abroad.region_of(request.headers) in self.hooks.abroad

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
        told = await self._told_here(request) or await self._in_other_words(request)
        if told is not None:
            return told
        body: aiohttp.StreamReader | bytes | None = request.content if request.can_read_body else None
        ours = self.hooks.answers.get(refusal.asked_of(request.headers))
        if ours is not None:
            body = await request.read()
            said = await ours(body, request.headers.get("X-Amz-Target", ""))
            if said is not None:
                return await self._stopped(request) or response(said)
        elif self._is_about_peers(request) or updates(request.headers):
            body = await request.read()
        url = URL(self.upstream + request.raw_path, encoded=True)
        headers = carried(request.headers)
        async with self._session.request(request.method, url, headers=headers, data=body, allow_redirects=False) as answer:
            if (lost := await self._stopped(request)) is not None:
                return lost
            if self.hooks.describe is not None and rewrites(request.headers, answer.status):
                return buffered(answer, rewritten(await answer.read(), self.hooks.describe))
            return await streamed(request, answer)

    async def _told_here(self, request: web.BaseRequest) -> web.StreamResponse | None:
        """What the emulator is not asked at all: mappings of streams, their shards, other regions and connections to them."""
        if elsewhere := self.hooks.abroad.get(abroad.region_of(request.headers)):
            return await abroad.passed_on(request, self._session, elsewhere)
        objects = self.hooks.objects
        if objects is not None and objects.concerns(request.headers, request.raw_path):
            return await passed(request, self._session, self.upstream, objects, lambda: self._stopped(request))
        if self.hooks.mappings is not None and about_mappings(request.raw_path):
            return await self._pass_mapping(request, self.hooks.mappings)
        resharding = refusal.resharding(request.headers, request.raw_path)
        if resharding is not None:
            return response(resharding)
        if self.hooks.peer is not None and self._is_about_peers(request) and (told := self.hooks.peer(await request.read())):
            return web.Response(status=told[0], text=told[1], content_type="text/xml")
        return None

    def _is_about_peers(self, request: web.BaseRequest) -> bool:
        return self.hooks.peer is not None and peerings.concerns(request.headers)

    async def _in_other_words(self, request: web.BaseRequest) -> web.StreamResponse | None:
        """What the emulator is asked otherwise than the caller asked, and tells otherwise than the caller hears."""
        if self.hooks.drop and updates(request.headers) and (told := dropped(await request.read(), self.hooks.drop)):
            return web.Response(body=told, content_type="application/x-amz-json-1.0")
        if health_checks.concerns(request.raw_path):
            return await self._pass_whole(request, health_checks.asked(await request.read()), health_checks.answered)
        if self.hooks.adapt is not None and adapter.concerns(request.headers):
            return await self._pass_whole(request, await self._adapted(await request.read()), adapter.answered)
        return None

    async def _pass_mapping(self, request: web.BaseRequest, deployed: DeployedMappings) -> web.StreamResponse:
        """A call about event source mappings: the emulator hears they are disabled, the caller what is true."""
        method, path, body = request.method, request.raw_path, await request.read()
        refused = deployed.refused(method, path, body)
        if refused is not None:
            return response(refused)
        return await self._pass_whole(
            request,
            deployed.asked(method, path, body),
            lambda status, told: deployed.answered(method, body, told) if status < 300 else told,
        )

    async def _pass_whole(self, request: web.BaseRequest, body: bytes, answered: InOurWords) -> web.StreamResponse:
        """A call with a body of ours, and its answer in our words."""
        headers = carried(request.headers)
        headers.popall("Content-Length", None)
        url = URL(self.upstream + request.raw_path, encoded=True)
        async with self._session.request(request.method, url, headers=headers, data=body or None) as answer:
            told = await answer.read()
            return await self._stopped(request) or buffered(answer, answered(answer.status, told))

    async def _adapted(self, asked: bytes) -> bytes:
        """A request to CloudFormation as the emulator takes it; the function comes with the first that needs it."""
        body, needs = adapter.asked(asked, self._imported, self.url, self.hooks.answers, self.region)
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
