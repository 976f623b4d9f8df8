"""The steps that move the pen, where the way is not straight: late acts, old proofs, and budgets that run out."""

from datetime import timedelta

import pytest
from tests.builders import FakeWorld, state
from tests.fakes import SOURCE, TARGET
from tests.unit.migrate import cases
from tests.unit.migrate.case import BUDGET, SKEW_BOUND
from tests.unit.migrate.hand import Hand

from landbridge.migrate.step import State, Verb
from landbridge.migrate.steps.prove_reverse import ProveReverse
from landbridge.model.errors import Unreachable
from landbridge.model.pen import Domain, Epoch, Pen, PenSet, PenState
from landbridge.model.region import Region
from landbridge.model.state import StateItem

DOMAIN = Domain.STATE


def test_a_mark_that_never_arrived_is_written_again() -> None:
    """Perhaps it was never written; a mark of an older migration proves nothing."""
    world = FakeWorld()
    hand, step = Hand(world), cases.CASES[ProveReverse].make(world)
    world.copies.write_mark(SOURCE, StateItem("~canary", "reverse", 0, "older", Epoch(0), "mark"))
    hand.apply(step)
    assert hand.check(step).state is State.WAITING
    world.clock.sleep(15.1)
    assert hand.check(step).state is State.READY


def test_the_source_is_not_reopened_while_an_opening_may_still_arrive() -> None:
    """Not barred, or barred too early: a person must look."""
    world = FakeWorld()
    hand, close, opens = Hand(world), cases.closing(world), cases.opening(world)
    cases.closed_long_enough(world, hand)
    hand.intend(opens)
    hand.intend(close, Verb.REVERT)
    seen = hand.revert(close)
    assert (seen.state, "is not barred against the intent" in seen.why) == (State.BLOCKED, True)
    hand.back(opens)
    assert hand.revert(close).state is State.DONE
    assert world.pens.read(SOURCE, DOMAIN).all_are(PenState.OPEN)


def test_the_source_is_closed_only_by_a_turn_above_every_intent_to_open_it() -> None:
    """An act to reopen it could still arrive."""
    world = FakeWorld()
    hand, close = Hand(world), cases.closing(world)
    hand.forward(close)
    hand.intend(close, Verb.REVERT)
    assert hand.check(close).state is State.READY
    assert hand.forward(close)[-1] is State.DONE


def test_the_target_stays_closed_until_the_skew_bound_is_over() -> None:
    """Also while the clocks are too far apart."""
    world = FakeWorld()
    hand, opens = Hand(world), cases.opening(world)
    cases.closed_pens(world, hand)
    world.clock.sleep(1.9)
    assert hand.check(opens).state is State.WAITING
    world.clock.sleep(0.2)
    world.regions.apart = timedelta(seconds=1.5)
    assert (hand.check(opens).state, "clocks are" in opens.check(hand.context(opens)).why) == (State.WAITING, True)
    world.regions.apart = timedelta(seconds=1)
    assert hand.check(opens).state is State.READY


@pytest.mark.parametrize("fence", [None, 0, 2])
def test_the_target_stays_closed_while_anything_at_the_source_may_write(fence: int | None) -> None:
    """One fence is enough."""
    world = FakeWorld()
    hand, opens = Hand(world), cases.opening(world)
    cases.closed_long_enough(world, hand)
    world.pens.pens[SOURCE, DOMAIN][fence] = Pen(PenState.OPEN, Epoch(1), 99, 0.0)
    assert hand.check(opens).state is State.BLOCKED


def test_the_target_stays_closed_while_an_act_to_open_the_source_may_still_arrive() -> None:
    """Closed under a turn below that intent is not closed against it."""
    world = FakeWorld()
    hand, close, opens = Hand(world), cases.closing(world), cases.opening(world)
    cases.closed_long_enough(world, hand)
    hand.intend(close, Verb.REVERT)
    seen = hand.check(opens)
    assert (seen.state, "is not closed against the intent" in seen.why) == (State.BLOCKED, True)
    hand.forward(close)
    world.clock.sleep(SKEW_BOUND.total_seconds())
    assert hand.check(opens).state is State.READY


def test_the_target_opens_one_epoch_above_the_source() -> None:
    """So that no write of the old epoch can pass for one of the new."""
    world = FakeWorld()
    hand = Hand(world)
    world.pens.lay(SOURCE, DOMAIN, PenState.OPEN, epoch=7)
    cases.opened(world, hand)
    assert world.pens.read(TARGET, DOMAIN).epoch == 8


@pytest.mark.parametrize("seconds", [9.9, 10.1])
def test_the_budget_counts_from_the_close(seconds: float) -> None:
    """Not open by then, the move unwinds."""
    world = FakeWorld()
    hand, opens = Hand(world), cases.opening(world)
    cases.closed_pens(world, hand)
    world.clock.sleep(seconds)
    late = seconds > BUDGET.limit.total_seconds()
    assert hand.check(opens).state is (State.FAILED if late else State.READY)


def test_a_silent_target_that_was_never_opened_does_not_stop_the_way_back() -> None:
    """Without an intent to open it nothing can arrive there: past the budget it need not even answer."""
    world = FakeWorld()
    hand, opens = Hand(world), cases.opening(world)
    cases.closed_pens(world, hand)
    world.clock.sleep(10.1)
    read = world.pens.read

    def silent(region: Region, domain: Domain) -> PenSet:
        if region == TARGET:
            raise Unreachable(region, "out")
        return read(region, domain)

    world.pens.read = silent  # type: ignore[method-assign]
    assert hand.check(opens).state is State.FAILED
    hand.intend(opens)
    with pytest.raises(Unreachable):
        hand.check(opens)


def test_a_target_already_open_is_never_late() -> None:
    """Past the pivot the budget has nothing to say; one that somebody closed again is a person's to settle."""
    world = FakeWorld()
    hand, opens = Hand(world), cases.opening(world)
    cases.opened(world, hand)
    world.clock.sleep(60)
    assert hand.check(opens).state is State.DONE
    world.pens.close(TARGET, DOMAIN, 999)
    seen = hand.check(opens)
    assert (seen.state, seen.why) == (State.BLOCKED, "eu-central-1 was open in epoch 2 and was closed by somebody: see by whom")


def test_a_budget_without_a_close_is_out_of_order() -> None:
    """No plan of ours does that."""
    world = FakeWorld()
    hand, opens = Hand(world), cases.opening(world)
    late = BUDGET.overdue(hand.context(opens))
    assert late is not None
    assert late.state is State.BLOCKED


def test_what_was_written_during_the_comparison_is_captured() -> None:
    """A comparison that took long may have passed a key before it was written."""
    world = FakeWorld()
    hand, prove, compare = Hand(world), cases.proving(world), cases.comparing(world)
    world.clock.sleep(100)
    began, world.verifier.takes = world.clock(), 600
    hand.apply(compare)
    world.copies.accept(SOURCE, state("during"), began + 30)
    hand.forward(compare)
    cases.closed_pens(world, hand)
    seen = hand.check(prove)
    assert (seen.state, seen.why) == (State.WAITING, "1 of 1 keys have not arrived in eu-central-1 yet")


def test_the_proof_goes_by_the_newest_receipt_and_leaves_our_own_out() -> None:
    """An older version at the target is not the write that was accepted; a mark's receipt is nobody's write."""
    world = FakeWorld()
    hand, prove = Hand(world), cases.proving(world)
    for item in (state("ada", version=3), state("~canary")):
        world.copies.accept(SOURCE, item, world.clock())
    world.copies.write_mark(TARGET, state("ada", version=2))
    cases.closed_pens(world, hand)
    assert hand.check(prove).why == "1 of 1 keys have not arrived in eu-central-1 yet"
    world.copies.write_mark(TARGET, state("ada", version=3))
    assert hand.check(prove).state is State.DONE


def test_a_proof_of_an_earlier_close_proves_nothing() -> None:
    """After a new close it is made again."""
    world = FakeWorld()
    hand, prove, close = Hand(world), cases.proving(world), cases.closing(world)
    cases.closed_pens(world, hand)
    world.settle()
    hand.forward(prove)
    world.copies.copies[TARGET].clear()
    assert hand.check(prove).state is State.DONE
    world.clock.sleep(1)
    hand.apply(close)
    assert hand.check(prove).state is State.WAITING
