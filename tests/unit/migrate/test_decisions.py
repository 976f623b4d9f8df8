"""What an operator decides is honoured or refused as the run stands, and each decision is answered once."""

import pytest
from tests.unit.migrate.toys import Bench, Toy, row

from landbridge.migrate.engine import Tick
from landbridge.migrate.progress import Direction, Outcome
from landbridge.migrate.record import Kind, Record
from landbridge.migrate.step import Moves, Seen, State
from landbridge.model.errors import BadInput

WAITS = Seen(State.WAITING, "not yet")
FAILS = Seen(State.FAILED, "no")


def answers(bench: Bench) -> list[str]:
    """What the engine said to each decision."""
    return bench.whys(Kind.ANSWERED)


def refused(bench: Bench) -> str:
    """The one refusal, up to where the run stands."""
    (why,) = answers(bench)
    return why.partition("; the run")[0]


def under_way(*toys: Toy, **approvals: int) -> Bench:
    """A phase `cut` whose last toy waits."""
    bench = Bench(row(("cut", list(toys)), ("later", [Toy("later")]), **approvals))
    bench.run()
    return bench


def test_what_nobody_can_decide_is_refused_at_the_door() -> None:
    """Nothing is written."""
    bench = under_way(Toy("a", sees=WAITS))
    written = len(bench.store.kept)
    with pytest.raises(BadInput, match="'stop': is nothing an operator can decide; choose one of abort, approve, pause, resume"):
        bench.ask("stop")
    assert len(bench.store.kept) == written


def test_a_decision_of_a_newer_release_is_refused_by_the_engine() -> None:
    """A word the engine does not know must not stop it."""
    bench = under_way(Toy("a", sees=WAITS))
    operator = bench.another("ben").journal
    operator.refresh()
    operator._try(Kind.ASKED, 0, "", "why not", {"what": "dance", "run": operator.progress.run})
    assert bench.run() is Tick.WAITING
    assert refused(bench) == "dance refused: it is nothing an operator can decide"


def test_paused_nothing_is_looked_at_and_the_lease_is_kept() -> None:
    """Until it is resumed."""
    toy = Toy("a", sees=WAITS)
    bench = under_way(toy)
    bench.ask("pause")
    assert bench.run() is Tick.WAITING
    looks, toy.sees = len(toy.calls), None
    for _ in range(5):
        bench.clock.sleep(4)
        assert bench.run() is Tick.WAITING
    assert len(toy.calls) == looks
    assert bench.engine.journal.lease_left > 2
    bench.ask("resume")
    assert bench.run() is Tick.ENDED
    assert answers(bench) == ["pause: because", "resume: because"]


def test_a_paused_run_can_be_aborted() -> None:
    """Going back is always possible, and a run that goes back is not paused."""
    toy = Toy("a")
    bench = under_way(toy, Toy("b", sees=WAITS))
    bench.ask("pause")
    bench.ask("abort")
    assert bench.run() is Tick.ENDED
    assert (toy.on, bench.engine.journal.progress.outcome) == (False, Outcome.ROLLED_BACK)


def test_decisions_are_answered_in_order_and_none_is_lost() -> None:
    """Two that came between two ticks: the newer one does not hide the older one."""
    bench = under_way(Toy("a", sees=WAITS))
    bench.ask("abort")
    bench.ask("pause")
    assert bench.run() is Tick.ENDED
    assert bench.told(Kind.TURNED, Kind.ANSWERED) == ["turned", "answered"]
    assert refused(bench) == "pause refused: it is going back (aborted: because)"


def test_an_abort_that_meets_a_failure_is_not_lost() -> None:
    """Asked in the moment the engine turned back through one phase by itself: it still goes back through all."""
    first, failing = Toy("first"), Toy("failing", sees=WAITS)
    bench = Bench(row(("one", [first]), ("two", [failing])))
    bench.run()
    failing.sees = FAILS

    def meanwhile(record: Record) -> None:
        if record.kind is Kind.TURNED:
            bench.store.on_put = lambda _record: None
            bench.ask("abort")

    bench.store.on_put = meanwhile
    assert bench.run() is Tick.ENDED
    assert not first.on


def test_nothing_is_paused_while_writers_wait() -> None:
    """From the close to the end of the move, whatever has been applied or found done of it."""
    close, opens, start = Toy("close", moves=Moves.WRITES), Toy("open", pivot=True, sees=WAITS), Toy("start")
    bench = under_way(Toy("prove"), close, opens, start)
    bench.ask("pause")
    assert bench.run() is Tick.WAITING
    assert refused(bench) == "pause refused: close has begun and writers wait until start is done: let it finish, or abort"


def test_before_and_after_a_pens_move_a_pause_is_honoured() -> None:
    """Nobody waits there."""
    prove, later = Toy("prove", sees=WAITS), Toy("last", sees=WAITS)
    bench = Bench(row(("cut", [prove, Toy("close", moves=Moves.WRITES), Toy("open", pivot=True)]), ("later", [later])))
    for toy in (prove, later):
        bench.run()
        bench.ask("pause")
        bench.ask("resume")
        toy.sees = None
    assert bench.run() is Tick.ENDED
    assert answers(bench) == ["pause: because", "resume: because"] * 2


@pytest.mark.parametrize(
    ("what", "step", "who", "why"),
    [
        ("resume", "", "ben", "resume refused: it is neither paused nor held"),
        ("hold", "nowhere", "ben", "hold refused: the plan has no step 'nowhere'"),
        ("hold", "later", "ben", "hold refused: nothing comes after later"),
        ("hold", "a", "ben", "hold refused: b has begun already"),
        ("hold", "close", "ben", "hold refused: writers would wait from close on: hold before it, or at start"),
        ("approve", "nowhere", "ben", "approve refused: the plan has no phase or step 'nowhere'"),
        ("approve", "later", "ben", "approve refused: later needs no approval"),
        ("approve", "move", "ada", "approve refused: ada began the plan, so somebody else must approve move"),
    ],
)
def test_what_does_not_fit_is_refused_with_the_reason(what: str, step: str, who: str, why: str) -> None:
    """And with where the run stands; nothing else changes."""
    move = [Toy("close", moves=Moves.WRITES), Toy("open", pivot=True), Toy("start")]
    waiting = [Toy("a"), Toy("b"), Toy("c", sees=WAITS)]
    bench = Bench(row(("cut", waiting), ("move", move), ("later", [Toy("later")]), move=2))
    bench.ask("approve", "cut", "cat")  # before any plan was begun: it is nobody's
    bench.run()
    bench.ask(what, step, who)
    assert bench.run() is Tick.WAITING
    assert answers(bench) == [f"{why}; the run goes forward at c"]


def test_an_approval_counts_once_a_person() -> None:
    """The same one again, and one too many, are refused; a step's name stands for its phase."""
    bench = Bench(row(("one", [Toy("a", sees=WAITS)]), ("two", [Toy("b")]), two=2))
    bench.run()
    for who, name in (("ben", "two"), ("ben", "b"), ("cat", "b"), ("dan", "two")):
        bench.ask("approve", name, who)
    bench.run()
    told = [why.partition("; the run")[0] for why in answers(bench)]
    again, enough = "ben has approved two already", "two has its 2 approvals (ben, cat)"
    assert told == ["approve: because", f"approve refused: {again}", "approve: because", f"approve refused: {enough}"]


def test_an_approval_of_what_has_begun_is_refused() -> None:
    """It would approve nothing."""
    bench = Bench(row(("one", [Toy("a"), Toy("b", sees=WAITS)]), one=1))
    bench.run()
    bench.ask("approve", "one", "ben")
    bench.run()
    bench.ask("approve", "b", "cat")
    bench.run()
    assert answers(bench)[-1] == "approve refused: one has begun already; the run goes forward at b"


def test_a_decision_on_an_older_run_is_refused() -> None:
    """Its author saw another run: an approval never carries over."""
    failing = Toy("b", sees=FAILS)
    bench = Bench(row(("one", [Toy("a"), failing]), ("two", [Toy("c")]), two=1))
    bench.run()
    operator = bench.another("ben").journal
    operator.refresh()
    run, failing.sees = operator.progress.run, WAITS
    bench.engine.again()
    operator.ask("approve", "of what I saw", "two", run)
    assert bench.run() is Tick.WAITING
    assert refused(bench) == "approve refused: it was decided on another run of the plan"


def test_after_the_end_everything_is_refused() -> None:
    """There is nothing to decide on any more."""
    bench = Bench(row(("one", [Toy("a")])))
    bench.run()
    bench.ask("abort")
    assert bench.run() is Tick.ENDED
    assert answers(bench) == ["abort refused: no migration is under way; the run ended done"]


def test_a_second_abort_is_refused_and_a_wider_one_is_not() -> None:
    """Going back through a phase may become going back through all; that can't be widened."""
    first, second = Toy("first"), Toy("second", undoes=WAITS)
    bench = Bench(row(("one", [first]), ("two", [second, Toy("failing", sees=FAILS)])))
    bench.run()
    bench.ask("abort")
    bench.ask("abort")
    assert bench.run() is Tick.WAITING
    assert refused(bench) == "abort refused: it is going back through the whole plan already"
    assert bench.engine.journal.progress.direction is Direction.BACK


def test_what_fails_in_a_final_phase_is_held_and_not_aborted() -> None:
    """There is no way back from it: a person must look."""
    bench = Bench(row(("one", [Toy("kept")]), ("retire", [Toy("gone"), Toy("going", sees=FAILS)])))
    retire = bench.phases[1]
    bench.phases = (bench.phases[0], type(retire)(retire.name, retire.steps, final=True))
    bench.engine = bench.another("engine")
    assert bench.run() is Tick.HELD
    for what in ("abort", "failback"):
        bench.ask(what)
        assert bench.run() is Tick.HELD
    gone = "gone has begun, and what it takes away does not come back: only forward; the run goes forward at going"
    assert answers(bench) == [f"abort refused: {gone}", f"failback refused: {gone}"]
    assert bench.told(Kind.TURNED, Kind.REVERTED) == []
