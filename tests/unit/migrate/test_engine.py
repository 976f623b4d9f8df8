"""One tick of the engine, branch by branch: what it writes down, what it does, and what it comes to."""

import pytest
from tests.unit.migrate.toys import Bench, Toy, row

from landbridge.migrate.engine import Tick
from landbridge.migrate.progress import Outcome
from landbridge.migrate.record import Kind
from landbridge.migrate.step import Seen, State, Verb
from landbridge.model.errors import BadInput, LandbridgeError, LeaseHeld, Overtaken, Refused, Unreachable

SILENT = Unreachable("eu-central-1", "PutItem")
NO = Refused("eu-central-1", "PutItem", "AccessDenied: no")
WRONG = BadInput("s3://lists/", "holds no inventory", "wait for the first")
LATE = Overtaken("eu-central-1", "the state pen", 3, 9)


def raising(error: LandbridgeError, *calls: str) -> Toy:
    """A toy whose calls end in an error until it is told otherwise."""
    toy = Toy("a")

    def fail(call: str) -> None:
        if call in calls:
            raise error

    toy.raises = fail
    return toy


def test_a_plan_is_begun_then_done_in_order() -> None:
    """Entered, intended, found done, step after step; then ended, and every further tick says so."""
    bench = Bench(row(("one", [Toy("a")]), ("two", [Toy("b")])))
    assert bench.run() is Tick.ENDED
    each = ["entered {}", "intent {}", "found {}"]
    assert bench.told() == ["plan", *(line.format("a") for line in each), *(line.format("b") for line in each), "ended"]
    assert bench.engine.journal.progress.outcome is Outcome.DONE
    assert bench.engine.advance() is Tick.ENDED


def test_the_plan_is_written_down_as_an_operator_reads_it() -> None:
    """The first record of a run carries every sentence."""
    bench = Bench(row(("one", [Toy("a")])))
    bench.engine.advance()
    assert bench.store.kept[-1].data["steps"] == ["one: a: switch a on"]
    assert bench.store.kept[-1].data["hash"] == bench.engine.plan.hash


def test_another_plan_under_way_is_refused() -> None:
    """Who comes with another configuration is told what is under way, and nothing is written."""
    bench = Bench(row(("one", [Toy("a", sees=Seen(State.WAITING, "not yet"))])))
    bench.run()
    bench.engine.journal.release()
    written = len(bench.store.kept)
    with pytest.raises(BadInput, match=r"journal fake: another plan \(toys .*\) is under way; finish it or go back"):
        bench.another("other", name="other plan").advance()
    assert {record.kind for record in bench.store.kept[written:]} == {Kind.LEASE}


def test_another_plan_begins_when_the_last_one_has_ended() -> None:
    """One chain carries all plans ever run."""
    bench = Bench(row(("one", [Toy("a")])))
    bench.run()
    other = bench.another("engine", name="other plan")
    bench.run(other)
    assert [record.data["name"] for record in bench.store.kept if record.kind is Kind.PLAN] == ["toys", "other plan"]


def test_an_intent_carries_what_stood_before_and_its_number_is_the_turn() -> None:
    """What revert and every conditional act go by."""
    toy = Toy("a")
    bench = Bench(row(("one", [toy])))
    bench.run()
    intent = next(record for record in bench.store.kept if record.kind is Kind.INTENT)
    applied = toy.contexts[toy.calls.index("apply")]
    assert (intent.data["before"], intent.data["verb"], intent.data["opens"]) == ({"on": False}, "apply", None)
    assert (applied.turn, applied.before, applied.done) == (intent.number, {"on": False}, False)


def test_waiting_is_recorded_once() -> None:
    """What only repeats itself is not written again."""
    toy = Toy("a", sees=Seen(State.WAITING, "the copy is behind"))
    bench = Bench(row(("one", [toy])))
    assert [bench.run() for _ in range(3)] == [Tick.WAITING] * 3
    assert bench.told(Kind.FOUND) == ["found a"]


def test_waiting_with_another_figure_is_recorded_every_few_seconds() -> None:
    """A moving figure is worth a record now and then, not one a tick."""
    toy = Toy("a", sees=Seen(State.WAITING, "1 s behind"))
    bench = Bench(row(("one", [toy])))
    bench.run()
    toy.sees = Seen(State.WAITING, "2 s behind")
    bench.run()
    assert bench.whys(Kind.FOUND) == ["1 s behind"]
    bench.clock.sleep(2.5)
    bench.run()
    assert bench.whys(Kind.FOUND) == ["1 s behind", "2 s behind"]


def test_blocked_is_held_until_a_person_has_settled_it() -> None:
    """Held, not given up: the next look may find it settled."""
    toy = Toy("a", sees=Seen(State.BLOCKED, "3 keys differ"))
    bench = Bench(row(("one", [toy])))
    assert bench.run() is Tick.HELD
    assert toy.calls == ["check"]
    toy.sees = None
    assert bench.run() is Tick.ENDED


@pytest.mark.parametrize("call", ["check", "before", "apply"])
@pytest.mark.parametrize(("error", "tick"), [(SILENT, Tick.WAITING), (NO, Tick.HELD), (LATE, Tick.HELD), (WRONG, Tick.HELD)])
def test_errors_of_the_world_are_waited_out_or_held(error: LandbridgeError, tick: Tick, call: str) -> None:
    """No answer is waited out, a plain no, or what the file has wrong, is a person's to settle; each in its own words."""
    toy = raising(error, call)
    bench = Bench(row(("one", [toy])))
    assert bench.run() is tick
    assert bench.whys(Kind.FOUND) == [str(error)]
    toy.raises = lambda _call: None
    assert bench.run() is Tick.ENDED
    assert toy.on


@pytest.mark.parametrize(("error", "tick"), [(SILENT, Tick.WAITING), (NO, Tick.HELD), (LATE, Tick.HELD), (WRONG, Tick.HELD)])
def test_errors_of_the_world_on_the_way_back(error: LandbridgeError, tick: Tick) -> None:
    """The same holds for going back."""
    toy = raising(error, "revert")
    bench = Bench(row(("one", [toy, Toy("b", sees=Seen(State.FAILED, "no"))])))
    assert bench.run() is tick
    assert bench.whys(Kind.FOUND)[-1] == str(error)
    toy.raises = lambda _call: None
    assert bench.run() is Tick.ENDED


def test_what_came_undone_in_the_running_phase_is_done_again() -> None:
    """The running phase is looked at from its first step at each tick."""
    first, second = Toy("first"), Toy("second", sees=Seen(State.WAITING, "not yet"))
    bench = Bench(row(("one", [first, second])))
    bench.run()
    first.on = False
    bench.run()
    assert first.on
    assert bench.told(Kind.INTENT) == ["intent first", "intent first"]


def test_a_finished_phase_without_settings_is_not_looked_at_again() -> None:
    """A store compared before the shift is not compared at every tick after it."""
    first, second = Toy("first"), Toy("second", sees=Seen(State.WAITING, "not yet"))
    bench = Bench(row(("one", [first]), ("two", [second])))
    bench.run()
    looks = len(first.calls)
    bench.run()
    assert len(first.calls) == looks


def test_another_engine_is_kept_out_while_one_works() -> None:
    """The second is told who holds the lease, and does nothing."""
    toy = Toy("a", sees=Seen(State.WAITING, "not yet"))
    bench = Bench(row(("one", [toy])))
    bench.run()
    looks = len(toy.calls)
    with pytest.raises(LeaseHeld, match="engine engine holds the lease"):
        bench.another("second").advance()
    assert len(toy.calls) == looks


def test_an_engine_without_its_lease_makes_no_context() -> None:
    """A context is permission to act."""
    bench = Bench(row(("one", [Toy("a")])))
    with pytest.raises(LeaseHeld):
        bench.engine._look(Toy("b"))
    with pytest.raises(LeaseHeld):
        bench.engine._context(Toy("b"), Verb.APPLY)


def test_a_run_is_begun_again_only_after_it_has_ended() -> None:
    """An operator's 'again' after going back begins anew; while one is under way it changes nothing."""
    toy, failing = Toy("a"), Toy("b", sees=Seen(State.FAILED, "no"))
    bench = Bench(row(("one", [toy, failing])))
    bench.engine.again()
    bench.engine.advance()
    bench.engine.again()
    assert bench.told(Kind.PLAN) == ["plan"]
    bench.run()
    bench.engine.again()
    failing.sees = None
    assert bench.run() is Tick.ENDED
    assert bench.told(Kind.PLAN) == ["plan", "plan"]
    assert bench.engine.journal.progress.outcome is Outcome.DONE


def test_what_was_applied_again_is_reverted_under_a_newer_turn() -> None:
    """Back, forward over the pivot, and back again: the second way back has an intent of its own."""
    pivot, last = Toy("pivot", pivot=True, undoes=Seen(State.FAILED, "open already")), Toy("last")
    watch = Toy("watch", sees=Seen(State.FAILED, "too slow"))
    bench = Bench(row(("one", [pivot, last, watch])))
    while last.calls.count("revert") < 2:
        bench.engine.advance()
    watch.sees = None
    assert bench.run() is Tick.ENDED
    acts = [(call, context.turn) for call, context in zip(last.calls, last.contexts, strict=True) if call != "check"]
    assert [call for call, _ in acts] == ["apply", "revert", "apply", "revert", "apply"]
    assert [turn for _, turn in acts] == sorted({turn for _, turn in acts})
