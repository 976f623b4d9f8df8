"""A load balancer's part: turns away whom its firewall turns away, and hands everybody else to a target that is well.

As an Application Load Balancer does: in turn; to every target where none is well; 503 where there is none, 502 where it can't
be reached or hangs up, 504 where it does not answer in time; no request is sent twice. TLS is left out on this machine: the
HTTPS listener is asked over HTTP, and X-Forwarded-Proto says https.
"""

import asyncio
import contextlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from itertools import count

import aiohttp
from aiohttp import web
from yarl import URL

from landbridge.model.wire import PROBE_HEADER, REGION_HEADER
from landbridge.rehearse.emulator.listen import listen
from landbridge.rehearse.emulator.message import buffered, carried, once
from landbridge.rehearse.fabric.edge import VIEWER_HEADER
from landbridge.rehearse.payments.deployed import Front, Listener, Look
from landbridge.rehearse.payments.firewall import Came

COUNTRY_HEADER = "cloudfront-viewer-country"
ANSWER_SECONDS = 60.0  # the idle timeout of a load balancer that says nothing else


@dataclass(slots=True)
class Target:
    """A process that serves, and what the looks at it add up to; it begins unwell, as behind the real one."""

    url: str
    well: bool = False
    against: int = 0

    def seen(self, *, good: bool, look: Look) -> None:
        """One look."""
        self.against = 0 if good is self.well else self.against + 1
        if self.against >= (look.well if good else look.unwell):
            self.well, self.against = good, 0


@dataclass(frozen=True, slots=True)
class Passed:
    """A request as it went; `rule` turned it away, and without one it `reached` a target that answered after `seconds`."""

    at: float
    country: str
    method: str
    status: int
    rule: str | None
    reached: bool = False
    seconds: float = 0.0
    probe: bool = False


@dataclass
class Balancer:
    """Listens on a free port of 127.0.0.1 for each listener; looks are made `quicker` times as often as deployed."""

    front: Front
    clock: Callable[[], float]
    passed: Callable[[Passed], None]
    quicker: float = 1.0
    ports: dict[int, int] = field(default_factory=dict)
    _targets: dict[str, Target] = field(default_factory=dict)
    _turn: "count[int]" = field(default_factory=count)
    _stack: contextlib.AsyncExitStack = field(default_factory=contextlib.AsyncExitStack)

    def url(self, protocol: str = "HTTPS") -> str:
        """Where clients of that protocol go."""
        port = next(each.port for each in self.front.listeners if each.protocol == protocol)
        return f"http://127.0.0.1:{self.ports[port]}"

    def register(self, *urls: str) -> None:
        """From now on these are the targets; one that was one already stays as well as it was."""
        self._targets = {url: self._targets.get(url, Target(url)) for url in urls}

    def well(self) -> list[str]:
        """The targets that are asked."""
        return sorted(target.url for target in self._targets.values() if target.well)

    async def start(self) -> None:
        """Listens, and begins to look."""
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=10.0, sock_read=ANSWER_SECONDS)
        session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0, force_close=True),
            middlewares=(once,),
            timeout=timeout,
            auto_decompress=False,
            cookie_jar=aiohttp.DummyCookieJar(),
        )
        self._session = await self._stack.enter_async_context(session)
        looking = asyncio.create_task(self._looks())
        self._stack.push_async_callback(_ended, looking)
        for each in self.front.listeners:
            self.ports[each.port] = await listen(self._stack, partial(self._answer, each))

    async def stop(self) -> None:
        """Closes the ports and what is under way; safe to repeat."""
        await self._stack.aclose()

    async def _answer(self, at: Listener, request: web.BaseRequest) -> web.StreamResponse:
        now, country = self.clock(), request.headers.get(COUNTRY_HEADER, "")
        rule = self.front.firewall.stopped_by(Came(_address(request), country, now))
        answer = web.Response(status=403) if rule else await self._allowed(at, request)
        reached, took = rule is None and REGION_HEADER in answer.headers, self.clock() - now
        self.passed(Passed(now, country, request.method, answer.status, rule, reached, took, PROBE_HEADER in request.headers))
        return answer

    async def _allowed(self, at: Listener, request: web.BaseRequest) -> web.Response:
        if at.redirect:
            scheme, _, port = at.redirect.partition(":")
            to = f"{scheme}://{request.host.partition(':')[0]}:{port}{request.raw_path}"
            return web.Response(status=at.status, headers={"location": to})
        asked = [target for target in self._targets.values() if target.well] or list(self._targets.values())
        if not asked:
            return web.Response(status=503)
        target = asked[next(self._turn) % len(asked)]
        try:
            return await self._asked(target, at, request)
        except TimeoutError:
            return web.Response(status=504)
        except aiohttp.ClientError:
            return web.Response(status=502)

    async def _asked(self, target: Target, at: Listener, request: web.BaseRequest) -> web.Response:
        headers = carried(request.headers)
        came = [*headers.popall("X-Forwarded-For", []), _address(request)]
        headers.update(
            {
                "X-Forwarded-For": ", ".join(came),
                "X-Forwarded-Proto": at.protocol.lower(),
                "X-Forwarded-Port": str(at.port),
            }
        )
        url, body = URL(target.url + request.raw_path, encoded=True), await request.read()
        async with self._session.request(
            request.method, url, headers=headers, data=body or None, allow_redirects=False
        ) as answer:
            return buffered(answer, await answer.read())

    async def _looks(self) -> None:
        while True:
            for target in tuple(self._targets.values()):
                target.seen(good=await self._look(target), look=self.front.look)
            await asyncio.sleep(self.front.look.interval / self.quicker)

    async def _look(self, target: Target) -> bool:
        how = self.front.look
        try:
            async with asyncio.timeout(how.timeout), self._session.get(target.url + how.path, allow_redirects=False) as answer:
                return answer.status in how.codes
        except (aiohttp.ClientError, TimeoutError):
            return False


async def _ended(task: "asyncio.Task[None]") -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def _address(request: web.BaseRequest) -> str:
    """On one machine all clients have one address, so each tells its own."""
    told: Mapping[str, str] = request.headers
    return told.get(VIEWER_HEADER) or request.remote or ""
