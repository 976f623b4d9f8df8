"""A whole migration on one machine, from the loaded source to the verdict: world, users, engine, fault, judgement, report."""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from landbridge.aws.clients import Clients
from landbridge.config.rehearsal import Fault, Rehearsal
from landbridge.config.spec import Trading
from landbridge.migrate.adapters.compose import Migration
from landbridge.migrate.progress import Outcome
from landbridge.model.market import Stream
from landbridge.rehearse import source
from landbridge.rehearse.books import Books
from landbridge.rehearse.command_book import CommandBook
from landbridge.rehearse.edged import EdgedWorld
from landbridge.rehearse.engines import Engines
from landbridge.rehearse.gathered import gathered
from landbridge.rehearse.history_book import HistoryBook
from landbridge.rehearse.judge import Expectation, Verdict, judge
from landbridge.rehearse.ledger import Ledger
from landbridge.rehearse.live import View
from landbridge.rehearse.market import market
from landbridge.rehearse.market.book import Book
from landbridge.rehearse.market.live import LiveIngest
from landbridge.rehearse.report import write_report
from landbridge.rehearse.retirement import Approvers, back_up
from landbridge.rehearse.run_folder import RunFolder
from landbridge.rehearse.settled import Settled
from landbridge.rehearse.signals_started import start_signals
from landbridge.rehearse.strike import Striker
from landbridge.rehearse.timeline import Timeline
from landbridge.rehearse.traders.commands import commanders
from landbridge.rehearse.traders.crowd import Crowd
from landbridge.rehearse.traders.items import initial_items
from landbridge.rehearse.usage import Usage, kinds
from landbridge.rehearse.watch import Watch
from landbridge.rehearse.world import IMPATIENT, World

LOOK_SECONDS = 0.5
AFTERWARDS_SECONDS = 3.0  # users go on a little, so that what the end broke would show
SETTLE_ROUNDS, SETTLE_SECONDS = 30, 1.0
PATIENCE_SECONDS = 60.0  # an engine that died may be replaced by hand: `landbridge migrate --resume`


@dataclass
class Rehearse:
    """One rehearsal; `run` may be called once."""

    trading: Trading
    rehearsal: Rehearsal
    faults: tuple[Fault, ...]
    folder: Path
    templates: Path
    command: str
    tell: Callable[[str], None]
    and_back: bool = False  # after the move is done, everything goes home again
    retire: bool = False  # after the move is done, the source is taken away
    began: float = field(default_factory=time.time)
    setup: dict[str, float] = field(default_factory=dict)
    missed: tuple[Fault, ...] = ()
    usage: Usage = field(init=False)

    def clock(self) -> float:
        """Seconds since the run began."""
        return time.time() - self.began

    async def run(self, view: View, hold: Callable[[World, Verdict], Any] | None = None) -> Verdict:
        """Build the source, load it, migrate it, judge; `hold` is awaited while the world is still up."""
        self.folder.mkdir(parents=True, exist_ok=True)
        book = Book(self.folder / "market.jsonl", time.time)
        with closing(book), Ledger(self.folder / "ledger.jsonl", self.clock, self.rehearsal.traffic.slow_seconds) as ledger:
            async with self._timed("world", EdgedWorld(self.trading.platform, self.rehearsal, self.folder)) as world:
                RunFolder(self.folder).keep(self.trading)
                migration = self._migration(world.clients)
                history = HistoryBook.of(self.rehearsal.traffic.history_versions, self.rehearsal.seed)
                books = Books(ledger, CommandBook(ledger), history, book, world.late_trades)
                await self._build(migration, books)
                watch = self._watch(world, ledger)
                outcome = await self._under_traffic(world, books, watch, view)
                verdict = await self._judge(migration, books, watch, outcome)
                if hold:
                    await hold(world, verdict)
        return verdict

    @asynccontextmanager
    async def _timed(self, name: str, world: EdgedWorld) -> AsyncIterator[EdgedWorld]:
        began = self.clock()
        async with world:
            self._took(name, began)
            yield world

    def _took(self, name: str, began: float) -> None:
        self.setup[name] = round(self.clock() - began, 1)
        self.tell(f"{name}: {self.setup[name]} s")

    def _migration(self, clients: Clients) -> Migration:
        kept = RunFolder(self.folder).comparisons
        return Migration(clients, self.trading, self.templates, time.time, time.sleep, kept=kept)

    async def _build(self, migration: Migration, books: Books) -> None:
        """The platform as it was before landbridge: stacks, data, name, warm functions."""
        items = list(initial_items(self.rehearsal.traffic, self.rehearsal.seed))
        books.ledger.load(items)
        parts: dict[str, Callable[[], None]] = {
            "source deployed": lambda: source.deploy_source(migration, self.tell),
            "source loaded": lambda: source.load(migration, items),
            "history loaded": lambda: source.load_history(migration, books.history.loaded),
            "source named": lambda: source.give_name(migration),
            "source warmed": lambda: source.warm_source(migration),
        }
        for name, part in parts.items():
            began = self.clock()
            await asyncio.to_thread(part)
            self._took(name, began)

    def _watch(self, world: World, ledger: Ledger) -> Watch:
        bystander = self._migration(Clients(world.clients.endpoints, timeouts=IMPATIENT))
        timeline, journal = Timeline(self.clock), bystander.journal("bystander")
        return Watch(journal, bystander.plan(), timeline, ledger, self.clock, self.began, migration=bystander)

    def _next(self, there: Watch, *, back: bool = False, retiring: bool = False) -> Watch:
        """The same bystander, looking at the way home, or at the end of the source."""
        migration = replace(there.migration, back=back, retiring=retiring)
        return replace(there, migration=migration, plan=migration.plan(), holders=dict(there.holders))

    def _crowd(self, edge_url: str, books: Books) -> Crowd:
        traffic, seed = self.rehearsal.traffic, self.rehearsal.seed
        ordering = commanders(books.ledger, books.commands, traffic, seed)
        return Crowd(edge_url, books.ledger, traffic, seed, clock=self.clock, commanders=ordering)

    async def _trade(self, world: EdgedWorld, books: Books, over: asyncio.Event) -> None:
        """Users, and the market they watch."""
        async with asyncio.TaskGroup() as everybody:
            everybody.create_task(self._crowd(world.edge.url, books).run(over))
            if self.trading.market.feeds:
                ingest = LiveIngest.of(self._migration(Clients(world.clients.endpoints, timeouts=IMPATIENT)))
                feeds = market.feeds(ingest, books.market, self.rehearsal.traffic.ticks, self.rehearsal.seed, time.time)
                everybody.create_task(market.run(feeds, over, time.time))
            if self.trading.market.signals:
                named = self.trading.platform.named("signals")
                everybody.create_task(start_signals(world.agents, world.pair, named, over))

    async def _under_traffic(self, world: EdgedWorld, books: Books, watch: Watch, view: View) -> str:
        over = asyncio.Event()
        trading = asyncio.create_task(self._trade(world, books, over))
        engines = Engines(self.folder, self.templates, self.tell)
        self.usage = Usage(kinds(world, engines), self.clock)
        measuring = asyncio.create_task(self.usage.run())
        try:
            with view:
                await self._warm_up(watch, view)
                await engines.start("migrate")
                outcome = await self._until_over(world, engines, watch, view)
                if outcome == Outcome.DONE and (self.and_back or self.retire):
                    await asyncio.sleep(AFTERWARDS_SECONDS)
                    outcome = await self._afterwards(world, engines, watch, view)
            await asyncio.sleep(AFTERWARDS_SECONDS)
        except BaseException:
            trading.cancel()
            raise
        finally:
            over.set()
            measuring.cancel()
            await engines.stop()
            await asyncio.gather(trading, return_exceptions=trading.cancelling() > 0)
        return outcome

    async def _afterwards(self, world: World, engines: Engines, there: Watch, view: View) -> str:
        """The way home, or the end of the source."""
        if not self.retire:
            await engines.start("failback")
            return await self._until_over(world, engines, self._next(there, back=True), view)
        watch = self._next(there, retiring=True)
        await asyncio.to_thread(back_up, watch.migration)
        await engines.start("retire")
        agreeing = asyncio.create_task(Approvers(watch.migration, watch.plan).agree())
        try:
            return await self._until_over(world, engines, watch, view)
        finally:
            agreeing.cancel()

    async def _warm_up(self, watch: Watch, view: View) -> None:
        ends = self.clock() + self.rehearsal.traffic.warm_up_seconds
        while self.clock() < ends:
            await asyncio.to_thread(watch.look)
            view.show(watch.moment())
            await asyncio.sleep(LOOK_SECONDS)

    async def _until_over(self, world: World, engines: Engines, watch: Watch, view: View) -> str:
        """Watch until the journal has an outcome, a person is needed, or nobody goes on."""
        strikers = self._strikers(world, engines, watch)
        silent_since: float | None = None
        outcome = None
        while outcome is None and self.clock() < self.rehearsal.limit_seconds:
            await asyncio.to_thread(watch.look)
            view.show(watch.moment())
            for striker in strikers:
                striker.look()
            outcome = watch.outcome
            silent_since = None if engines.running or outcome else silent_since or self._alone(engines)
            if engines.held or (silent_since and self.clock() - silent_since > PATIENCE_SECONDS):
                break
            await asyncio.sleep(LOOK_SECONDS)
        for striker in strikers:
            await striker.over()
        self.missed = tuple(striker.fault for striker in strikers if not striker.struck)
        await asyncio.to_thread(watch.look)
        return str(outcome) if outcome else "held" if engines.held else "failed"

    def _alone(self, engines: Engines) -> float:
        code = engines.started[-1].process.returncode
        self.tell(f"the engine ended ({code}) before the plan did; go on with: landbridge migrate --resume {self.folder}")
        return self.clock()

    def _strikers(self, world: World, engines: Engines, watch: Watch) -> list[Striker]:
        chance = random.Random(f"{self.rehearsal.seed}/fault")
        steps = tuple(step.name for step in watch.plan.steps())
        operator, stream = watch.migration.journal("operator"), watch.migration.named(Stream.LIVE)
        return [
            Striker(fault, world, engines, watch.journal, operator, self.tell, chance, steps, stream) for fault in self.faults
        ]

    async def _judge(self, migration: Migration, books: Books, watch: Watch, outcome: str) -> Verdict:
        facts = gathered(self, books.ledger, watch, outcome, await self._settled(migration, books))
        verdict = judge(facts, Expectation.of(self.faults))
        write_report(self.folder, facts, verdict)
        records = "".join(f"{record.body()}\n" for record in watch.journal.records)
        (self.folder / "journal.jsonl").write_text(records, encoding="utf-8")
        return verdict

    async def _settled(self, migration: Migration, books: Books) -> tuple[Settled, ...]:
        """The copies may still be on their way to each other; they get a few rounds to agree."""
        for _ in range(SETTLE_ROUNDS):
            await asyncio.sleep(SETTLE_SECONDS)
            settled = await asyncio.to_thread(books.settle, migration)
            if all(each.is_whole for each in settled):
                break
        return settled
