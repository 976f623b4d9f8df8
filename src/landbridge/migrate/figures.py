"""The migration as numbers, for alarms and the board: measured, or read from the journal, or not said at all.

Silence rings, so what can't be measured now is left out: no number here is ever remembered, guessed or made up.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from landbridge.migrate.journal import Journal
from landbridge.migrate.pens import Pens
from landbridge.migrate.plan import Plan
from landbridge.migrate.progress import Outcome
from landbridge.model.errors import LandbridgeError
from landbridge.model.metrics import DIFFERENCES, LAG, PEN, PROGRESS, RUNNER, WEIGHT
from landbridge.model.pen import Domain, PenState
from landbridge.model.region import Pair, Region
from landbridge.replicate.port import Heart
from landbridge.traffic.port import Traffic

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Figure:
    """One number, and what of the platform it is a number of besides the platform itself."""

    metric: str
    value: float
    of: tuple[str, ...] = ()


@dataclass(frozen=True)
class Figures:
    """Everything an operator is shown of a migration. The journal is a reader's own: it is for one thread."""

    regions: Pair[Region]
    replicators: Mapping[str, Heart]
    verified: tuple[str, ...]  # stores that are compared
    domains: tuple[Domain, ...]
    pens: Pens | None  # None = the platform has none
    traffic: Traffic
    plan: Callable[[], Plan]
    journal: Journal
    expires: float  # seconds a comparison is good for
    clock: Callable[[], float]

    def by_region(self) -> Pair[list[Figure]]:
        """What is said in each region: the migration's own numbers in both, so that either can ring when the other is out."""
        shared = [Figure(RUNNER, 1), *self._shared()]
        percent = _asked(self.traffic.percent)
        there = [] if percent is None else [Figure(WEIGHT, percent)]
        here = [Figure(WEIGHT, 100 - each.value) for each in there]
        return Pair([*shared, *here, *self._pens(self.regions.source)], [*shared, *there, *self._pens(self.regions.target)])

    def _shared(self) -> Iterator[Figure]:
        for store, replicator in self.replicators.items():
            if (lag := _asked(replicator.lag)) is not None:
                yield Figure(LAG, lag.total_seconds(), (store,))
        if _asked(self._read) is None:
            return
        yield Figure(PROGRESS, self._percent())
        for store in self.verified:
            if (differences := self._differences(store)) is not None:
                yield Figure(DIFFERENCES, differences, (store,))

    def _pens(self, region: Region) -> Iterator[Figure]:
        if self.pens is None:
            return
        for domain in self.domains:
            if (found := _asked(partial(self.pens.read, region, domain))) is not None:
                yield Figure(PEN, float(found.master is not None and found.master.state is PenState.OPEN), (domain.value,))

    def _read(self) -> bool:
        self.journal.refresh()
        return True

    def _percent(self) -> float:
        """How many of the plan's steps are done; a plan of another kind than ours is not ours to count."""
        progress, plan = self.journal.progress, self.plan()
        if progress.plan != plan.hash:
            return 0.0
        if progress.outcome is Outcome.DONE:
            return 100.0
        names = [step.name for step in plan.steps()]
        return 100 * sum(name in progress.done_at for name in names) / len(names)

    def _differences(self, store: str) -> int | None:
        """Of the newest comparison the journal tells of; None = there is none, or it is out of date."""
        progress, step = self.journal.progress, f"verify_store.{store}"
        found = [record for name, record in progress.last_found.items() if name == step or name.startswith(f"{step}.")]
        if not found:
            return None
        newest = max(found, key=lambda record: record.number)
        differing = int(newest.data.get("differences", 0))
        began = max(progress.began(record.step) or 0.0 for record in found)
        return differing if differing or self.clock() - began <= self.expires else None


def _asked(ask: Callable[[], T]) -> T | None:
    """What is answered; None when nobody answers or the answer is no."""
    try:
        return ask()
    except LandbridgeError:
        return None
