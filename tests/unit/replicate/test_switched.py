"""A copy that its stack makes: named once, waited for, taken away again, and never forced on a stack that could not bear it."""

from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from tests.fakes import SOURCE, TARGET
from tests.unit.replicate.objects_fakes import FakeBuckets, FakeClients, FakeStacks

from landbridge.model.errors import Refused
from landbridge.model.measure import Lag
from landbridge.replicate.stack_switch import StackSwitch
from landbridge.replicate.switched import SwitchedCopy

NOTHING = {"SecondRegion": "", "SecondDataKeyArn": "", "Consistency": "eventual"}


class Stacks(FakeStacks):
    """A stack without a bucket."""

    def done(self) -> None:
        """The update has ended."""
        self.status = "UPDATE_COMPLETE"


@dataclass
class Heart:
    """Counts beats."""

    beats: int = 0

    def beat(self) -> None:
        """One."""
        self.beats += 1

    def lag(self) -> Lag | None:
        """Always the same."""
        return timedelta(seconds=1)


@dataclass
class World:
    """The stack of a table, and its copy."""

    stacks: Stacks = field(default_factory=lambda: Stacks("sessions", dict(NOTHING), FakeBuckets()))

    @property
    def copy(self) -> SwitchedCopy:
        """As another process makes it."""
        switch = StackSwitch(FakeClients({"cloudformation": self.stacks}), SOURCE, "sessions")
        return SwitchedCopy(switch, TARGET, lambda: "arn:key", Heart())


def test_it_is_begun_once_and_measured_when_the_stack_stands() -> None:
    """The stack's other parameters stay as they are."""
    world = World()
    assert not world.copy.copied()
    world.copy.start()
    world.copy.start()
    assert (world.copy.begun(), world.copy.lag(), world.stacks.changes) == (True, None, 1)
    world.stacks.done()
    assert (world.copy.lag(), world.copy.position()) == (timedelta(seconds=1), "sessions is UPDATE_COMPLETE")
    assert world.stacks.parameters == {"SecondRegion": TARGET, "SecondDataKeyArn": "arn:key", "Consistency": "eventual"}


def test_it_is_taken_away_and_gone_when_the_stack_stands() -> None:
    """Twice is once."""
    world = World()
    world.copy.start()
    world.stacks.done()
    world.copy.stop()
    world.copy.stop()
    assert (world.copy.copied(), world.stacks.changes) == (True, 2)
    world.stacks.done()
    assert (world.copy.copied(), world.stacks.parameters) == (False, NOTHING)


def test_a_stack_whose_last_change_failed_is_left_to_people() -> None:
    """It would fail again, at each tick."""
    world = World()
    world.stacks.status = "UPDATE_ROLLBACK_COMPLETE"
    with pytest.raises(Refused, match="look at its events"):
        world.copy.start()
    assert world.stacks.changes == 0
