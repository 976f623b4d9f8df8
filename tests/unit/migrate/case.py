"""What a case of a step is made of, and the limits all of them share."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from tests.builders import FakeWorld
from tests.unit.migrate.hand import Hand

from landbridge.migrate.step import State, Step
from landbridge.migrate.steps.budget import Budget

READY, WAITING, DONE, FAILED = State.READY, State.WAITING, State.DONE, State.FAILED
SKEW_BOUND, BAKE = timedelta(seconds=2), timedelta(seconds=3)
BUDGET = Budget("close_source.state", timedelta(seconds=10))
HOUR = timedelta(hours=1)


def _nothing(_world: FakeWorld, _hand: Hand) -> None:
    """The world as it is."""


@dataclass(frozen=True)
class Case:
    """What every look at one step must say. `killed` is what it says after an intent whose act never came."""

    make: Callable[[FakeWorld], Step]
    forward: tuple[State, ...]
    back: tuple[State, ...] = (DONE,)
    undone: State = READY
    killed: State = READY
    left: tuple[str, ...] = ("items",)  # parts of the world that nobody puts back, or another step does
    prepare: Callable[[FakeWorld, Hand], None] = _nothing
