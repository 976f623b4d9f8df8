"""A plan: phases in order, each a row of steps. Two plans are the same when their hash is."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from landbridge.migrate.step import Step


@dataclass(frozen=True, slots=True)
class Phase:
    """Steps that belong together: a failure inside goes back to the phase's beginning."""

    name: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that will be done, in order."""

    name: str
    phases: tuple[Phase, ...]

    def steps(self) -> Iterator[Step]:
        """Every step, in order."""
        for phase in self.phases:
            yield from phase.steps

    def phase_of(self, step: str) -> Phase:
        """The phase a step belongs to."""
        return next(phase for phase in self.phases if any(each.name == step for each in phase.steps))

    def sentences(self) -> list[str]:
        """The plan as an operator reads it."""
        return [f"{phase.name}: {step.name}: {step.sentence}" for phase in self.phases for step in phase.steps]

    @property
    def hash(self) -> str:
        """Tells this plan from any other one."""
        return hashlib.sha256("\n".join([self.name, *self.sentences()]).encode()).hexdigest()[:16]
