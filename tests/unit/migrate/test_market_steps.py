"""The market's and the database's steps where the way is not straight: silent feeds, new shards, lost places, failed switches."""

import pytest
from tests.builders import FakeWorld
from tests.fakes import SOURCE, TARGET
from tests.unit.migrate import market_cases as cases
from tests.unit.migrate.case import SKEW_BOUND
from tests.unit.migrate.hand import Hand

from landbridge.migrate.step import State, Step, Verb
from landbridge.model.market import Stream
from landbridge.model.pen import Domain


def unwind(hand: Hand, *steps: Step) -> None:
    """Last one first, each to its end."""
    for step in reversed(steps):
        assert hand.back(step)[-1] is State.DONE


def test_a_feed_that_does_not_confirm_loses_its_right_to_put_at_the_source() -> None:
    """After the patience, not before; the move goes on without it, and names it."""
    world = FakeWorld()
    hand, step = Hand(world), cases.moving(world)
    cases.kept(world, hand)
    world.feeds.stubborn = {"slow"}
    hand.apply(step)
    world.settle()
    assert (hand.check(step).state, world.feeds.may_put(SOURCE)) == (State.WAITING, True)
    world.clock.sleep(cases.PATIENCE.total_seconds())
    assert hand.forward(step)[-1] is State.DONE
    assert not world.feeds.may_put(SOURCE)
    assert hand.journal.records[-1].data["unconfirmed"] == ["slow"]


def test_a_second_move_gives_the_right_back() -> None:
    """Whoever lost it in an earlier move may put where the feeds go now."""
    world = FakeWorld()
    hand, step = Hand(world), cases.moving(world)
    world.feeds.withdraw(TARGET)
    cases.kept(world, hand)
    hand.forward(step)
    assert world.feeds.may_put(TARGET)


def test_feeds_nobody_can_tell_do_not_hold_the_market_for_ever() -> None:
    """Past the patience and the budget the move unwinds."""
    world = FakeWorld()
    hand, step = Hand(world), cases.moving(world)
    cases.kept(world, hand)
    world.clock.sleep(cases.TOLD.total_seconds() + 0.1)
    assert hand.check(step).state is State.FAILED


def test_going_back_leaves_no_address_at_a_target_that_had_none() -> None:
    """It is in no stack of the target's, so it would stay when they go."""
    world = FakeWorld()
    del world.feeds.told[TARGET]
    hand, step = Hand(world), cases.moving(world)
    cases.moved(world, hand)
    unwind(hand, step)
    assert world.feeds.told == {SOURCE: SOURCE}


def test_an_address_a_stranger_changed_is_set_again() -> None:
    """In later phases too."""
    world = FakeWorld()
    hand, step = Hand(world), cases.moving(world)
    cases.moved(world, hand)
    world.feeds.point(TARGET, SOURCE)
    assert hand.check(step).state is State.READY
    hand.apply(step)
    assert world.feeds.address(TARGET) == TARGET


def test_feeds_that_a_stranger_told_are_told_back_when_the_move_unwinds() -> None:
    """Only what this run has told is told back; so it tells them, whatever it finds."""
    world = FakeWorld()
    hand, step = Hand(world), cases.moving(world)
    for side in (SOURCE, TARGET):
        world.feeds.point(side, TARGET)
    world.settle()
    cases.kept(world, hand)
    assert hand.forward(step)[0] is State.READY
    unwind(hand, step)
    assert {world.feeds.address(side) for side in (SOURCE, TARGET)} == {SOURCE}


def test_markers_do_not_count_when_the_shards_changed() -> None:
    """A new shard has no end, and what a closed one held may lie in it."""
    world = FakeWorld()
    hand, step = Hand(world), cases.ending(world)
    cases.moved(world, hand)
    hand.apply(step)
    world.streams.leaves[SOURCE] = frozenset({"a", "b1", "b2"})
    world.settle()
    assert hand.check(step).state is State.FAILED


def test_a_marker_that_is_not_passed_is_put_again_within_the_budget() -> None:
    """Perhaps it was never put; past the budget the move unwinds."""
    world = FakeWorld()
    hand, step = Hand(world), cases.ending(world)
    cases.moved(world, hand)
    hand.intend(step)
    assert hand.check(step).state is State.WAITING
    world.clock.sleep(2.1)
    assert hand.check(step).state is State.READY
    world.clock.sleep(8)
    assert hand.check(step).state is State.FAILED


def test_unwound_the_source_reads_what_came_to_the_target_before_its_own_stream_goes_on() -> None:
    """The mirror first, to the end of the target's stream; only then the live one, from the moment that was noted."""
    world = FakeWorld()
    hand, keep, move = Hand(world), cases.keeping(world), cases.moving(world)
    noted = world.clock()
    cases.moved(world, hand)
    hand.back(move)
    hand.back(cases.closing_market(world))
    hand.intend(keep, Verb.REVERT)
    assert [hand.revert(keep).state for _ in range(2)] == [State.WAITING] * 2  # the older reading goes, then one is begun
    assert world.mappings.made_under(SOURCE, Stream.MIRROR) is not None
    assert world.mappings.made_under(SOURCE, Stream.LIVE) is None
    world.settle()
    assert [hand.revert(keep).state for _ in range(3)] == [State.WAITING, State.WAITING, State.DONE]
    since, _ = world.mappings.reading[SOURCE, Stream.LIVE]
    assert since == noted - SKEW_BOUND.total_seconds()


def test_a_move_that_never_told_the_feeds_leaves_the_readings_alone() -> None:
    """There is nothing to read again."""
    world = FakeWorld()
    hand, keep = Hand(world), cases.keeping(world)
    cases.kept(world, hand)
    reading = dict(world.mappings.reading)
    unwind(hand, keep, cases.closing_market(world))
    assert world.mappings.reading == reading


def test_the_holder_is_past_what_was_put_at_the_other_side_before_the_moment_is_kept() -> None:
    """It reads its mirror from then on, whatever it read before, and nothing is closed while it is behind."""
    world = FakeWorld()
    hand, keep = Hand(world), cases.keeping(world)
    hand.apply(keep)
    assert world.mappings.made_under(SOURCE, Stream.MIRROR) is not None
    assert hand.check(keep).state is State.WAITING
    world.settle()
    assert hand.check(keep).state is State.DONE


def test_a_moment_the_streams_no_longer_keep_is_refused() -> None:
    """A place older than the retention is lost; a person must decide."""
    world = FakeWorld()
    hand, step = Hand(world), cases.starting(world)
    cases.moved(world, hand)
    world.clock.sleep(cases.KEEPS.total_seconds())
    assert hand.check(step).state is State.BLOCKED


def test_a_reading_somebody_stopped_goes_on_from_where_it_stood() -> None:
    """Repaired under its first turn, it is the same reading, however long ago it began."""
    world = FakeWorld()
    hand, step = Hand(world), cases.starting(world)
    cases.moved(world, hand)
    hand.forward(step)
    begun = world.mappings.reading[TARGET, Stream.LIVE]
    world.mappings.stop(TARGET, Stream.LIVE)
    world.clock.sleep(2 * cases.KEEPS.total_seconds())
    assert hand.forward(step)[-1] is State.DONE
    assert world.mappings.reading[TARGET, Stream.LIVE] == begun


def test_a_switchover_that_fails_is_begun_again_within_the_budget() -> None:
    """The old writer stays; past the budget the move unwinds."""
    world = FakeWorld()
    hand, step = Hand(world), cases.switching(world)
    cases.closed_effects(world, hand)
    world.database.fails = True
    hand.apply(step)
    assert hand.check(step).state is State.WAITING
    world.settle()
    assert hand.check(step).state is State.READY
    world.clock.sleep(180)
    assert hand.check(step).state is State.FAILED


def test_a_hanging_switchover_is_waited_for_on_the_way_back() -> None:
    """No second switchover on top of one under way."""
    world = FakeWorld()
    hand, step = Hand(world), cases.switching(world)
    cases.closed_effects(world, hand)
    hand.apply(step)
    hand.intend(step, Verb.REVERT)
    assert hand.revert(step).state is State.WAITING
    assert world.database.going_to == TARGET
    world.settle()
    assert hand.revert(step).state is State.WAITING
    world.settle()
    assert hand.revert(step).state is State.DONE
    assert world.database.writer() == SOURCE


def test_a_writer_that_somebody_switched_away_is_a_persons_to_settle() -> None:
    """Once it was at the target."""
    world = FakeWorld()
    hand, step = Hand(world), cases.switching(world)
    cases.closed_effects(world, hand)
    hand.forward(step)
    world.database.at = SOURCE
    assert hand.check(step).state is State.BLOCKED


@pytest.mark.parametrize("domain", list(Domain))
def test_every_domain_has_its_pens(domain: Domain) -> None:
    """The market's is a master alone."""
    pens = FakeWorld().pens.read(SOURCE, domain)
    assert (len(pens.fences) == 0) is (domain is Domain.MARKET)
