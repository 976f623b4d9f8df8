"""All traders at once, at a steady rate that doesn't wait for answers.

Requests come due as people's do, at random around the rate. When too many are open, the next ones start late but are
still timed from when they were due: an overload shows as slow answers, never as fewer questions.
"""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from random import Random
from typing import Any

import aiohttp

from landbridge.config.rehearsal import Traffic
from landbridge.rehearse.ledger import Ledger
from landbridge.rehearse.traders.arrivals import arrivals
from landbridge.rehearse.traders.commands import Commander
from landbridge.rehearse.traders.items import VIEWS, initial_items, trader_names
from landbridge.rehearse.traders.line import Line, Sleep, once
from landbridge.rehearse.traders.trader import Trader

OPEN_SECONDS = 20  # as many requests may be open as come due in this time
OPEN_AT_LEAST = 200


class Crowd:
    """Expects a ledger that already knows the initial items."""

    def __init__(
        self,
        edge_url: str,
        ledger: Ledger,
        traffic: Traffic,
        seed: int,
        *,
        clock: Callable[[], float],
        sleep: Sleep = asyncio.sleep,
        commanders: Sequence[Commander],
    ) -> None:
        self._edge_url = edge_url
        self._ledger = ledger
        self._traffic = traffic
        self._clock = clock
        self._sleep = sleep
        self._commanders = commanders
        self._random = Random(f"{seed}/crowd")
        names = trader_names(traffic)
        everyone = [item.key for item in initial_items(traffic, seed)] + [(name, view) for name in names for view in VIEWS]
        self._traders = [Trader(name, ledger, everyone, Random(f"{seed}/{name}")) for name in names]

    async def run(self, until: asyncio.Event) -> None:
        """Trades until told to stop, then waits until every open request is answered or given up."""
        room = asyncio.Semaphore(max(OPEN_AT_LEAST, int(self._traffic.rate * OPEN_SECONDS)))
        connector = aiohttp.TCPConnector(limit=0)
        async with aiohttp.ClientSession(connector=connector, middlewares=(once,)) as session, asyncio.TaskGroup() as turns:
            line = self._line(session)
            async for due in arrivals(self._traffic.rate, self._random, self._clock, self._sleep, until):
                await room.acquire()
                turns.create_task(self._turn(line, due)).add_done_callback(lambda _: room.release())

    def _turn(self, line: Line, due: float) -> Coroutine[Any, Any, None]:
        """Somebody's; while every commander waits for an answer, a trader's."""
        if self._random.random() < self._traffic.command_share:
            free = [commander for commander in self._commanders if commander.free]
            if free:
                return self._random.choice(free).turn(line, due)
        wants_to_write = self._random.random() < self._traffic.write_share
        return self._random.choice(self._traders).turn(line, due, wants_to_write=wants_to_write)

    def _line(self, session: aiohttp.ClientSession) -> Line:
        return Line(
            session,
            self._edge_url,
            self._ledger,
            retry_seconds=self._traffic.retry_seconds,
            clock=self._clock,
            sleep=self._sleep,
            random=self._random,
        )
