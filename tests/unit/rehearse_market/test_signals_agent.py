"""Signals on both sides of a move: complete and right on the target, whatever dies, and nobody's where no pen is."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.fakes import SOURCE, TARGET
from tests.unit.rehearse_market.flink_region import SHARD, FlinkRegion

from landbridge.model.errors import Unreachable
from landbridge.model.market import EndMarker, Stream
from landbridge.model.pen import Epoch
from landbridge.model.trade import trade
from landbridge.rehearse.fabric.event_source.record import Place
from landbridge.rehearse.fabric.signals.agent import SignalsAgent
from landbridge.rehearse.fabric.signals.job import Job
from landbridge.rehearse.market.book import Book
from landbridge.rehearse.market.offline import recomputed
from landbridge.rehearse.market.signals_book import SignalsVerdict, Taken, settle
from landbridge.rehearse.market.ticks import Ticks
from landbridge.workloads.trading.signals.definitions import definitions
from landbridge.workloads.trading.signals.rows import standing
from landbridge.workloads.trading.signals.writer import Writer

BEGAN = 1_767_603_600.0
STEP, COPIED = 0.5, 3  # seconds of a turn; turns from one copied batch to the next
FEEDS = ("consolidated", "direct")


@dataclass
class Market:
    """Two regions, their copies both ways, and two feeds that put where they are told."""

    folder: Path
    source: FlinkRegion = field(default_factory=lambda: FlinkRegion(SOURCE, BEGAN))
    target: FlinkRegion = field(default_factory=lambda: FlinkRegion(TARGET, BEGAN))
    turns: int = 0
    copied: int = COPIED
    killed: bool = False  # the target's application, just before its pen opens

    def __post_init__(self) -> None:
        self.at = dict.fromkeys(FEEDS, self.source)
        self.agents = [self.source.agent(self.folder), self.target.agent(self.folder)]
        self.book = Book(self.folder / "market.jsonl", lambda: self.source.now)
        self._ticks = [Ticks(name, 10, 7, BEGAN, ("SAP", "SIE", "BAS")) for name in FEEDS]
        self._copied = {SOURCE: 0, TARGET: 0}
        self.source.hold(1)
        self.target.hold(None)

    async def trade(self, seconds: float) -> None:
        """For so long."""
        for _ in range(int(seconds / STEP)):
            self.turns += 1
            self.source.now = self.target.now = BEGAN + self.turns * STEP
            for ticks in self._ticks:
                due = ticks.due(self.source.now)
                self.book.made(due)
                self.at[ticks.feed].put_live(*(tick.text() for tick in due))
                self.book.stored(self.at[ticks.feed].region, due)
            if self.turns % self.copied == 0:
                self._copied[SOURCE] = self.source.copied_to(self.target, self._copied[SOURCE])
                self._copied[TARGET] = self.target.copied_to(self.source, self._copied[TARGET])
            await self.turn()

    async def turn(self) -> None:
        """One of both regions' Flink."""
        for agent in self.agents:
            with suppress(Unreachable):
                await agent.turn(self.source.now)

    async def move(self) -> None:
        """The market's pen from source to target: feeds one after the other, the end marker, a while of nobody."""
        self.at["direct"] = self.target
        await self.trade(2)
        self.at["consolidated"] = self.target
        await self.trade(2)
        self.source.hold(None)
        self.source.put_live(EndMarker(SOURCE, SHARD, Epoch(1), 7).text())
        await self.trade(6)
        if self.killed:
            self.agents[1].kill()
        self.target.hold(2)

    def judged(self) -> SignalsVerdict:
        """By the book; the table is one for both regions."""
        rows = [*self.source.rows.values(), *self.target.rows.values()]
        late = {
            region.region: frozenset(agent.late) for region, agent in zip((self.source, self.target), self.agents, strict=True)
        }
        return settle(definitions(), Taken.of(self.book, definitions()), late, {SOURCE: rows})


async def moved(market: Market, meanwhile: Callable[[Market], Awaitable[None]] | None = None) -> None:
    """A minute at the source, the move, and half a minute at the target."""
    await market.trade(60)
    await market.move()
    if meanwhile:
        await meanwhile(market)
    await market.trade(30)


def played(market: Market, meanwhile: Callable[[Market], Awaitable[None]] | None = None) -> SignalsVerdict:
    """What came of it."""
    asyncio.run(moved(market, meanwhile))
    market.book.close()
    return market.judged()


def test_windows_that_span_the_move_are_complete_on_the_target(tmp_path: Path) -> None:
    """Every window once and right, none cold: the target's means go on from what the mirror brought."""
    market = Market(tmp_path)
    verdict = played(market)
    assert (verdict.missing, verdict.different, verdict.invented) == ((), (), ())
    assert verdict.windows > 200
    theirs = standing(market.target.rows.values())
    assert min(each.start for each in theirs) < (BEGAN + 60) * 1000
    assert not [each for each in theirs if each.start > (BEGAN + 30) * 1000 and each.slow is None]


def test_a_target_that_reads_no_mirror_is_found_out(tmp_path: Path) -> None:
    """Windows before the move that it puts over the source's, and means after it."""
    market = Market(tmp_path)
    market.source.copied_to = lambda other, begun: begun  # type: ignore[method-assign]
    verdict = played(market)
    assert verdict.different or verdict.missing


def test_what_a_replicator_catches_up_with_is_put_in_order(tmp_path: Path) -> None:
    """Most of a minute in one batch, key by key: nothing of it is late."""
    market = Market(tmp_path)
    market.source.copied_to = lambda other, begun: begun  # type: ignore[method-assign]
    asyncio.run(market.trade(45))
    del market.source.copied_to
    verdict = played(market)
    assert (verdict.missing, verdict.different, verdict.invented, market.agents[1].late) == ((), (), (), set())


def test_nobody_puts_without_the_pen(tmp_path: Path) -> None:
    """The source until its pen is closed, the target from when it has it."""
    market = Market(tmp_path)
    asyncio.run(market.trade(45))
    assert market.source.rows
    assert not market.target.rows
    market.book.close()


def test_a_slow_replicator_is_waited_for(tmp_path: Path) -> None:
    """Five seconds behind, with one feed here and one there."""
    verdict = played(Market(tmp_path, copied=10))
    assert (verdict.missing, verdict.different, verdict.invented) == ((), (), ())


def test_killed_before_its_pen_opens_it_goes_on_from_its_snapshot(tmp_path: Path) -> None:
    """What it kept back, what it remembers of each symbol, and where it stood in each shard."""
    market = Market(tmp_path, killed=True)
    verdict = played(market)
    assert market.agents[1].restored == 1
    assert (verdict.missing, verdict.different, verdict.invented) == ((), (), ())


def test_a_snapshot_holds_what_is_kept_for_the_pen() -> None:
    """Flink's would not: a slot's own memory is in no checkpoint."""
    region = FlinkRegion(TARGET, BEGAN)
    signals = recomputed(definitions(), [trade(tick) for tick in Ticks("direct", 10, 7, BEGAN, ("SAP",)).due(BEGAN + 10)])
    job = Job.begin(definitions(), Writer(region), {Stream.LIVE: [SHARD]}, Place())
    job.writer.keep(signals)
    assert Job.restore(definitions(), Writer(region), job.snapshot()).writer.kept == tuple(signals)


def test_killed_before_its_first_snapshot_it_begins_at_the_horizon(tmp_path: Path) -> None:
    """Rows are put again, which changes nothing."""

    async def early(market: Market) -> None:
        await market.trade(40)
        market.agents[0].kill()
        await market.trade(40)

    market = Market(tmp_path)
    asyncio.run(early(market))
    market.book.close()
    assert market.agents[0].restored == 0
    verdict = market.judged()
    assert (verdict.missing, verdict.different, verdict.invented) == ((), (), ())


def test_a_region_out_of_reach_goes_on_later(tmp_path: Path) -> None:
    """Nothing is read, nothing is put, and nobody is taken for quiet meanwhile."""

    async def out(market: Market) -> None:
        market.target.reachable = False
        await market.trade(40)
        market.target.reachable = True

    market = Market(tmp_path)
    verdict = played(market, out)
    assert (verdict.missing, verdict.different, verdict.invented) == ((), (), ())


def test_stopped_it_takes_a_snapshot_and_deleted_it_leaves_none(tmp_path: Path) -> None:
    """As on AWS."""
    market = Market(tmp_path)
    agent: SignalsAgent = market.agents[0]

    async def stop() -> None:
        await market.trade(10)
        market.source.status = "READY"
        await market.trade(3)
        assert agent.snapshot.exists()
        market.source.status = "RUNNING"
        await market.trade(3)
        assert agent.restored == 1
        market.source.status = None
        await market.trade(3)
        assert not agent.snapshot.exists()

    asyncio.run(stop())
    market.book.close()
