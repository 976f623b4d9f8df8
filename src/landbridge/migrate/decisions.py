"""Operators' decisions: whether each fits the run as it stands. The same answer at the door and in the engine."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from landbridge.migrate.plan import Phase, Plan
from landbridge.migrate.progress import Direction, Progress
from landbridge.migrate.record import Ask, Record
from landbridge.migrate.step import Verb

PAST: Mapping[str, str] = {Ask.ABORT: "aborted", Ask.FAILBACK: "left, to fail back"}


@dataclass(frozen=True, slots=True)
class Decision:
    """What somebody decided, about which step or phase, on which run of the plan."""

    what: str
    who: str
    step: str
    run: int
    why: str = ""
    number: int = 0

    @classmethod
    def of(cls, record: Record) -> "Decision":
        """The decision a record holds."""
        return cls(record.data["what"], record.who, record.step, record.data.get("run", 0), record.why, record.number)

    def place(self, plan: Plan) -> str:
        """What the answer is about: an approval is of the whole phase."""
        phase = plan.phase_named(self.step) if self.what == Ask.APPROVE else None
        return phase.approved_as if phase else self.step

    @property
    def told(self) -> str:
        """What came of it and why, once it is honoured."""
        return f"{PAST.get(self.what, self.what)}: {self.why}"

    def named(self) -> Mapping[str, Any]:
        """What its answer says of it."""
        return {"what": self.what, "by": self.who, "asked": self.number}


def refusal(plan: Plan, progress: Progress, decision: Decision) -> str | None:
    """Why the decision does not fit the run as it stands; None = it fits."""
    if progress.outcome or not progress.plan:
        return "no migration is under way"
    if decision.run != progress.run:
        return "it was decided on another run of the plan"
    rule = RULES.get(decision.what)
    return rule(plan, progress, decision) if rule else "it is nothing an operator can decide"


def _abort(plan: Plan, progress: Progress, _decision: Decision) -> str | None:
    if progress.direction is Direction.BACK:
        return None if progress.back_through else "it is going back through the whole plan already"
    passed = _passed(plan, progress)
    return gone(plan, progress) or (f"{passed[-1][1]} may have passed its pivot; go on, then fail back" if passed else None)


def _failback(plan: Plan, progress: Progress, _decision: Decision) -> str | None:
    if no := gone(plan, progress) or _going_back(progress):
        return no
    passed = _passed(plan, progress)
    if not passed:
        return "nothing has passed its pivot: an abort puts everything back"
    phase = passed[-1][0]
    if phase is plan.phases[-1] or any(step.name not in progress.done_at for step in phase.steps):
        return f"{phase.name} must come to its end first"
    return writers_wait(plan, progress)


def _passed(plan: Plan, progress: Progress) -> list[tuple[Phase, str]]:
    """The pivots that may have been passed, with their phases."""
    pivots = [(phase, step.name) for phase in plan.phases for step in phase.steps if step.pivot]
    return [(phase, name) for phase, name in pivots if progress.intents(name, Verb.APPLY)]


def gone(plan: Plan, progress: Progress) -> str | None:
    """Which step has begun to take away what does not come back; None = nothing has."""
    finals = [step.name for phase in plan.phases if phase.final for step in phase.steps]
    taken = [name for name in finals if progress.intents(name, Verb.APPLY)]
    return f"{taken[-1]} has begun, and what it takes away does not come back: only forward" if taken else None


def _pause(plan: Plan, progress: Progress, _decision: Decision) -> str | None:
    if progress.paused:
        return "it is paused already"
    return _going_back(progress) or writers_wait(plan, progress)


def _resume(_plan: Plan, progress: Progress, _decision: Decision) -> str | None:
    return None if progress.paused or progress.held_at else "it is neither paused nor held"


def _hold(plan: Plan, progress: Progress, decision: Decision) -> str | None:
    if decision.step not in {step.name for step in plan.steps()}:
        return f"the plan has no step '{decision.step}'"
    later = plan.after(decision.step)
    if not later:
        return f"nothing comes after {decision.step}"
    begun = [step.name for step in later if progress.intents(step.name, Verb.APPLY)]
    if begun:
        return f"{begun[-1]} has begun already"
    within = [row for phase in plan.phases for row in phase.pen_moves() if decision.step in {step.name for step in row[:-1]}]
    if within:
        return f"writers would wait from {within[0][0].name} on: hold before it, or at {within[0][-1].name}"
    return _going_back(progress)


def _approve(plan: Plan, progress: Progress, decision: Decision) -> str | None:
    phase = plan.phase_named(decision.step)
    if phase is None:
        return f"the plan has no phase or step '{decision.step}'"
    if not phase.approvals:
        return f"{phase.name} needs no approval"
    if begun(phase, progress):
        return f"{phase.name} has begun already"
    return _not_by(decision.who, phase, progress) or _going_back(progress)


def _not_by(who: str, phase: Phase, progress: Progress) -> str | None:
    given = progress.approvals.get(phase.approved_as, [])
    if who == progress.starter:
        return f"{who} began the plan, so somebody else must approve {phase.approved_as}"
    if who in given:
        return f"{who} has approved {phase.approved_as} already"
    if len(given) >= phase.approvals:
        return f"{phase.approved_as} has its {phase.needs} ({', '.join(given)})"
    return None


def _going_back(progress: Progress) -> str | None:
    return f"it is going back ({progress.turned_why})" if progress.direction is Direction.BACK else None


def writers_wait(plan: Plan, progress: Progress) -> str | None:
    """Which pen is on its way, so that nobody should stop now; None = none is."""
    for row in (row for phase in plan.phases for row in phase.pen_moves()):
        if progress.intents(row[0].name, Verb.APPLY) and any(step.name not in progress.done_at for step in row):
            return f"{row[0].name} has begun and writers wait until {row[-1].name} is done: let it finish, or abort"
    return None


def goes_back(plan: Plan, progress: Progress, decision: Decision) -> str | None:
    """The first phase that a decision which was honoured goes back through; empty = all of them, None = it goes nowhere."""
    if decision.what == Ask.ABORT:
        return ""
    if decision.what != Ask.FAILBACK:
        return None
    moved = _passed(plan, progress)[-1][0]
    return plan.phases[plan.phases.index(moved) + 1].name


def standing(progress: Progress) -> str:
    """Where a run is, in the words every refusal ends with."""
    at = next(reversed(progress.entered), "its beginning")
    held = f", held at {progress.held_at}" if progress.held_at else ""
    ended = f"ended {progress.outcome}" if progress.outcome else f"goes {progress.direction} at {at}"
    return f"the run {ended}{held}{', paused' if progress.paused else ''}"


def begun(phase: Phase, progress: Progress) -> bool:
    """Whether a step of the phase was ever applied in this run."""
    return any(progress.intents(step.name, Verb.APPLY) for step in phase.steps)


RULES: Mapping[str, Callable[[Plan, Progress, Decision], str | None]] = {
    Ask.ABORT: _abort,
    Ask.APPROVE: _approve,
    Ask.FAILBACK: _failback,
    Ask.PAUSE: _pause,
    Ask.RESUME: _resume,
    Ask.HOLD: _hold,
}
