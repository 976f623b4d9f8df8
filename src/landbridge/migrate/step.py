"""What a step is: it looks, it starts a move, it puts back what it changed. Each may be called any number of times."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, ClassVar, Protocol


class State(StrEnum):
    """What a look at the world says of a step."""

    READY = "ready"  # its apply may be called
    WAITING = "waiting"  # on its way; look again
    DONE = "done"
    BLOCKED = "blocked"  # a person must decide; the engine holds
    FAILED = "failed"  # go back; from a revert: it can't go back, only forward


class Verb(StrEnum):
    """Which way an intent goes."""

    APPLY = "apply"
    REVERT = "revert"


class Moves(StrEnum):
    """What begins to move with a step's first apply."""

    NOTHING = "nothing"
    READS = "reads"
    WRITES = "writes"


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen, why, and the figures behind it."""

    state: State
    why: str
    figures: Mapping[str, Any] = field(default_factory=dict)


class History(Protocol):
    """What the journal knows of the running plan and of everything before it."""

    @property
    def awake_since(self) -> float:
        """Since when an engine has looked at the world without a pause longer than its lease."""

    def intents(self, step: str, verb: Verb) -> tuple[tuple[int, float], ...]:
        """Number and time of each intent of a step in this run, oldest first."""

    def found_done(self, step: str) -> float | None:
        """When the step was last found done in this run; None = not, or reverted since."""

    def began(self, step: str) -> float | None:
        """When the look began by which the step was last found done, as its figures say; None = they don't, or not done."""

    def figures(self, step: str) -> Mapping[str, Any]:
        """The figures of the newest look at a step in this run; empty before the first."""

    def last_opening(self, place: str) -> int:
        """The number of the newest intent, in the whole chain, to open this pen (`domain@region`); 0 = none."""


@dataclass(frozen=True, slots=True)
class Context:
    """What only the journal and the clock know, handed to a step at each call."""

    now: float
    entered: float
    turn: int  # the number of this step's newest intent in the direction at hand; 0 = none yet
    done: bool  # whether it was found done in this run
    before: Mapping[str, Any]  # what stood before its first apply
    history: History
    sure: Callable[[], None]  # asked right before each act that nothing can fence; Lapsed when it may not be sent any more


class Step(ABC):
    """One move of the migration. Names are verb and object, the same in file, journal and runbook."""

    pivot: ClassVar[bool] = False  # its apply may be the point of no return
    setting: ClassVar[bool] = False  # what it set is compared and repaired in later phases too
    moves: ClassVar[Moves] = Moves.NOTHING  # what else begins with it; the calendar may forbid that
    name: str

    @property
    @abstractmethod
    def sentence(self) -> str:
        """What it does, for the plan an operator reads."""

    @property
    def lasts(self) -> float:
        """Seconds after which no act of it can arrive any more; 0 = its acts carry their turn, and a late one does nothing."""
        return 0.0

    @abstractmethod
    def check(self, context: Context) -> Seen:
        """Look at the world; change nothing."""

    @abstractmethod
    def apply(self, context: Context) -> None:
        """Start the move and return."""

    @abstractmethod
    def revert(self, context: Context) -> Seen:
        """Put back what apply changed, however far it got; DONE when it is back."""

    def before(self) -> Mapping[str, Any]:
        """What stands now and apply will change: kept with the first intent, for revert."""
        return {}

    def opens(self, verb: Verb) -> str | None:
        """Which pen (`domain@region`) an act in this direction may open; None = none."""
        del verb
        return None


class Look(Step):
    """A step that only looks: it starts nothing, so there is nothing to put back."""

    def apply(self, context: Context) -> None:
        """Looking is all."""

    def revert(self, context: Context) -> Seen:  # noqa: ARG002
        """Nothing was changed."""
        return Seen(State.DONE, "nothing was changed")
