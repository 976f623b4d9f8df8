"""The moves of the pens, one phase each: market, state, commands, effects, and back in reverse order."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from landbridge.config.spec import Trading
from landbridge.migrate.market import Feeds, Mappings, Streams
from landbridge.migrate.pens import Copies, Marks, Pens
from landbridge.migrate.plan import Phase
from landbridge.migrate.step import Step
from landbridge.migrate.steps.budget import Budget
from landbridge.migrate.steps.close_source import CloseSource
from landbridge.migrate.steps.keep_place import KeepPlace
from landbridge.migrate.steps.mark_end import MarkEnd
from landbridge.migrate.steps.move_feeds import MoveFeeds
from landbridge.migrate.steps.open_target import OpenTarget
from landbridge.migrate.steps.prove_copy import ProveCopy
from landbridge.migrate.steps.prove_reverse import ProveReverse
from landbridge.migrate.steps.reach_regions import Regions
from landbridge.migrate.steps.start_target import StartTarget
from landbridge.migrate.steps.start_transform import StartTransform
from landbridge.migrate.steps.switch_database import Database, SwitchDatabase
from landbridge.model.pen import Domain, PenState
from landbridge.model.reading import WINDOW_SECONDS
from landbridge.model.region import Pair, Region

LONGEST_WRITE = timedelta(seconds=25 + 5)  # a write function's timeout, and what clocks may differ by


@dataclass(frozen=True)
class Market:
    """What the market is moved with."""

    feeds: Feeds
    streams: Streams
    mappings: Mappings


@dataclass(frozen=True)
class Movers:
    """What pens are moved with. A domain without copies is not moved: the platform has none of it."""

    pens: Pens
    copies: Mapping[Domain, Copies]
    marks: Mapping[Domain, Marks]
    market: Market | None = None
    database: Database | None = None

    @property
    def domains(self) -> tuple[Domain, ...]:
        """What is moved, in order."""
        return tuple(domain for domain in Domain if domain in self.copies)


@dataclass(frozen=True)
class Move:
    """One domain's move from one region to the other."""

    config: Trading
    movers: Movers
    regions: Regions
    pair: Pair[Region]
    domain: Domain

    def phase(self) -> Phase:
        """Its steps, unless the target holds the pen already."""
        rows: Mapping[Domain, Callable[[], tuple[Step, ...]]] = {Domain.MARKET: self._market, Domain.EFFECTS: self._effects}
        steps = rows.get(self.domain, self._plain)()
        return Phase(f"cutover.{self.domain}", steps, self.config.approvals.cutover, needless=self._moved)

    def _moved(self) -> str | None:
        pens, (source, target) = self.movers.pens, self.pair
        if not pens.read(target, self.domain).all_are(PenState.OPEN):
            return None
        closed = pens.read(source, self.domain).all_are(PenState.CLOSED)
        return f"{target} holds the {self.domain} pen already" if closed else None

    def _plain(self) -> tuple[Step, ...]:
        budget = self._budget(f"close_source.{self.domain}", self.config.pens.budget_seconds)
        return (self._prove_reverse(), self._close(), self._prove_copy(budget), self._open(budget), self._start(*self.pair))

    def _effects(self) -> tuple[Step, ...]:
        if self.movers.database is None:
            raise ValueError("effects are moved with their database")
        budget = self._budget("close_source.effects", self.config.pens.effects_budget_seconds)
        return (
            self._close(),
            self._prove_copy(budget),
            SwitchDatabase(self.pair.source, self.pair.target, self.movers.database, budget),
            self._prove_reverse(budget),
            self._open(budget),
            self._start(*self.pair),
        )

    def _market(self) -> tuple[Step, ...]:
        if self.movers.market is None:
            raise ValueError("the market is moved with its feeds, streams and mappings")
        pens, market, limits = self.movers.pens, self.movers.market, self.config.pens
        spent = limits.budget_seconds + WINDOW_SECONDS  # a marker waits for its batch as any record does
        budget, margin = self._budget("mark_end", spent), _seconds(limits.skew_bound_seconds)
        patience = _seconds(limits.feeds_patience_seconds)
        until_told = self._budget("close_source.market", limits.feeds_patience_seconds + spent)
        keeps = timedelta(hours=limits.stream_retention_hours)
        return (
            self._prove_reverse(),
            KeepPlace(self.pair.source, self.pair.target, market.streams, market.mappings, pens, margin),
            self._close(),
            MoveFeeds(
                self.pair.source, self.pair.target, market.feeds, market.streams, market.mappings, pens, patience, until_told
            ),
            MarkEnd(self.pair.source, market.streams, pens, budget),
            self._prove_copy(budget),
            self._open(budget),
            StartTransform(self.pair.source, self.pair.target, market.mappings, margin, keeps),
            self._start(self.pair.target),
        )

    def _budget(self, counts_from: str, seconds: float) -> Budget:
        return Budget(counts_from, _seconds(seconds))

    def _prove_reverse(self, budget: Budget | None = None) -> ProveReverse:
        return ProveReverse(self.domain, self.pair.source, self.pair.target, self.movers.marks[self.domain], budget)

    def _close(self) -> CloseSource:
        return CloseSource(self.domain, self.pair.source, self.pair.target, self.movers.pens)

    def _prove_copy(self, budget: Budget) -> ProveCopy:
        return ProveCopy(
            self.domain,
            self.pair.source,
            self.pair.target,
            self.movers.pens,
            self.movers.copies[self.domain],
            LONGEST_WRITE,
            budget,
        )

    def _open(self, budget: Budget) -> OpenTarget:
        skew_bound = _seconds(self.config.pens.skew_bound_seconds)
        return OpenTarget(self.domain, self.pair.source, self.pair.target, self.movers.pens, self.regions, skew_bound, budget)

    def _start(self, *through: Region) -> StartTarget:
        return StartTarget(self.domain, self.pair.target, through, self.movers.marks[self.domain])


def cutover(config: Trading, movers: Movers, regions: Regions, pair: Pair[Region], *, back: bool = False) -> tuple[Phase, ...]:
    """Every pen's move, each a phase: what fails goes back through its own move, and what has moved stays."""
    order = reversed(movers.domains) if back else movers.domains
    return tuple(Move(config, movers, regions, pair, domain).phase() for domain in order)


def _seconds(number: float) -> timedelta:
    return timedelta(seconds=number)
