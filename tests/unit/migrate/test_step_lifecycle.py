"""Every step goes through one harness: check, apply, apply, check, revert, revert, check, apply, killed in between."""

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from typing import Any

import pytest
from tests.builders import FakeWorld
from tests.fakes import SOURCE, TARGET
from tests.unit.migrate.case import Case
from tests.unit.migrate.cases import CASES
from tests.unit.migrate.hand import Hand

from landbridge.migrate import steps
from landbridge.migrate.step import State, Step, Verb
from landbridge.migrate.steps.open_target import OpenTarget
from landbridge.model.errors import Overtaken
from landbridge.model.pen import Domain, PenState

EVERY = pytest.mark.parametrize("kind", [pytest.param(kind, id=kind.__name__) for kind in CASES])


def discovered() -> Iterator[type[Step]]:
    """Every step class of the steps' room."""
    for found in pkgutil.iter_modules(steps.__path__):
        module = importlib.import_module(f"{steps.__name__}.{found.name}")
        for _, kind in inspect.getmembers(module, inspect.isclass):
            if issubclass(kind, Step) and kind.__module__ == module.__name__:
                yield kind


def staged(kind: type[Step]) -> tuple[FakeWorld, Hand, Step, Case]:
    """A world in which the step's turn has come."""
    case, world = CASES[kind], FakeWorld()
    hand = Hand(world)
    case.prepare(world, hand)
    return world, hand, case.make(world), case


def _without(parts: tuple[str, ...], stands: dict[str, Any]) -> dict[str, Any]:
    return {part: standing for part, standing in stands.items() if part not in parts}


def test_every_step_has_a_case() -> None:
    """A new step without a case is noticed here."""
    assert set(discovered()) == set(CASES)


@EVERY
def test_it_goes_forward_back_and_forward_again(kind: type[Step]) -> None:
    """Exact states on the way, the world as before after going back, and the same end when it goes again."""
    world, hand, step, case = staged(kind)
    before = world.stands()
    assert tuple(hand.forward(step)) == case.forward
    ended = world.stands()
    assert tuple(hand.back(step)) == case.back
    if case.back[-1] is State.DONE:  # what is open or gone has no way back
        assert _without(case.left, world.stands()) == _without(case.left, before)
    assert hand.check(step).state is case.undone
    assert hand.forward(step)[-1] is State.DONE
    assert _without(case.left, world.stands()) == _without(case.left, ended)


@EVERY
def test_doing_it_twice_is_doing_it_once(kind: type[Step]) -> None:
    """A second apply, under its own intent or none, and a second revert change nothing more."""
    world, hand, step, case = staged(kind)
    hand.apply(step)
    once = world.stands()
    step.apply(hand.context(step))
    assert world.stands() == once
    hand.apply(step)
    assert world.stands() == once
    assert hand.forward(step)[-1] is State.DONE
    hand.back(step)
    back = world.stands()
    assert step.revert(hand.context(step, Verb.REVERT)).state is case.back[-1]
    assert world.stands() == back


@EVERY
def test_looking_changes_nothing(kind: type[Step]) -> None:
    """A check may come any number of times, before and after."""
    world, hand, step, _ = staged(kind)
    before = world.stands()
    assert hand.check(step).state is step.check(hand.context(step)).state
    assert world.stands() == before


@EVERY
def test_killed_between_intent_and_act(kind: type[Step]) -> None:
    """An intent without its act is looked at like any other standing, and the step still comes to its end."""
    world, hand, step, case = staged(kind)
    before = world.stands()
    hand.intend(step)
    assert hand.check(step).state is case.killed
    assert world.stands() == before
    assert hand.forward(step)[-1] is State.DONE


@EVERY
def test_killed_between_intent_and_act_then_back(kind: type[Step]) -> None:
    """Going back from an act that never came leaves the world as it was; even a pivot can go back then."""
    world, hand, step, case = staged(kind)
    before = world.stands()
    hand.intend(step)
    assert hand.back(step)[-1] is State.DONE
    assert _without(case.left, world.stands()) == _without(case.left, before)


@EVERY
def test_it_says_what_it_does(kind: type[Step]) -> None:
    """Its sentence and name are what an operator reads: plain, and the same in file, class and journal."""
    _, _, step, _ = staged(kind)
    file = kind.__module__.rpartition(".")[2]
    assert step.name.partition(".")[0] == file == "".join(f"_{c.lower()}" if c.isupper() else c for c in kind.__name__)[1:]
    assert len(step.sentence) > 20
    assert step.sentence[0].islower()
    assert not step.sentence.endswith(".")


def test_a_barred_target_lets_no_late_opening_in() -> None:
    """The act of the intent that was gone back from arrives late, and changes nothing."""
    world, hand, step, _ = staged(OpenTarget)
    hand.intend(step)
    late = hand.context(step)
    hand.back(step)
    with pytest.raises(Overtaken):
        step.apply(late)
    assert not world.pens.read(TARGET, Domain.STATE).any_is(PenState.OPEN)


def test_an_opening_that_got_as_far_as_the_master_is_past_the_pivot() -> None:
    """The master alone decides: there is no way back, and going on opens the fences too."""
    world, hand, step, _ = staged(OpenTarget)
    hand.intend(step)
    world.pens.fences = 0  # the process ends after the master
    step.apply(hand.context(step))
    world.pens.fences = 3
    assert hand.back(step) == [State.FAILED]
    assert hand.forward(step) == [State.READY, State.DONE]
    assert world.pens.read(TARGET, Domain.STATE).epoch == world.pens.read(SOURCE, Domain.STATE).epoch + 1
