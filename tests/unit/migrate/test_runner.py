"""The laptop's loop: when it sleeps, when it gives up, and how it comes by its lease."""

import threading
from dataclasses import replace

import pytest
from tests.fakes import Fate
from tests.unit.migrate.toys import Bench, Toy, row

from landbridge.migrate.runner import Ended, Runner, beating
from landbridge.migrate.step import Seen, State
from landbridge.model.errors import LeaseHeld, Refused, Unreachable

TICK, PATIENCE = 0.5, 10.0


def running(bench: Bench, who: str = "engine") -> tuple[Runner, list[str]]:
    """A runner and what it told."""
    told: list[str] = []
    engine = bench.engine if who == "engine" else bench.another(who)
    return Runner(engine, bench.clock, bench.clock.sleep, TICK, PATIENCE, told.append), told


def test_it_runs_to_the_end() -> None:
    """Without a pause as long as something moves."""
    bench = Bench(row(("one", [Toy("a")])))
    began = bench.clock()
    assert running(bench)[0].run() is Ended.DONE
    assert bench.clock() == began


def test_every_record_is_shown_as_it_is_written() -> None:
    """What stood in the journal before is not shown again."""
    bench = Bench(row(("one", [Toy("a")])))
    bench.engine.advance()
    seen: list[str] = []
    runner = replace(running(bench)[0], show=lambda record: seen.append(f"{record.kind} {record.step}".strip()))
    runner.run()
    assert seen[0].startswith("entered a")
    assert seen[-1] == "ended"


def test_a_plan_that_went_back_is_told_from_one_that_is_done() -> None:
    """They have exit codes of their own."""
    bench = Bench(row(("one", [Toy("a"), Toy("b", sees=Seen(State.FAILED, "no"))])))
    assert running(bench)[0].run() is Ended.ROLLED_BACK


def test_it_gives_up_only_after_its_patience() -> None:
    """A person may settle it meanwhile."""
    bench = Bench(row(("one", [Toy("a", sees=Seen(State.BLOCKED, "decide"))])))
    began = bench.clock()
    assert running(bench)[0].run() is Ended.HELD
    assert PATIENCE < bench.clock() - began <= PATIENCE + 2 * TICK


def test_patience_begins_anew_when_something_moves() -> None:
    """What is held now and then is not held."""
    toy = Toy("a", sees=Seen(State.BLOCKED, "decide"))
    bench = Bench(row(("one", [toy])))
    turns = iter([State.BLOCKED] * 15 + [State.WAITING] + [State.BLOCKED] * 15)

    def turn(call: str) -> None:
        state = next(turns, None) if call == "check" else None
        toy.sees = Seen(state, "decide") if state else None

    toy.raises = turn
    assert running(bench)[0].run() is Ended.DONE


def test_a_journal_that_does_not_answer_is_waited_for() -> None:
    """It is told, and the engine goes on when it answers again."""
    bench = Bench(row(("one", [Toy("a")])))
    bench.store.fates.extend([Fate.LOST] * 3)
    runner, told = running(bench)
    assert runner.run() is Ended.DONE
    assert told == ["fake did not answer (never arrives); the next look will tell"]


def test_a_dead_engines_lease_is_waited_out() -> None:
    """It runs out, and is taken; that it was waited for is told once."""
    bench = Bench(row(("one", [Toy("a", sees=Seen(State.WAITING, "not yet"))])))
    bench.run()
    second, told = running(bench, "second")
    second.wait_for_lease()
    assert second.engine.journal.lease_left > 0
    assert [line.partition(";")[0] for line in told] == ["engine engine holds the lease for 8 s more"]


def test_a_living_engines_lease_is_left_alone() -> None:
    """It was renewed while we waited: somebody works."""
    bench = Bench(row(("one", [Toy("a", sees=Seen(State.WAITING, "not yet"))])))
    bench.run()
    second, _ = running(bench, "second")
    sleep = bench.clock.sleep

    def working(seconds: float) -> None:
        sleep(seconds)
        bench.engine.advance()

    with pytest.raises(LeaseHeld, match="engine engine holds the lease"):
        Runner(second.engine, bench.clock, working, TICK, PATIENCE, lambda _what: None).wait_for_lease()


@pytest.mark.parametrize(("silent", "gives_up"), [(3, False), (999, True)])
def test_a_silent_journal_is_waited_for_as_long_as_the_patience(silent: int, gives_up: bool) -> None:  # noqa: FBT001
    """Then the waiting ends with it: nothing was begun yet."""
    bench = Bench(row(("one", [Toy("a")])))
    bench.store.fates.extend([Fate.LOST] * silent)
    runner, began = running(bench)[0], bench.clock()
    if gives_up:
        with pytest.raises(Unreachable):
            runner.wait_for_lease()
        assert PATIENCE < bench.clock() - began <= PATIENCE + 2 * TICK
    else:
        runner.wait_for_lease()
        assert runner.engine.journal.lease_left > 0


def test_what_waits_for_people_is_told_once_and_never_given_up() -> None:
    """However long they take; then it is told that it goes on."""
    bench = Bench(row(("one", [Toy("a")]), ("two", [Toy("b")]), two=1))
    runner, told = running(bench)

    def later(seconds: float) -> None:
        bench.clock.sleep(seconds)
        if bench.clock() > began + 5 * PATIENCE and not bench.engine.journal.progress.approvals:
            bench.ask("approve", "two")

    began = bench.clock()
    assert Runner(runner.engine, bench.clock, later, TICK, PATIENCE, told.append).run() is Ended.DONE
    assert told == ["two does not begin: it needs 1 approval, none by ada", "going on"]


def test_the_heart_beats_until_the_block_ends() -> None:
    """Also when a beat is missed; afterwards no thread is left."""
    beats, enough = [0], threading.Event()

    def beat() -> None:
        beats[0] += 1
        if beats[0] == 3:
            enough.set()
        if beats[0] == 2:
            raise Refused("us-east-1", "PutItem", "throttled")

    with beating(beat, 0.01):
        assert enough.wait(10)
    counted = beats[0]
    assert not [thread for thread in threading.enumerate() if thread.name == "heart"]
    assert beats[0] == counted
