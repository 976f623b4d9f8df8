"""Who is told to stop at the very moment when a call's time runs out stops: nothing in the rehearsal outlives its end."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from tests.unit.rehearse_face.trading import World
from tests.unit.rehearse_world.servers import Upstream, until, upstream

from landbridge.model.region import Region
from landbridge.rehearse.fabric import health
from landbridge.rehearse.fabric.addresses import Addresses
from landbridge.rehearse.fabric.event_source.region import Calls
from landbridge.rehearse.traders import line

SECONDS = 0.2
HERE = Region("eu-central-1")


async def _poller(url: str) -> None:
    calls = Calls(HERE, url)
    try:
        await calls.send("kinesis", "POST", "/", b"{}", seconds=SECONDS)
    finally:
        await calls.close()


async def _watch(url: str) -> None:
    checks = health.HealthChecks(Addresses({HERE: url}), 60, 3, lambda _: None)
    host = f"ab12.execute-api.{HERE}.amazonaws.com"
    await checks._watch({"Type": "HTTPS", "FullyQualifiedDomainName": host}, health._Streak(3))


def _trader(folder: Path) -> Callable[[str], Awaitable[None]]:
    async def ask(url: str) -> None:
        world = World(folder)
        async with aiohttp.ClientSession(middlewares=(line.once,)) as session:
            with world.ledger:
                await world.trader().turn(world.line(session, url), world.clock(), wants_to_write=False)

    return ask


@pytest.mark.parametrize("who", ["poller", "health check", "trader"])
def test_a_cancellation_together_with_the_time_limit_is_heard(who: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both are due in one turn of the loop, the time limit first."""
    monkeypatch.setattr(line, "ATTEMPT_SECONDS", SECONDS)
    monkeypatch.setattr(health, "CONNECT_SECONDS", SECONDS / 2)
    monkeypatch.setattr(health, "ANSWER_SECONDS", SECONDS / 2)
    call = {"poller": _poller, "health check": _watch, "trader": _trader(tmp_path)}[who]

    async def silent(_request: web.BaseRequest, _body: bytes) -> web.StreamResponse:
        await asyncio.sleep(10)
        return web.Response()

    async def run(behind: Upstream) -> None:
        loop = asyncio.get_running_loop()
        calling = asyncio.ensure_future(call(behind.url))
        await until(lambda: bool(behind.heard))
        loop.call_later(SECONDS, calling.cancel)
        time.sleep(2 * SECONDS)  # noqa: ASYNC251 - the loop must be late
        with pytest.raises(asyncio.CancelledError):
            await calling

    async def served() -> None:
        async with upstream(silent) as behind:
            await run(behind)

    asyncio.run(served())
