"""Home again after a long stay: of 100,000 records and 2,000 commands at the target, all are at the source."""

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random

import aiohttp
import pytest

from landbridge.aws.clients import Clients
from landbridge.model.market import Tick
from landbridge.model.region import Region
from landbridge.rehearse.market import market
from landbridge.rehearse.market.feed import PUT_MOST, Feed
from landbridge.rehearse.market.live import LiveIngest
from landbridge.rehearse.market.ticks import Ticks
from landbridge.rehearse.traders.commands import Commander
from landbridge.rehearse.traders.line import Line, once
from landbridge.rehearse.world import IMPATIENT
from tests.contract.world.source_alone import SourceAlone, source_alone
from tests.integration.rehearsals import trading_world, verb

RECORDS, COMMANDS, USERS = 100_000, 2_000, 32
RATE = 10.0  # trades a second of each feed, before and after the many
ONE_SHARE = "weights = [100]"  # the reads have proofs of their own
SECONDS = 240.0


class Hasty(Ticks):
    """Trades that come before their time, by so many seconds."""

    ahead = 0.0

    def due(self, now: float) -> list[Tick]:
        """What happens until then."""
        return super().due(now + self.ahead)


@dataclass(frozen=True)
class Busy:
    """A world with its users and feeds, and more of both when asked for."""

    kept: SourceAlone
    ticks: tuple[Hasty, ...]

    @classmethod
    def of(cls, kept: SourceAlone) -> "Busy":
        """The feeds of its configuration."""
        names, seed = kept.made.trading.market.feeds, kept.rehearsal.seed
        return cls(kept, tuple(Hasty(name, RATE, seed, time.time()) for name in names))

    @asynccontextmanager
    async def trading(self) -> AsyncIterator[None]:
        """As long as the block lasts."""
        kept, over = self.kept, asyncio.Event()
        ingest = LiveIngest.of(kept.made._migration(Clients(kept.world.clients.endpoints, timeouts=IMPATIENT)))
        feeds = [Feed(each, ingest, kept.books.market, time.time, together=PUT_MOST) for each in self.ticks]
        crowd = kept.made._crowd(kept.world.edge.url, kept.books)
        running = [asyncio.create_task(crowd.run(over)), asyncio.create_task(market.run(feeds, over, time.time))]
        try:
            yield
        finally:
            over.set()
            await asyncio.gather(*running)

    async def put_many(self) -> None:
        """So many records; all of them rows in both regions at the end."""
        wanted = RECORDS + sum(self.kept.books.market.upto.values())
        for each in self.ticks:
            each.ahead = RECORDS / len(self.ticks) / RATE
        await _until(lambda: self._rows(wanted))

    async def order_many(self) -> None:
        """By users of their own, each one command after the other."""
        kept, made = self.kept, self.kept.made
        wanted = len(kept.books.commands.promised) + COMMANDS
        connector = aiohttp.TCPConnector(limit=0)
        async with aiohttp.ClientSession(connector=connector, middlewares=(once,)) as session:
            chance = Random("many")
            patience = kept.rehearsal.traffic.retry_seconds
            line = Line(
                session,
                kept.world.edge.url,
                kept.books.ledger,
                retry_seconds=patience,
                clock=made.clock,
                sleep=asyncio.sleep,
                random=chance,
            )
            users = [Commander(f"many-{number}", kept.books.ledger, kept.books.commands, chance) for number in range(USERS)]
            await asyncio.gather(*(self._order(user, line, wanted) for user in users))

    async def _order(self, user: Commander, line: Line, wanted: int) -> None:
        while len(self.kept.books.commands.promised) < wanted:
            await user.turn(line, self.kept.made.clock())

    async def _rows(self, wanted: int) -> bool:
        counts = [await asyncio.to_thread(self._counted, region) for region in self.kept.migration.regions]
        return min(counts) >= wanted

    def _counted(self, region: Region) -> int:
        dynamodb = self.kept.migration.clients.client("dynamodb", region)
        return int(dynamodb.describe_table(TableName=self.kept.migration.named("analytics"))["Table"]["ItemCount"])


async def _until(look: Callable[[], Awaitable[bool]]) -> None:
    ends = time.monotonic() + SECONDS
    while not await look():
        assert time.monotonic() < ends, "it never came about"
        await asyncio.sleep(0.5)


async def _done(busy: Busy, what: str) -> None:
    """A move as a user begins it."""
    told = await asyncio.to_thread(verb, what, str(busy.kept.folder))
    assert told.returncode == 0, told.stdout + told.stderr


async def _timed(what: str, doing: Awaitable[None]) -> None:
    began = time.monotonic()
    await doing
    sys.stderr.write(f"{what}: {time.monotonic() - began:.0f} s\n")


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_all_that_came_at_the_target_is_at_the_source_after_the_return(tmp_path: Path) -> None:
    """Once, whole and in order, in tables and history, as are all others; and nobody's request failed."""

    async def run() -> None:
        folder, world = tmp_path / "run", trading_world(tmp_path)
        folder.mkdir()
        world.write_text(world.read_text(encoding="utf-8").replace("weights = [1, 25, 50, 100]", ONE_SHARE), encoding="utf-8")
        async with source_alone(folder, world) as kept:
            busy = Busy.of(kept)
            async with busy.trading():
                await _timed("there", _done(busy, "migrate"))
                await _timed(f"{RECORDS} records", busy.put_many())
                await _timed(f"{COMMANDS} commands", busy.order_many())
                await _timed("back", _done(busy, "failback"))
            settled = await kept.settled()
            assert all(each.is_whole for each in settled), settled
            accepted = {each.what: each.accepted for each in settled}
            assert accepted["trades"] > RECORDS
            assert accepted["commands"] > COMMANDS
            seen = kept.books.ledger.tally.requests()
            assert (seen.failed, seen.wrong) == (0, 0), seen.errors

    asyncio.run(run())
