"""The dry run: the real engine walks the real plan over an imagined world, and what it would do is told in order.

The cost of having no second way through the plan: what only the real world knows (how long a stack takes, what a
comparison finds, what a gate measures) is taken to be good and to take no time.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from landbridge.config.spec import Engine as Rhythm
from landbridge.config.spec import Trading
from landbridge.migrate.decisions import begun
from landbridge.migrate.display import leaving, market, pens, world
from landbridge.migrate.engine import Engine, Tick
from landbridge.migrate.journal import Journal
from landbridge.migrate.permission import APPROVALS, STOPPED_BY
from landbridge.migrate.plan import Plan
from landbridge.migrate.plans.cutover import Movers
from landbridge.migrate.plans.retire import Leave
from landbridge.migrate.plans.trading import Ports, there, trading
from landbridge.migrate.record import Ask, Kind, Record
from landbridge.migrate.step import State
from landbridge.migrate.tables import TABLES
from landbridge.model.errors import Refused
from landbridge.model.metrics import HISTORY
from landbridge.model.pen import Domain
from landbridge.model.region import Pair, Region

Clock = Callable[[], float]
STORES = (*(domain.value for domain in TABLES), HISTORY)
MARKET = ("analytics", "market")
FOREIGN = "tables"  # the stack by which the imagined source is taken over
SECRET, DATABASE = "secret", "database"  # the copy of the database is made by the target's stacks
WHO, HERE = "who begins it", "the dry run"
FINER = 100  # a wait is walked in strides of this part of itself: a freeze of weeks in a moment, its end 1 % late


@dataclass
class Chain:
    """A journal that is forgotten."""

    chain: str = "dry-run"
    kept: list[Record] = field(default_factory=list)

    def after(self, number: int) -> list[Record]:
        """From memory."""
        return self.kept[number:]

    def put(self, record: Record) -> bool:
        """Into memory."""
        self.kept.append(record)
        return True


@dataclass(frozen=True, slots=True)
class Line:
    """What would be done, by which step, how many seconds after the beginning."""

    at_s: float
    step: str
    what: str


class Walk:
    """One walk of a plan. It begins at a moment, because the calendar knows that one."""

    def __init__(self, rhythm: Rhythm, skew: float, begins: float, make: Callable[[world.Tell, Clock], Plan]) -> None:
        self._tick, self._begins, self._now = rhythm.tick_seconds, begins, begins
        self._waits_since: float | None = None
        self._chain = Chain()
        self.lines: list[Line] = []
        self.journal = Journal(self._chain, HERE, lambda: self._now, rhythm.lease_seconds, skew)
        self.engine = Engine(make(self._tell, lambda: self._now), self.journal, WHO)

    @property
    def plan(self) -> Plan:
        """What is walked."""
        return self.engine.plan

    def run(self) -> list[Line]:
        """To the end: what waits is waited for at once, and whoever must approve does."""
        while (tick := self.engine.advance()) is not Tick.ENDED:
            match tick:
                case Tick.HELD:
                    raise Refused(HERE, self.journal.records[-1].step, self.journal.records[-1].why)
                case Tick.WAITING:
                    self._wait()
                case _:
                    self._waits_since = None
        return self.lines

    def _tell(self, what: str) -> None:
        """The newest record is the intent of the act that tells."""
        self._line(self.journal.records[-1].step, what)

    def _line(self, step: str, what: str) -> None:
        self.lines.append(Line(self._now - self._begins, step, what))

    def _wait(self) -> None:
        newest = self.journal.records[-1]
        if newest.data.get(STOPPED_BY) == APPROVALS:
            self._approve()
            return
        if self._waits_since is None:
            self._waits_since = self._now
            if newest.kind is Kind.FOUND and newest.data["state"] == State.WAITING:
                self._line(newest.step, f"wait: {newest.why}")
        self._now += max(self._tick, (self._now - self._waits_since) / FINER)

    def _approve(self) -> None:
        """Everybody who is asked says yes."""
        progress = self.journal.progress
        for phase in self.engine.plan.phases:
            missing = range(len(progress.approvals.get(phase.approved_as, [])), phase.approvals)
            if missing and not begun(phase, progress):
                self._line(phase.approved_as, f"wait for {phase.needs}, none by {WHO}")
                for number in missing:
                    self._journal_of(f"approver {number + 1}").ask(Ask.APPROVE, "dry run", phase.approved_as)
                return

    def _journal_of(self, who: str) -> Journal:
        return Journal(self._chain, who, lambda: self._now, self.journal.lease_seconds, self.journal.skew_bound)


class DryRun(Walk):
    """The trading platform's."""

    def __init__(self, config: Trading, stacks: tuple[str, ...], begins: float, goes: tuple[str, ...] = ()) -> None:
        self._config = config
        super().__init__(config.engine, config.pens.skew_bound_seconds, begins, partial(self._planned, stacks))
        ports, pair = self._told, there(config)
        untried = (DATABASE,) if config.database.moves else ()
        source = leaving.leaving(self._tell, pair, list(TABLES), goes, lambda: self._now, untried=untried)
        self.retirement = Leave(config, source, ports.movers, ports.gate, ports.verifiers, pair).plan()

    def retire(self) -> list[Line]:
        """The end of the source, once everything has moved: the walk begins anew there."""
        self.run()
        self._begins, self.lines = self._now, []
        self.engine = Engine(self.retirement, self.journal, WHO)
        return self.run()

    def _planned(self, stacks: tuple[str, ...], _tell: world.Tell, _clock: Clock) -> Plan:
        self._told = self._ports(stacks)
        return trading(self._config, self._told, there(self._config))

    def _ports(self, stacks: tuple[str, ...]) -> Ports:
        regions = Pair(Region(self._config.platform.source), Region(self._config.platform.target))
        clock, tell = (lambda: self._now), self._tell
        hands = pens.Pens(tell, clock, self._config.pens.fences, regions.source)
        feeds, database = bool(self._config.market.feeds), self._config.database.moves
        stores = (*STORES, *(MARKET if feeds else ()), *((SECRET, DATABASE) if database else ()))
        domains = (*((Domain.MARKET,) if feeds else ()), *TABLES, *((Domain.EFFECTS,) if database else ()))
        return Ports(
            regions=world.Regions(),
            stacks=world.Stacks(tell, regions.target, stacks),
            peers=world.Peers(tell, regions),
            replicators={store: world.Copy(tell, store, regions, stands=store == DATABASE) for store in stores},
            verifiers={store: world.Comparison(tell, store, clock) for store in stores if store != SECRET},
            traffic=world.Traffic(tell, self._config.platform.domain, regions.target),
            gate=world.Gate(),
            movers=Movers(
                hands,
                dict.fromkeys(domains, pens.Copies()),
                {domain: pens.Marks(tell, domain) for domain in domains},
                market.market(tell, regions.source) if feeds else None,
                world.Database(tell, regions.source) if database else None,
            ),
            estate=leaving.Things(tell, f"import, where it belongs to no stack yet, into those of {regions.source}:", [FOREIGN]),
        )
