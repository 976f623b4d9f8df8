"""The engine goes back: through a phase when it fails, through everything when people abort, and never past a pivot."""

import pytest
from tests.unit.migrate.toys import Bench, Toy, row

from landbridge.migrate.engine import Tick
from landbridge.migrate.progress import Direction, Outcome
from landbridge.migrate.record import Kind
from landbridge.migrate.step import Seen, State


def test_failed_goes_back_through_its_phase_only_and_in_reverse() -> None:
    """What earlier phases did stays; the run says it was rolled back, and why."""
    kept, first, second = Toy("kept"), Toy("first"), Toy("second")
    failing = Toy("failing", sees=Seen(State.FAILED, "5 % of requests failed"))
    bench = Bench(row(("one", [kept]), ("two", [first, second, failing]), ("three", [Toy("never")])))
    assert bench.run() is Tick.ENDED
    assert bench.told(Kind.REVERTED) == ["reverted second", "reverted first"]
    assert (kept.on, first.on, second.on) == (True, False, False)
    assert bench.engine.journal.progress.outcome is Outcome.ROLLED_BACK
    assert bench.whys(Kind.ENDED) == bench.whys(Kind.TURNED) == ["failing: 5 % of requests failed"]


def test_an_abort_goes_back_through_all_phases() -> None:
    """Everything that was begun goes back, last one first; what was on before stays on."""
    first, stood, second = Toy("first"), Toy("stood", on=True), Toy("second")
    bench = Bench(row(("one", [first, stood]), ("two", [second, Toy("third", sees=Seen(State.WAITING, "not yet"))])))
    bench.run()
    bench.another("operator").journal.ask("abort", "the night is over")
    assert bench.run() is Tick.ENDED
    assert bench.told(Kind.REVERTED) == ["reverted second", "reverted first"]
    assert (first.on, stood.on, second.on) == (False, True, False)
    assert bench.whys(Kind.ENDED) == ["aborted: the night is over"]


def test_an_abort_while_going_back_goes_back_all_the_way() -> None:
    """A person may widen what the engine began."""
    first, second = Toy("first"), Toy("second", undoes=Seen(State.WAITING, "being removed"))
    failing = Toy("failing", sees=Seen(State.FAILED, "no"))
    bench = Bench(row(("one", [first]), ("two", [second, failing])))
    assert bench.run() is Tick.WAITING
    bench.another("operator").journal.ask("abort", "all of it")
    second.undoes = None
    assert bench.run() is Tick.ENDED
    assert (first.on, second.on) == (False, False)


def test_an_abort_past_a_pivot_goes_forward_and_says_so() -> None:
    """Past the pivot the only way back is a move of its own."""
    pivot, last = Toy("pivot", pivot=True), Toy("last", sees=Seen(State.WAITING, "not yet"))
    bench = Bench(row(("one", [pivot, last])))
    bench.run()
    bench.another("operator").journal.ask("abort", "too late")
    assert bench.engine.advance() is Tick.MOVED
    last.sees = None
    assert bench.run() is Tick.ENDED
    assert bench.engine.journal.progress.outcome is Outcome.DONE
    no = "abort refused: pivot may have passed its pivot; go on, then fail back; the run goes forward at last"
    assert (bench.whys(Kind.TURNED), bench.whys(Kind.ANSWERED)) == ([], [no])
    assert "revert" not in pivot.calls


def test_a_pivot_that_cannot_go_back_turns_the_engine_forward() -> None:
    """Going back met an open target: from there only forward, to the end."""
    first, pivot = Toy("first"), Toy("pivot", pivot=True, undoes=Seen(State.FAILED, "open already"))
    last = Toy("last", sees=Seen(State.FAILED, "too slow"))
    bench = Bench(row(("one", [first, pivot, last])))
    for _ in range(30):
        bench.engine.advance()
        if bench.whys(Kind.TURNED)[1:]:
            break
    last.sees = None
    assert bench.engine.journal.progress.direction is Direction.FORWARD
    assert bench.run() is Tick.ENDED
    assert bench.whys(Kind.TURNED) == ["last: too slow", "pivot: open already"]
    assert (first.calls.count("revert"), first.on) == (0, True)


@pytest.mark.parametrize("undoes", [State.WAITING, State.READY])
def test_a_revert_that_waits_is_called_again_under_the_same_intent(undoes: State) -> None:
    """One intent to revert, however many looks it takes."""
    toy = Toy("a", undoes=Seen(undoes, "being removed"))
    bench = Bench(row(("one", [toy, Toy("b", sees=Seen(State.FAILED, "no"))])))
    assert [bench.run(), bench.run()] == [Tick.WAITING, Tick.WAITING]
    toy.undoes = None
    assert bench.run() is Tick.ENDED
    assert bench.told(Kind.INTENT).count("intent a") == 2
    assert len({context.turn for context, call in zip(toy.contexts, toy.calls, strict=True) if call == "revert"}) == 1


def test_a_revert_that_is_blocked_holds() -> None:
    """A person must look before the source is opened again."""
    toy = Toy("a", undoes=Seen(State.BLOCKED, "the target is not barred"))
    bench = Bench(row(("one", [toy, Toy("b", sees=Seen(State.FAILED, "no"))])))
    assert bench.run() is Tick.HELD
    assert bench.whys(Kind.FOUND)[-1] == "the target is not barred"
