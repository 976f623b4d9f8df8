"""A turn in AWS: how long it lasts, what it answers, and that two at once, or one after a dead one, do no harm."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from tests.unit.migrate.toys import Bench, Toy, row

from landbridge.migrate.record import Kind
from landbridge.migrate.runner import Runner
from landbridge.migrate.step import Moves, Seen, State
from landbridge.model.errors import BadInput, ChainBroken, LeaseHeld, Refused, Unreachable
from landbridge.orchestrator.turn import LATER, PATIENCE, SOON, Answer, Next, Turn, answered

LASTS, MUST_END, TICK = 20.0, 100.0, 0.5
WAITS = Seen(State.WAITING, "not yet")


def turn(bench: Bench, who: str = "aws-1") -> Turn:
    """Of another process, on the run that is open."""
    engine = bench.another(who)
    engine.journal.refresh()
    now = bench.clock()
    return Turn(Runner(engine, bench.clock, bench.clock.sleep, TICK, 900.0, lambda _what: None), now + LASTS, now + MUST_END)


def begun(*toys: Toy) -> Bench:
    """A run that an operator's own process has begun and let go."""
    bench = Bench(row(("one", list(toys))))
    bench.engine.advance()
    bench.engine.journal.release()
    return bench


def test_a_turn_goes_on_to_the_end_of_the_run() -> None:
    """And says so."""
    bench = begun(Toy("a"), Toy("b"))
    assert turn(bench).take().next is Next.DONE
    assert bench.told(Kind.ENDED) == ["ended"]


def test_a_turn_begins_no_run() -> None:
    """Neither the first one nor one after the last: that is an operator's act."""
    bench = Bench(row(("one", [Toy("a")])))
    assert turn(bench).take().next is Next.NOTHING
    bench.engine.advance()
    bench.run(bench.engine)
    records = len(bench.store.kept)
    assert turn(bench).take().next is Next.DONE
    assert len(bench.store.kept) == records


def test_a_run_that_went_back_is_told_from_one_that_is_done() -> None:
    """The state machine ends otherwise."""
    bench = begun(Toy("a"), Toy("b", sees=Seen(State.FAILED, "no")))
    assert turn(bench).take().next is Next.ROLLED_BACK


def test_a_turn_ends_in_time_and_the_next_goes_on_at_once() -> None:
    """Its lease is given back: the next one need not wait for it to run out."""
    bench = begun(Toy("a", sees=WAITS))
    first, began = turn(bench), bench.clock()
    answer = first.take()
    assert (answer.next, answer.wait, answer.why) == (Next.AGAIN, 1, "a: not yet")
    assert LASTS <= bench.clock() - began <= LASTS + 2 * TICK
    assert turn(bench, "aws-2").take().next is Next.AGAIN


def test_a_turn_does_not_end_while_writers_wait() -> None:
    """Between the close and the end of a pen's move nobody stops who need not."""
    close, start = Toy("close", moves=Moves.WRITES), Toy("start", sees=WAITS)
    bench = begun(close, start)
    began = bench.clock()
    assert turn(bench).take().next is Next.AGAIN
    assert MUST_END <= bench.clock() - began <= MUST_END + 2 * TICK


def test_a_turn_waits_for_a_person_only_a_moment() -> None:
    """The machine waits cheaper; it comes again by itself."""
    bench = begun(Toy("a", sees=Seen(State.BLOCKED, "decide")))
    began = bench.clock()
    answer = turn(bench).take()
    assert (answer.next, answer.wait, answer.why) == (Next.HELD, LATER, "a: decide")
    assert bench.clock() - began <= PATIENCE + 2 * TICK


def test_people_are_told_that_approvals_are_lacking_and_the_gate_goes_on() -> None:
    """What stands is looked at for the whole turn, and the next one follows at once."""
    bench = Bench(row(("one", [Toy("a")]), ("cut", [Toy("b")]), cut=1))
    bench.engine.advance()
    bench.engine.journal.release()
    began = bench.clock()
    answer = turn(bench).take()
    assert (answer.next, answer.wait) == (Next.HELD, 1)
    assert "it needs 1 approval" in answer.why
    assert bench.clock() - began >= LASTS
    bench.ask("approve", "cut")
    assert turn(bench, "aws-2").take().next is Next.DONE


def test_a_decision_is_heard_in_the_midst_of_a_turn() -> None:
    """It comes by the journal, as always."""
    bench = begun(Toy("a", sees=WAITS))
    bench.ask("abort")
    assert turn(bench).take().next is Next.ROLLED_BACK


def test_of_two_turns_at_once_one_works() -> None:
    """The other one acts on nothing, lets nothing live beside it, and comes again when the lease may be free."""
    bench = begun(Toy("a", sees=WAITS))
    first = turn(bench)
    first.runner.engine.journal.hold_lease()
    lived: list[str] = []

    @contextmanager
    def alive() -> Iterator[None]:
        lived.append("second")
        yield

    second = turn(bench, "aws-2")
    answer = answered(Turn(second.runner, second.ends, second.must_end, alive).take)
    assert (answer.next, answer.wait) == (Next.AGAIN, 8)  # the lease and the bound of skew
    assert not lived
    assert {record.who for record in bench.store.kept} == {"engine", "aws-1"}


def test_what_a_killed_turn_had_begun_is_gone_on_with() -> None:
    """Its lease runs out; nothing is done twice."""
    toy = Toy("a")
    bench = begun(toy)
    dead = turn(bench).runner.engine
    dead.advance()  # the act is done, and nobody says so
    assert answered(turn(bench, "aws-2").take).next is Next.AGAIN
    bench.clock.sleep(9)
    assert turn(bench, "aws-2").take().next is Next.DONE
    assert toy.calls.count("apply") == 1


def test_another_configuration_is_refused_in_words() -> None:
    """The run that is open was begun with another plan; nothing of it is touched."""
    bench = begun(Toy("a"))
    other = bench.another("aws-1", "others")
    other.journal.refresh()
    wrong = Turn(Runner(other, bench.clock, bench.clock.sleep, TICK, 1.0, lambda _what: None), 0.0, 0.0)
    answer = answered(wrong.take)
    assert answer.next is Next.HELD
    assert "is told a plan" in answer.why


@pytest.mark.parametrize(
    ("error", "what", "wait"),
    [
        (LeaseHeld("ada", 1, 1.0, 2.0), Next.AGAIN, 1),
        (LeaseHeld("ada", 1, 900.0, 2.0), Next.AGAIN, LATER),
        (Unreachable("eu-west-1", "Query"), Next.AGAIN, SOON),
        (Refused("eu-west-1", "GetObject", "AccessDenied"), Next.AGAIN, SOON),
        (BadInput("a", "b", "c"), Next.HELD, LATER),
        (ChainBroken("chain", 7, "it was changed"), Next.HELD, LATER),
        (ZeroDivisionError("by nothing"), Next.HELD, LATER),
    ],
)
def test_whatever_is_wrong_is_one_sentence_and_the_machine_goes_on(error: Exception, what: Next, wait: int) -> None:
    """Never a traceback: the state machine would count a failed call, and people would read one."""
    answer = answered(_raising(error))
    assert (answer.next, answer.wait) == (what, wait)
    assert "\n" not in answer.why
    assert answer.data() == {"next": str(what), "wait": wait, "why": answer.why}


def _raising(error: Exception) -> Callable[[], Answer]:
    def take() -> Answer:
        raise error

    return take
