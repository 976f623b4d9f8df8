"""What the steps of an evacuation hold on, and what no silence or blip talks them out of."""

from datetime import timedelta

import pytest
from tests.builders import FakeWorld
from tests.fake_payments import OtherSide
from tests.fakes import SOURCE, TARGET
from tests.unit.migrate.hand import Hand
from tests.unit.migrate.payments_cases import GONE, QUIET, draining

from landbridge.migrate.gate import Verdict
from landbridge.migrate.record import Kind
from landbridge.migrate.step import State
from landbridge.migrate.steps.confirm_stay import ConfirmStay
from landbridge.migrate.steps.drain_events import DrainEvents
from landbridge.migrate.steps.send_reads import SendReads
from landbridge.model.errors import Unreachable


@pytest.mark.parametrize("verdict", [Verdict.FAIL, Verdict.INCONCLUSIVE])
def test_a_region_in_doubt_takes_nobody_over(verdict: Verdict) -> None:
    """It is waited for, then a person decides."""
    world = FakeWorld()
    world.gate.verdict = verdict
    hand, step = Hand(world), ConfirmStay(TARGET, world.gate, timedelta(seconds=30))
    hand.journal.append(Kind.ENTERED, step.name)
    assert hand.check(step).state is State.WAITING
    world.clock.sleep(31)
    seen = hand.check(step)
    assert seen.state is State.BLOCKED
    assert seen.why.startswith(f"{TARGET}: the gate says")


def test_an_empty_queue_is_not_believed_at_once() -> None:
    """Not before it was seen empty for the whole time, counted from when clients are gone."""
    world = FakeWorld()
    hand, step = Hand(world), draining(world)
    hand.apply(SendReads(TARGET, world.traffic))
    seen = [hand.check(step).state]
    while seen[-1] is not State.DONE:
        world.clock.sleep(0.5)
        seen.append(hand.check(step).state)
    assert len(seen) - 1 >= 2 * (QUIET.total_seconds() + 1)


def test_an_event_that_comes_begins_the_wait_anew() -> None:
    """What came after the queue was empty is worked off too."""
    world = FakeWorld()
    hand, step = Hand(world), DrainEvents(SOURCE, world.events, GONE, timedelta(seconds=10), "send_reads")
    for queued in (0, 0, 1, 0):
        world.events.queued = queued
        assert hand.check(step).state is State.WAITING
        world.clock.sleep(4)
    assert hand.check(step).state is State.WAITING
    world.clock.sleep(6)
    assert hand.check(step).state is State.DONE


def test_time_in_which_no_engine_looked_does_not_count() -> None:
    """A laptop that was closed saw nothing."""
    world = FakeWorld()
    hand, step = Hand(world), draining(world)
    hand.check(step)
    world.clock.sleep(3600)
    assert hand.check(step).state is State.WAITING


def test_what_was_set_aside_is_told() -> None:
    """It is in no ledger, and nobody would look."""
    world = FakeWorld()
    world.events.aside = 3
    hand, step = Hand(world), draining(world)
    hand.forward(step)
    assert "3 events were set aside there" in hand.journal.progress.last_found[step.name].why


def test_a_silent_region_is_never_found_empty() -> None:
    """Its silence goes to the engine, which waits."""
    world = FakeWorld()
    world.events.silent = True
    hand = Hand(world)
    with pytest.raises(Unreachable):
        hand.check(draining(world))


def test_going_back_gives_a_region_the_share_it_had() -> None:
    """An evacuation that is aborted leaves the weights as they were."""
    world = FakeWorld()
    world.traffic.weight = 40
    hand, step = Hand(world), SendReads(TARGET, world.traffic)
    hand.forward(step)
    assert world.traffic.weight == 100
    hand.back(step)
    assert world.traffic.weight == 40


def test_reads_that_go_back_are_not_sent_away_again() -> None:
    """The step that gives the region its first share ends this one's."""
    world = FakeWorld()
    world.traffic.weight = 0
    hand, step = Hand(world), SendReads(TARGET, world.traffic, ("drain_events",))
    hand.forward(step)
    world.traffic.weight = 95
    assert hand.check(step).state is State.READY
    hand.intend(draining(world))
    assert hand.check(step).state is State.DONE


def test_both_sides_see_the_same_records() -> None:
    """The fake's own promise: the other side's share is what is left."""
    world = FakeWorld()
    world.traffic.weight = 30
    other = OtherSide(world.traffic)
    other.send(other.percent() or 0)
    assert world.traffic.weight == 30
