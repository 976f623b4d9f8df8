"""A plan: phases in order, each a row of steps. Two plans are the same when their hash is."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from landbridge.migrate.calendar import Calendar
from landbridge.migrate.step import Moves, Step


@dataclass(frozen=True, slots=True)
class Phase:
    """Steps that belong together: a failure inside goes back to the phase's beginning, unless the phase is final."""

    name: str
    steps: tuple[Step, ...]
    approvals: int = 0  # how many people must approve before its first act; who began the plan is none of them
    final: bool = False  # from its first act on there is no way back: what fails is held for a person
    needless: Callable[[], str | None] | None = None  # asked before it begins: why nothing of it is left to do; None = do it

    @property
    def needs(self) -> str:
        """How many approvals, in words."""
        return f"{self.approvals} approval{'' if self.approvals == 1 else 's'}"

    @property
    def approved_as(self) -> str:
        """What its approvals are given to: the moves of all pens (`cutover.state` ...) are approved as one."""
        return self.name.partition(".")[0]

    def pen_moves(self) -> list[tuple[Step, ...]]:
        """Each row of steps in which writers wait: from the one that stops them to the end of its move."""
        begin = [number for number, step in enumerate(self.steps) if step.moves is Moves.WRITES]
        return [self.steps[first:last] for first, last in pairwise([*begin, len(self.steps)])]


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that will be done, in order, and when none of it may begin."""

    name: str
    phases: tuple[Phase, ...]
    calendar: Calendar = field(default_factory=Calendar)

    def steps(self) -> Iterator[Step]:
        """Every step, in order."""
        for phase in self.phases:
            yield from phase.steps

    def phase_of(self, step: str) -> Phase:
        """The phase a step belongs to."""
        return next(phase for phase in self.phases if any(each.name == step for each in phase.steps))

    def phase_named(self, name: str) -> Phase | None:
        """The first phase of this name or approved by it, or that has a step of this name; None = neither."""
        return next(
            (phase for phase in self.phases if name in {phase.name, phase.approved_as, *(s.name for s in phase.steps)}), None
        )

    def after(self, step: str) -> tuple[Step, ...]:
        """Every step that comes later than this one."""
        steps = list(self.steps())
        return tuple(steps[[each.name for each in steps].index(step) + 1 :])

    def no_return(self) -> Step | None:
        """The first step from which there is no way back in this plan: a pivot, or a final phase's first; None = always one."""
        return next((step for phase in self.phases for step in phase.steps if phase.final or step.pivot), None)

    def no_failback(self) -> Step | None:
        """The first step of a final phase, before which failing back still brings everything home; None = always."""
        return next((phase.steps[0] for phase in self.phases if phase.final), None)

    def sentences(self) -> list[str]:
        """The plan as an operator reads it."""
        return [f"{phase.name}: {step.name}: {step.sentence}" for phase in self.phases for step in phase.steps]

    @property
    def hash(self) -> str:
        """Tells this plan from any other one, and from the same steps with other approvals."""
        kinds = [f"{phase.name}: {phase.approvals} {phase.final}" for phase in self.phases if phase.approvals or phase.final]
        return hashlib.sha256("\n".join([self.name, *self.sentences(), *kinds]).encode()).hexdigest()[:16]
