"""A small market for tests: a dashboard, a ledger that knows its items, and traders who nap shortly."""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import aiohttp
import orjson
from tests.unit.rehearse_face.dashboard import Dashboard
from tests.unit.rehearse_world.servers import until

from landbridge.config.rehearsal import Traffic
from landbridge.rehearse.ledger import Ledger
from landbridge.rehearse.traders.crowd import Crowd
from landbridge.rehearse.traders.items import initial_items
from landbridge.rehearse.traders.line import Line, once
from landbridge.rehearse.traders.trader import Trader

SEED = 7
NAME = "trader-0000"
READ, WRITE = False, True


def traffic(**changes: float) -> Traffic:
    """Few items, many requests."""
    plain = {
        "rate": 300,
        "traders": 5,
        "write_share": 0.4,
        "commanders": 5,
        "command_share": 0.5,
        "items": 20,
        "retry_seconds": 30,
        "slow_seconds": 20,
        "warm_up_seconds": 1,
    }
    return Traffic.model_validate(plain | changes)


class World:
    """A dashboard, a ledger that knows its items, and traders who nap shortly."""

    def __init__(self, folder: Path) -> None:
        began = time.monotonic()
        self.clock: Callable[[], float] = lambda: time.monotonic() - began
        self.traffic = traffic()
        self.file = folder / "ledger.jsonl"
        self.ledger = Ledger(self.file, self.clock, self.traffic.slow_seconds)
        self.ledger.load(initial_items(self.traffic, SEED))
        self.dashboard = Dashboard()
        self.dashboard.load(initial_items(self.traffic, SEED))
        self.naps: list[float] = []

    def turns(self, *writes: bool, faults: str = "") -> None:
        """One trader takes these turns one after another, each fault striking one request."""
        self.dashboard.faults = deque(fault for fault in faults.split(", ") if fault)
        asyncio.run(self._turns(writes))

    def crowd(self, enough: Callable[[], bool]) -> None:
        """A crowd trades until enough has happened."""
        asyncio.run(self._crowd(enough))

    def lines(self, what: str) -> list[dict[str, Any]]:
        """The lines of this kind the ledger wrote so far."""
        lines = [orjson.loads(line) for line in self.file.read_bytes().splitlines()]
        return [line for line in lines if line["what"] == what]

    def counts(self) -> tuple[int, int, int, int]:
        """Total, failed, raw errors, wrong."""
        seen = self.ledger.tally.requests()
        return seen.total, seen.failed, seen.raw_errors, seen.wrong

    def line(self, session: aiohttp.ClientSession, url: str) -> Line:
        """A way to this address."""
        patience = self.traffic.retry_seconds
        return Line(session, url, self.ledger, retry_seconds=patience, clock=self.clock, sleep=self.nap, random=Random(2))

    def trader(self) -> Trader:
        """One trader, the same each time, who looks at own views and at one other that exists."""
        return Trader(NAME, self.ledger, [("client-000000", "orders")], Random(1))

    async def nap(self, seconds: float) -> None:
        """Sleeps, but not for long."""
        self.naps.append(seconds)
        await asyncio.sleep(min(seconds, 0.005))

    async def _turns(self, writes: tuple[bool, ...]) -> None:
        trader = self.trader()
        async with self.dashboard.served() as url, aiohttp.ClientSession(middlewares=(once,)) as session:
            for wants_to_write in writes:
                await trader.turn(self.line(session, url), self.clock(), wants_to_write=wants_to_write)

    async def _crowd(self, enough: Callable[[], bool]) -> None:
        async with self.dashboard.served() as url:
            over = asyncio.Event()
            crowd = Crowd(url, self.ledger, self.traffic, SEED, clock=self.clock, sleep=self.nap, commanders=())
            trading = asyncio.create_task(crowd.run(over))
            await until(enough)
            over.set()
            await trading
