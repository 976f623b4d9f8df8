"""Small servers that keep what they were asked, for whatever stands in front of them."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web

Handler = Callable[[web.BaseRequest, bytes], Awaitable[web.StreamResponse]]


async def echo(request: web.BaseRequest, body: bytes) -> web.StreamResponse:
    """Says back what it was asked."""
    said = {"method": request.method, "path": request.raw_path, "host": request.host, "body": body.decode("latin-1")}
    return web.json_response(said, status=201, headers={"x-kept": "yes", "x-amz-crc32": "1"})


@dataclass
class Upstream:
    """A server on a free port: what it heard, and how it answers; `handler` may be swapped."""

    handler: Handler = echo
    port: int = 0
    heard: list[tuple[str, str]] = field(default_factory=list)
    inside: int = 0
    most_inside: int = 0

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        """Takes note, then answers."""
        body = await request.read()
        self.heard.append((request.method, request.raw_path))
        self.inside += 1
        self.most_inside = max(self.most_inside, self.inside)
        try:
            return await self.handler(request, body)
        finally:
            self.inside -= 1


@asynccontextmanager
async def upstream(handler: Handler = echo) -> AsyncIterator[Upstream]:
    """A running upstream."""
    made = Upstream(handler)
    runner = web.ServerRunner(web.Server(made.answer, access_log=None), shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    made.port = int(runner.addresses[0][1])
    try:
        yield made
    finally:
        await runner.cleanup()


async def until(true: Callable[[], bool], seconds: float = 10.0) -> None:
    """Waits until something holds, and fails when it never does."""
    async with asyncio.timeout(seconds):
        while not true():  # noqa: ASYNC110 - what is waited for lives in other processes and threads
            await asyncio.sleep(0.01)
