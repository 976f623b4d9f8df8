"""What an earlier run has brought about already: phases with nothing left to do, pens that have moved."""

from dataclasses import replace

import pytest
from tests.builders import FakeWorld
from tests.fakes import SOURCE, TARGET
from tests.unit.migrate.cases import CASES
from tests.unit.migrate.hand import Hand
from tests.unit.migrate.toys import Bench, Toy, row

from landbridge.migrate.engine import Tick
from landbridge.migrate.record import Kind
from landbridge.migrate.step import State
from landbridge.migrate.steps.close_target import CloseTarget
from landbridge.migrate.steps.start_target import AGAIN_SECONDS, StartTarget
from landbridge.model.errors import Unreachable
from landbridge.model.pen import Domain, PenState


def _bench(first: list[Toy], last: list[Toy], *, needless: int) -> Bench:
    """Two phases, one of which has nothing left to do."""
    phases = list(row(("one", first), ("two", last)))
    phases[needless] = replace(phases[needless], needless=lambda: "it was done before")
    return Bench(tuple(phases))


@pytest.mark.parametrize("needless", [0, 1])
def test_a_needless_phase_is_passed_without_a_look(needless: int) -> None:
    """Nothing of it is looked at or done, wherever it stands in the plan, and the plan ends."""
    phases = [Toy("a"), Toy("b")], [Toy("c"), Toy("d")]
    bench = _bench(*phases, needless=needless)
    assert bench.run() is Tick.ENDED
    assert [toy.calls for toy in phases[needless]] == [[], []]
    assert all(toy.on for toy in phases[1 - needless])
    assert bench.engine.advance() is Tick.ENDED


def test_a_needless_phase_half_written_down_is_still_needless() -> None:
    """The engine died between two of the records that say so: the next one says the rest."""
    passed, kept = [Toy("a"), Toy("b")], [Toy("c")]
    bench = _bench(passed, kept, needless=0)
    put, written = bench.store.put, len(bench.store.kept)

    def dies(record: object) -> bool:
        if [each.step for each in bench.store.kept[written:] if each.kind is Kind.FOUND] == ["a"]:
            raise Unreachable("fake", "put")
        return put(record)  # type: ignore[arg-type]

    bench.store.put = dies  # type: ignore[method-assign]
    with pytest.raises(Unreachable):
        bench.run()
    bench.store.put = put  # type: ignore[method-assign]
    assert bench.run() is Tick.ENDED
    assert [toy.calls for toy in passed] == [[], []]


def test_a_pen_that_moved_in_an_earlier_run_is_not_laid_again() -> None:
    """The run that follows a later domain's failure passes over it."""
    world = FakeWorld()
    world.pens.lay(SOURCE, Domain.STATE, PenState.CLOSED, epoch=1)
    world.pens.lay(TARGET, Domain.STATE, PenState.OPEN, epoch=2)
    assert Hand(world).check(CASES[CloseTarget].make(world)).state is State.DONE


def test_any_mark_of_the_run_shows_that_the_target_has_started() -> None:
    """An effect takes its time: a newer mark must not make the older one worthless, nor come at every look."""
    world = FakeWorld()
    hand, step = Hand(world), CASES[StartTarget].make(world)
    CASES[StartTarget].prepare(world, hand)
    hand.apply(step)
    hand.intend(step)
    world.clock.sleep(AGAIN_SECONDS / 2)
    assert hand.check(step).state is State.DONE


def test_a_mark_without_effect_is_sent_again_after_a_while_only() -> None:
    """A mark that got lost does not hold the move for ever."""
    world = FakeWorld()
    hand, step = Hand(world), CASES[StartTarget].make(world)
    CASES[StartTarget].prepare(world, hand)
    hand.intend(step)
    assert hand.check(step).state is State.WAITING
    world.clock.sleep(AGAIN_SECONDS + 0.1)
    assert hand.check(step).state is State.READY
