"""Where a migration stands and what comes next, from its journal and its plan alone: nothing here asks the world."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from landbridge.migrate.decisions import Decision, refusal
from landbridge.migrate.journal import Journal
from landbridge.migrate.permission import APPROVALS, STOPPED_BY
from landbridge.migrate.plan import Phase, Plan
from landbridge.migrate.progress import Outcome, Progress
from landbridge.migrate.record import Ask, Kind, Record

VERBS = ("failback", "retire", "seize")
TO_SAY = (Ask.PAUSE, Ask.RESUME, Ask.ABORT, Ask.FAILBACK)  # what needs no step or phase to be named


@dataclass(frozen=True, slots=True)
class PhaseStatus:
    """One phase: how many of its steps are done, and who has approved it."""

    name: str
    done: int
    steps: int
    needs: int
    approved_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Engine:
    """Who ticks: alive as long as its lease is good."""

    who: str
    alive: bool
    lease_left_s: float


@dataclass(frozen=True, slots=True)
class Next:
    """What would bring it on; an empty command means that nobody has to do anything."""

    command: str
    why: str


@dataclass(frozen=True, slots=True)
class Status:
    """A run as the journal tells it."""

    plan: str
    hash: str
    run: int
    starter: str
    outcome: str | None
    direction: str
    step: str
    since: float | None
    why: str
    paused: bool
    held_at: str
    engine: Engine
    phases: tuple[PhaseStatus, ...]
    may: tuple[str, ...]  # what an operator may decide now
    unanswered: tuple[str, ...]  # what was decided and no engine has heard yet
    next: Next

    def data(self) -> dict[str, Any]:
        """For programs."""
        return asdict(self)


def status(plan: Plan, journal: Journal, run: str, who: str) -> Status:
    """The newest run of the chain, as `who` may act on it; `run` is how commands name it."""
    progress, newest = journal.progress, _newest(journal, Kind.FOUND)
    step = next(reversed(progress.entered), "")
    return Status(
        plan=progress.plan_name,
        hash=progress.plan,
        run=progress.run,
        starter=progress.starter,
        outcome=progress.outcome,
        direction=progress.direction,
        step=step,
        since=progress.entered.get(step),
        why=newest.why if newest else "",
        paused=progress.paused,
        held_at=progress.held_at,
        engine=_engine(journal),
        phases=tuple(_phase(phase, progress) for phase in plan.phases),
        may=tuple(_may(plan, progress, who)),
        unanswered=tuple(f"{asked.data['what']} by {asked.who}" for asked in progress.asked),
        next=_next(plan, journal, newest, run),
    )


def _newest(journal: Journal, kind: Kind) -> Record | None:
    """Of this run."""
    own = (record for record in reversed(journal.records) if record.number >= journal.progress.run)
    return next((record for record in own if record.kind is kind), None)


def _engine(journal: Journal) -> Engine:
    lease, now = journal.lease, journal.clock()
    left = max(0.0, lease.until - now) if lease else 0.0
    return Engine(lease.who if lease else "", left > 0, left)


def _phase(phase: Phase, progress: Progress) -> PhaseStatus:
    done = sum(step.name in progress.done_at for step in phase.steps)
    given = progress.approvals.get(phase.approved_as, ())
    return PhaseStatus(phase.name, done, len(phase.steps), phase.approvals, tuple(given))


def _may(plan: Plan, progress: Progress, who: str) -> Iterator[str]:
    yield from (what for what in TO_SAY if _fits(plan, progress, what, who))
    phases = dict.fromkeys(phase.approved_as for phase in plan.phases)
    yield from (f"{Ask.APPROVE} {name}" for name in phases if _fits(plan, progress, Ask.APPROVE, who, name))


def _fits(plan: Plan, progress: Progress, what: Ask, who: str, step: str = "") -> bool:
    return refusal(plan, progress, Decision(what, who, step, progress.run)) is None


def _next(plan: Plan, journal: Journal, newest: Record | None, run: str) -> Next:
    """People first: an engine can't go on without what only they may say."""
    progress = journal.progress
    if not progress.plan:
        return Next(f"landbridge migrate {run}", "nothing was begun yet")
    if progress.outcome:
        return _after(plan, progress.outcome, run)
    if progress.paused or progress.held_at:
        return Next(f"landbridge resume {run}", f"held at {progress.held_at}" if progress.held_at else "it is paused")
    if not _engine(journal).alive:
        return Next(f"landbridge {_verb(plan)} {run} --resume", "no engine works: its lease has run out")
    if newest and newest.data.get(STOPPED_BY) == APPROVALS:
        return Next(f"landbridge approve {run} {_unapproved(plan, progress)}", newest.why)
    return Next("", newest.why if newest else "the engine is about to look")


def _unapproved(plan: Plan, progress: Progress) -> str:
    """The first phase that lacks people."""
    lacking = (phase for phase in plan.phases if len(progress.approvals.get(phase.approved_as, ())) < phase.approvals)
    return next(phase.approved_as for phase in lacking)


def _verb(plan: Plan) -> str:
    """By which a plan is begun and gone on with; a plan is named after it, but for the move itself."""
    first = plan.name.partition(" ")[0]
    return first if first in VERBS else "migrate"


def _after(plan: Plan, outcome: Outcome, run: str) -> Next:
    match outcome:
        case Outcome.DONE if plan.no_failback():
            return Next("", "it is done, and there is no way back")
        case Outcome.DONE:
            return Next("", f"it is done; `landbridge failback {run}` would bring it home")
        case Outcome.GIVEN_UP:
            return Next(f"landbridge failback {run}", "it was left as it stands, by a decision")
        case _:
            return Next(f"landbridge {_verb(plan)} {run}", "it went back to its beginning; mend the reason first")


def lines(told: Status, figures: Mapping[str, str]) -> Iterator[str]:
    """The same for people; `figures` is what was measured now, by place."""
    if not told.plan:
        yield "nothing was begun yet"
    else:
        yield f"{told.plan}, plan {told.hash}, run {told.run}, begun by {told.starter}"
        yield _where(told)
    engine = told.engine
    yield f"engine: {engine.who}, lease good for {engine.lease_left_s:.0f} s" if engine.alive else "engine: none works"
    yield "phases: " + ", ".join(map(_told, told.phases))
    yield from (f"{place}: {what}" for place, what in figures.items())
    yield from (f"not heard yet: {what}" for what in told.unanswered)
    if told.may:
        yield f"you may: {', '.join(told.may)}"
    yield f"next: {told.next.command or 'wait'} ({told.next.why})"


def _where(told: Status) -> str:
    if told.outcome:
        return f"ended {told.outcome}"
    marks = [f"held at {told.held_at}"] * bool(told.held_at) + ["paused"] * told.paused
    return ", ".join([f"goes {told.direction} at {told.step or 'its beginning'}", *marks]) + (f": {told.why}" if told.why else "")


def _told(phase: PhaseStatus) -> str:
    approved = f", {len(phase.approved_by)} of {phase.needs} approvals" if phase.needs else ""
    return f"{phase.name} ({phase.done} of {phase.steps}{approved})"
