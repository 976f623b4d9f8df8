"""Looks at the world every half second, as a bystander: journal, weights, pens, lag; what does not answer is left out."""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field

from landbridge.migrate.adapters.compose import Migration
from landbridge.migrate.journal import Journal
from landbridge.migrate.plan import Plan
from landbridge.migrate.progress import Direction, Outcome
from landbridge.migrate.record import Kind, Record
from landbridge.migrate.step import State
from landbridge.model.errors import Refused, Unreachable
from landbridge.model.pen import Domain, Pen, PenState
from landbridge.model.region import Region
from landbridge.rehearse.ledger import Ledger
from landbridge.rehearse.live import Moment
from landbridge.rehearse.timeline import Timeline


@dataclass
class Following:
    """Fills the timeline from the journal, and makes the moments the live view shows; a platform has looks of its own besides."""

    journal: Journal
    plan: Plan
    timeline: Timeline
    ledger: Ledger
    clock: Callable[[], float]
    began: float
    records_seen: int = 0
    step: str = ""
    why: str = "the platform runs in the source alone"
    percent: float = 0.0
    lag: float | None = None
    holders: dict[str, str] = field(default_factory=dict)

    @property
    def outcome(self) -> Outcome | None:
        """How the plan that is watched has ended; None while it is under way, or another one stands in the journal."""
        progress = self.journal.progress
        return progress.outcome if progress.plan == self.plan.hash else None

    def look(self) -> None:
        """One round of looks; blocking, so it is called in a thread."""
        for each in (self._records, *self.looks()):
            try:
                each()
            except (Unreachable, Refused):
                continue  # a bystander waits for the next look; the engine judges silence

    def looks(self) -> tuple[Callable[[], None], ...]:
        """What is looked at besides the journal."""
        return ()

    def _records(self) -> None:
        self.journal.refresh()
        for record in self.journal.records[self.records_seen :]:
            self._note(record)
        self.records_seen = len(self.journal.records)

    def _note(self, record: Record) -> None:
        match record.kind:
            case Kind.ENTERED:
                self.timeline.phase(self.plan.phase_of(record.step).name)
                self.step, self.why = record.step, record.why
            case Kind.FOUND:
                self.timeline.step(record.step, str(record.data["state"]), record.why)
                self.step, self.why = record.step, record.why
            case Kind.TURNED:
                self.why = f"going {record.data['direction']}: {record.why}"
                self.timeline.step(record.step or "plan", str(record.data["direction"]), record.why)
            case Kind.ANSWERED:
                self.why = record.why
            case Kind.REVERTED:
                self.timeline.step(record.step, "reverted", record.why)
                self.step, self.why = record.step, record.why
            case Kind.ENDED:
                self.timeline.ended("done" if record.data["outcome"] == Outcome.DONE else "reverted")
                self.why = record.why
            case _:
                return

    def moment(self) -> Moment:
        """The run as it stands."""
        now = self.clock()
        recent, requests = self.ledger.tally.recent(now), self.ledger.tally.requests()
        return Moment(
            elapsed_s=now,
            phases=tuple((phase.name, self._mark(phase.name)) for phase in self.plan.phases),
            step=self.step,
            why=self.why,
            target_percent=self.percent,
            holders={str(domain): holder for domain, holder in self.holders.items()},  # plain texts, for JSON
            pauses_ms=self.timeline.pauses_ms(),
            rate=recent.rate,
            p99_ms=recent.p99_ms,
            raw_errors=requests.raw_errors,
            failed=requests.failed,
            lag_s=self.lag,
        )

    def _mark(self, phase: str) -> str:
        progress = self.journal.progress
        steps = next(each.steps for each in self.plan.phases if each.name == phase)
        if any(step.name in progress.reverted for step in steps):
            return "reverted"
        if all(step.name in progress.done_at for step in steps):
            return "done"
        if not any(step.name in progress.entered for step in steps):
            return "waiting"
        last = progress.last_found.get(self.step)
        held = last is not None and last.data["state"] == State.BLOCKED
        return "held" if held else "reverted" if progress.direction is Direction.BACK else "running"


@dataclass
class Watch(Following):
    """Of a trading migration: weights, lag and pens."""

    migration: Migration = field(kw_only=True)
    closed_at: dict[Domain, float] = field(default_factory=dict)

    def looks(self) -> tuple[Callable[[], None], ...]:
        """All of them."""
        return self._weights, self._lag, self._pens

    def _weights(self) -> None:
        share = float(self.migration.traffic.percent() or 0)
        self.percent = 100 - share if self.migration.back else share  # always that of the region first moved to
        self.timeline.weight(self.percent)

    def _lag(self) -> None:
        lag = self.migration.stores.hearts.lag()
        self.lag = lag.total_seconds() if lag is not None else None
        self.timeline.lag(self.lag)

    def _pens(self) -> None:
        for region in self.migration.regions:
            with contextlib.suppress(Unreachable, Refused):
                for domain in self.migration.movers.domains:
                    if pen := self.migration.pens.master(region, domain):
                        self._pen(region, domain, pen)

    def _pen(self, region: Region, domain: Domain, pen: Pen) -> None:
        self.timeline.pen(region, domain, pen.state, pen.epoch)
        if pen.state is PenState.OPEN:
            self.holders[domain] = region
            closed_at = self.closed_at.get(domain)
            if closed_at is not None and pen.since > closed_at:
                self.timeline.pen_moved(domain, closed_at - self.began, pen.since - self.began)
                del self.closed_at[domain]
        elif region == self.holders.get(domain) and pen.since > self.began:
            self.closed_at[domain] = pen.since
