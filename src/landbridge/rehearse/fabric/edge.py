"""CloudFront's part: takes viewers' requests, finds the origin by name, and repeats only what CloudFront repeats.

A failed connection is tried up to three times. A request that was sent and got no answer is repeated only for GET and
HEAD; any other method might have been carried out. No answer within 30 s is 504, no connection or a broken one 502.
Nothing below this module repeats a request, and nothing is cached here.
"""

import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass

import aiohttp
from aiohttp import web
from yarl import URL

from landbridge.model.region import Region
from landbridge.model.wire import PROBE_HEADER
from landbridge.rehearse.emulator.listen import listen
from landbridge.rehearse.emulator.message import buffered, carried, once
from landbridge.rehearse.fabric.addresses import Addresses, Place
from landbridge.rehearse.fabric.dns import Resolver

VIEWER_HEADER = "x-viewer"
ATTEMPTS = 3
LEFT = 499  # noted for a viewer who left before there was an answer
REPEATED = frozenset({"GET", "HEAD"})


@dataclass(frozen=True, slots=True)
class Origin:
    """What the distribution is configured with."""

    domain: str
    path: str = "/live"
    connect_seconds: float = 10.0
    answer_seconds: float = 30.0


@dataclass(frozen=True, slots=True)
class Served:
    """One viewer's request as it went: the region is the last one tried, None where the name led nowhere."""

    at: float
    region: Region | None
    method: str
    status: int
    seconds: float
    attempts: int
    probe: bool


@dataclass(slots=True)
class _Try:
    """Where a request stands."""

    request: web.BaseRequest
    body: bytes
    place: Place | None = None
    attempts: int = 0


class Edge:
    """Listens on a free port of 127.0.0.1; `served` hears of every request, also of those whose viewer left."""

    def __init__(self, origin: Origin, resolver: Resolver, addresses: Addresses, served: Callable[[Served], None]) -> None:
        self.port = 0
        self._origin = origin
        self._resolver = resolver
        self._addresses = addresses
        self._served = served
        self._stack = contextlib.AsyncExitStack()

    @property
    def url(self) -> str:
        """Where viewers go."""
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        """Listens."""
        self.port = await listen(self._stack, self._answer)
        timeout = aiohttp.ClientTimeout(
            total=None, sock_connect=self._origin.connect_seconds, sock_read=self._origin.answer_seconds
        )
        connector = aiohttp.TCPConnector(limit=0, force_close=True)
        self._session = await self._stack.enter_async_context(
            aiohttp.ClientSession(
                connector=connector,
                middlewares=(once,),
                timeout=timeout,
                auto_decompress=False,
                cookie_jar=aiohttp.DummyCookieJar(),
            )
        )

    async def stop(self) -> None:
        """Closes the port and what is under way; safe to repeat."""
        await self._stack.aclose()

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        began, at = time.monotonic(), time.time()
        under_way = _Try(request, await request.read())
        status = LEFT
        try:
            answer = await self._tried(under_way)
            status = answer.status
        finally:
            region = under_way.place.region if under_way.place else None
            seconds, probe = time.monotonic() - began, PROBE_HEADER in request.headers
            self._served(Served(at, region, request.method, status, seconds, under_way.attempts, probe))
        return answer

    async def _tried(self, under_way: _Try) -> web.Response:
        """Asks the origin until it answers or CloudFront would give up."""
        again = True
        failed = _said(502, "the origin's name does not resolve")
        while again and under_way.attempts < ATTEMPTS:
            host = self._resolver.resolve(self._origin.domain, under_way.request.headers.get(VIEWER_HEADER, ""))
            under_way.place = self._addresses.place(host) if host else None
            if host is None or under_way.place is None:
                return failed
            under_way.attempts += 1
            repeats = under_way.request.method in REPEATED
            try:
                return await self._asked(under_way, under_way.place, host)
            except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
                failed = _said(502, "the origin can't be connected to")
            except TimeoutError:
                failed, again = _said(504, "the origin did not answer in time"), repeats
            except aiohttp.ClientError:
                failed, again = _said(502, "the origin closed the connection"), repeats
        return failed

    async def _asked(self, under_way: _Try, place: Place, host: str) -> web.Response:
        request = under_way.request
        headers = carried(request.headers)
        headers["Host"] = host
        headers["X-Forwarded-For"] = request.remote or ""
        url = URL(place.url + self._origin.path + request.raw_path, encoded=True)
        async with self._session.request(
            request.method, url, headers=headers, data=under_way.body or None, allow_redirects=False
        ) as answer:
            return buffered(answer, await answer.read())


def _said(status: int, why: str) -> web.Response:
    return web.json_response({"error": why}, status=status, headers={"x-cache": "Error from cloudfront"})
