"""What a finished phase has set stays set, whoever changes it, and never keeps the running phase waiting."""

import pytest
from tests.unit.migrate.toys import Bench, Toy, row

from landbridge.migrate.engine import Tick
from landbridge.migrate.record import Kind
from landbridge.migrate.step import Seen, State
from landbridge.model.errors import Unreachable

WAITS = Seen(State.WAITING, "not yet")


def bench_of(older: Toy, newest: Toy, running: Toy) -> Bench:
    """A finished phase of two settings, then a running one."""
    bench = Bench(row(("shift", [older, newest]), ("cutover", [running])))
    bench.run()
    return bench


def test_a_strangers_change_is_repaired_in_a_later_phase() -> None:
    """The newest setting is compared at every tick that has nothing else to do, and set again."""
    older, newest, running = Toy("older", setting=True), Toy("newest", setting=True), Toy("running", sees=WAITS)
    bench = bench_of(older, newest, running)
    older.on = newest.on = False
    bench.run()
    assert (older.on, newest.on) == (False, True)


def test_a_repair_is_not_judged_anew() -> None:
    """The phase stays finished: a weight set again in the middle of a pen move does not begin to bake again."""
    newest, running = Toy("newest", setting=True), Toy("running", sees=WAITS)
    bench = bench_of(Toy("older"), newest, running)
    newest.on = False
    bench.run()
    running.sees = None
    assert bench.run() is Tick.ENDED
    assert bench.told(Kind.FOUND).count("found newest") == 1
    assert [context.done for context in newest.contexts][-1]


@pytest.mark.parametrize("sees", [WAITS, Seen(State.BLOCKED, "a person must look"), Seen(State.FAILED, "no")])
def test_a_setting_that_cannot_be_settled_does_not_stop_the_running_phase(sees: Seen) -> None:
    """A closed pen never waits for a weight."""
    newest, running, last = Toy("newest", setting=True), Toy("running", sees=WAITS), Toy("last", sees=WAITS)
    bench = Bench(row(("shift", [newest]), ("cutover", [running, last])))
    bench.run()
    newest.sees = sees
    assert bench.run() is Tick.WAITING
    running.sees = None
    assert bench.run() is Tick.WAITING
    assert running.on


def test_a_control_plane_that_does_not_answer_does_not_stop_a_pen_move() -> None:
    """The budget runs on, and the move goes back by it, whatever the weights' control plane does."""
    newest, close, opens = Toy("newest", setting=True), Toy("close"), Toy("open", sees=WAITS)
    bench = Bench(row(("shift", [newest]), ("cutover", [close, opens])))
    bench.run()

    def silent(_call: str) -> None:
        raise Unreachable("us-east-1", "ListResourceRecordSets")

    newest.raises = silent
    assert bench.run() is Tick.WAITING
    opens.sees = Seen(State.FAILED, "not open 10.3 s after the close")
    assert bench.run() is Tick.ENDED
    assert not close.on


def test_a_held_phase_still_has_its_settings_repaired() -> None:
    """While a person decides, readers stay where they were sent; the engine goes on saying that it is held."""
    newest, running = Toy("newest", setting=True), Toy("running", sees=Seen(State.BLOCKED, "decide"))
    bench = Bench(row(("shift", [newest]), ("cutover", [running])))
    bench.run()
    newest.on = False
    assert bench.engine.advance() is Tick.HELD
    assert newest.on


def test_no_plan_ends_while_a_setting_stands_wrong() -> None:
    """Changed at the last moment, it is set again before the plan may end; without an answer the end waits."""
    newest, running = Toy("newest", setting=True), Toy("running", sees=WAITS)
    bench = bench_of(Toy("older"), newest, running)
    running.sees, newest.sees = None, WAITS
    assert bench.run() is Tick.WAITING
    newest.sees, newest.on = None, False
    assert bench.run() is Tick.ENDED
    assert newest.on
