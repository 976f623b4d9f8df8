"""The steps of a seizure where the way is not straight: silences that break, half-opened pens, late copies, many names."""

from dataclasses import replace

import pytest
from tests.builders import FakeWorld, state
from tests.fakes import SOURCE, TARGET
from tests.unit.migrate import seize_cases as cases
from tests.unit.migrate.hand import Hand

from landbridge.migrate.step import State
from landbridge.migrate.steps import count_loss
from landbridge.migrate.steps.send_reads import SendReads
from landbridge.migrate.steps.take_market import TakeMarket
from landbridge.model.errors import Unreachable
from landbridge.model.market import Stream
from landbridge.model.pen import Domain, Epoch, PenState

DOMAIN = Domain.STATE


def staged(prepare: object = cases.out) -> tuple[FakeWorld, Hand]:
    """A world in which the source is gone, and further as the case says."""
    world = FakeWorld()
    hand = Hand(world)
    assert callable(prepare)
    prepare(world, hand)
    return world, hand


def test_one_answer_breaks_the_silence() -> None:
    """It counts anew from the next look that finds the region silent."""
    world, hand = staged()
    step = cases.confirming(world)
    assert hand.check(step).state is State.WAITING
    world.clock.sleep(1.9)
    world.pens.out.clear()
    seen = hand.check(step)
    assert (seen.state, "us-east-1 answers and holds state: abort" in seen.why) == (State.BLOCKED, True)
    world.pens.out.add(SOURCE)
    world.clock.sleep(1.9)
    assert hand.check(step).state is State.WAITING
    world.clock.sleep(2)
    assert hand.check(step).state is State.DONE


def test_a_silence_nobody_watched_is_none() -> None:
    """An engine that was down saw nothing in between."""
    world, hand = staged()
    step = cases.confirming(world)
    hand.forward(step)
    world.clock.sleep(61)  # a second longer than its lease
    assert hand.check(step).state is State.WAITING


def test_a_region_that_holds_nothing_is_no_holder() -> None:
    """There is nobody to be overruled."""
    world, hand = staged()
    world.pens.out.clear()
    world.pens.lay(SOURCE, DOMAIN, PenState.CLOSED, epoch=1)
    assert hand.check(cases.confirming(world)).state is State.DONE


def test_it_is_too_late_to_look_once_a_pen_may_be_seized() -> None:
    """From there on only forward, and the lost region is closed when it answers."""
    world, hand = staged()
    hand.forward(cases.confirming(world))
    hand.intend(cases.seizing(world))
    world.pens.out.clear()
    assert hand.check(cases.confirming(world)).state is State.DONE


def test_the_fences_get_the_epoch_of_the_master() -> None:
    """Also when a later intent finishes what the first one began."""
    world, hand = staged()
    step = cases.seizing(world)
    hand.intend(step)
    world.pens.fences = 0  # the process ends after the master
    step.apply(hand.context(step))
    world.pens.fences = 3
    epoch = world.pens.read(TARGET, DOMAIN).epoch
    assert hand.forward(step) == [State.READY, State.DONE]
    assert {pen.epoch for pen in world.pens.pens[TARGET, DOMAIN].values()} == {epoch}


def test_a_pen_that_was_seized_from_is_not_the_holders() -> None:
    """It stands open, but another region was opened after it: it gets a new epoch before anybody relies on it."""
    world, hand = staged(cases.seized)
    taken = world.pens.read(TARGET, DOMAIN).epoch
    world.pens.out.add(TARGET)
    back = replace(cases.seizing(world), lost=TARGET, stays=SOURCE)
    hand.begin()
    assert world.pens.read(SOURCE, DOMAIN).all_are(PenState.OPEN)
    assert hand.forward(back) == [State.READY, State.DONE]
    assert world.pens.read(SOURCE, DOMAIN).epoch > taken


def test_a_seized_pen_that_somebody_closed_is_a_persons_to_settle() -> None:
    """Opening it again would overrule whoever closed it."""
    world, hand = staged(cases.seized)
    world.pens.close(TARGET, DOMAIN, 999)
    seen = hand.check(cases.seizing(world))
    assert (seen.state, "closed by somebody" in seen.why) == (State.BLOCKED, True)


def test_nothing_is_seized_where_the_platform_does_not_stand() -> None:
    """A pen alone serves nobody."""
    world, hand = staged()
    world.pens.pens.pop((TARGET, DOMAIN))
    assert hand.check(cases.seizing(world)).state is State.BLOCKED


def test_the_market_is_read_from_well_before_the_loss() -> None:
    """Counted from the first intent, so that trying again does not lose what lies before."""
    world, hand = staged()
    world.feeds.stubborn.add("fast")
    step = TakeMarket(SOURCE, TARGET, world.feeds, world.mappings, cases.DAY)
    began = world.clock()
    hand.intend(step)
    world.clock.sleep(30)
    assert hand.forward(step) == [State.READY, State.DONE]
    since = {stream: world.mappings.reading[TARGET, stream][0] for stream in Stream}
    assert since == dict.fromkeys(Stream, began - cases.DAY.total_seconds())


def test_a_reading_that_was_begun_before_the_loss_is_begun_anew() -> None:
    """Nobody knows what it skipped while the pen was elsewhere."""
    world, hand = staged()
    world.feeds.point(TARGET, TARGET)
    for stream in Stream:
        world.mappings.start(TARGET, stream, world.clock(), 1)
    hand.begin()
    step = TakeMarket(SOURCE, TARGET, world.feeds, world.mappings, cases.DAY)
    assert hand.forward(step) == [State.READY, State.READY, State.DONE]
    assert {world.mappings.reading[TARGET, stream][0] < world.clock() for stream in Stream} == {True}


def test_a_region_without_a_record_gets_one_with_all_reads() -> None:
    """One act a time, because none of them can be fenced."""
    world, hand = staged()
    step = SendReads(TARGET, world.traffic)
    assert hand.forward(step) == [State.READY, State.DONE]
    assert world.traffic.weight == 0
    assert hand.forward(step) == [State.READY, State.DONE]
    assert world.traffic.sent == [100]


def test_a_silent_region_is_waited_for() -> None:
    """First contact is its own answer."""
    world, hand = staged()
    with pytest.raises(Unreachable):
        hand.check(cases.contacting(world))


def test_first_contact_closes_against_every_intent_to_open() -> None:
    """Closed before such an intent is not closed against it."""
    world, hand = staged()
    hand.intend(replace(cases.seizing(world), lost=TARGET, stays=SOURCE))
    world.pens.out.clear()
    world.pens.lay(SOURCE, DOMAIN, PenState.CLOSED, epoch=1)
    assert hand.forward(cases.contacting(world)) == [State.READY, State.DONE]


def test_a_mark_of_the_contact_that_never_arrived_is_put_again() -> None:
    """Perhaps it was never put."""
    world, hand = staged(cases.closed)
    step = cases.restoring(world)
    hand.intend(step)
    assert hand.check(step).state is State.WAITING
    world.clock.sleep(15.1)
    assert hand.check(step).state is State.READY


def test_nothing_is_put_back_before_the_journal_names_it() -> None:
    """The keys, and no value."""
    world, hand = staged(cases.covered)
    world.copies.settle()
    step = cases.restoring(world)
    seen = hand.check(step)
    assert (seen.state, seen.figures["keys"]) == (State.WAITING, ["ada/main"])
    assert hand.check(step).state is State.READY
    hand.apply(step)
    assert world.copies.copies[TARGET]["ada", "main"].version == 3
    assert not [record for record in hand.store.kept if '"v"' in record.body()]


def test_what_a_user_wrote_over_a_late_copy_stays() -> None:
    """An item of the newer epoch is nobody's to put back."""
    world, hand = staged(cases.covered)
    world.copies.settle()
    epoch = world.pens.read(TARGET, DOMAIN).epoch
    world.copies.accept(TARGET, state(version=8, epoch=epoch), world.clock())
    assert hand.forward(cases.restoring(world))[-1] is State.DONE
    assert world.copies.copies[TARGET]["ada", "main"].version == 8


def test_what_is_lost_is_named_to_the_last_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page a record; what was accepted later over it is not lost."""
    monkeypatch.setattr(count_loss, "AT_ONCE", 2)
    world, hand = staged(cases.closed)
    for number in range(5):
        world.copies.accept(SOURCE, state(f"user-{number}", version=4), world.clock())
    world.copies.write_mark(TARGET, state("user-3", version=5, epoch=Epoch(99)))
    world.copies.write_mark(TARGET, state("ada", version=2))
    step = cases.counting(world)
    named = []
    while True:
        seen = hand.check(step)
        named += [key for key in seen.figures["keys"] if key not in named]
        if seen.state is State.DONE:
            break
        world.clock.sleep(2)
    assert named == [f"user-{number}/main v4" for number in (0, 1, 2, 4)]
    assert seen.why == "4 items of state that us-east-1 accepted are lost"
