"""What may not begin does not begin, what has begun is never stopped, and the one before goes on being judged."""

from datetime import UTC, datetime

import pytest
from tests.unit.migrate.toys import Bench, Toy, row

from landbridge.config.control import Calendar as Rules
from landbridge.config.control import Session
from landbridge.migrate.calendar import Calendar
from landbridge.migrate.engine import Tick
from landbridge.migrate.progress import Outcome
from landbridge.migrate.record import Kind
from landbridge.migrate.step import Moves, Seen, State

WAITS, FAILS = Seen(State.WAITING, "not yet"), Seen(State.FAILED, "5 % of requests failed")
MARKET = Calendar(Rules(hours=(Session(days=("mon",), opens="09:00", closes="17:00"),)))
NOON, EVENING = (datetime(2026, 11, 23, hour, tzinfo=UTC).timestamp() for hour in (12, 17))
CLOSED = "the market is open until Monday 17:00 (UTC)"


def trading_day(*phases: tuple[str, list[Toy]]) -> Bench:
    """A plan under the calendar, at noon of a trading day."""
    bench = Bench(row(*phases), calendar=MARKET)
    bench.clock.now = NOON
    return bench


@pytest.mark.parametrize("moves", [Moves.READS, Moves.WRITES])
def test_what_moves_begins_only_when_the_calendar_lets_it(moves: Moves) -> None:
    """The rest goes on all day."""
    build, move = Toy("build"), Toy("move", moves=moves)
    bench = trading_day(("one", [build]), ("two", [move]))
    assert bench.run() is Tick.WAITING
    assert (build.on, move.on) == (True, False)
    assert bench.whys(Kind.FOUND) == [f"move does not begin: {CLOSED}"]
    bench.clock.now = EVENING
    assert bench.run() is Tick.ENDED
    assert move.on


def test_what_nothing_comes_before_asks_at_its_own_beginning() -> None:
    """There is no step to stay at."""
    move = Toy("move", moves=Moves.READS)
    bench = trading_day(("one", [move]))
    assert bench.run() is Tick.WAITING
    assert bench.whys(Kind.FOUND) == [f"move does not begin: {CLOSED}"]
    assert "apply" not in move.calls


def test_the_step_before_goes_on_being_judged() -> None:
    """A share that fails its gate while the market is open goes home at once."""
    share = Toy("share")
    bench = trading_day(("shift", [share]), ("cut", [Toy("close", moves=Moves.WRITES)]))
    assert bench.run() is Tick.WAITING
    share.sees = FAILS
    assert bench.run() is Tick.ENDED
    assert (share.on, bench.engine.journal.progress.outcome) == (False, Outcome.ROLLED_BACK)


def test_what_has_begun_is_finished_whatever_the_calendar_says() -> None:
    """A pen's move that began in time is not left open because the market opens; a weight is set again, too."""
    share, close = Toy("share", moves=Moves.READS), Toy("close", moves=Moves.WRITES)
    opens = Toy("open", pivot=True, sees=WAITS)
    bench = trading_day(("cut", [share, close, opens]))
    bench.clock.now = EVENING
    bench.run()
    bench.clock.now, opens.sees, share.on, close.on = NOON, None, False, False
    assert bench.run() is Tick.ENDED
    assert share.on
    assert close.on


def test_going_back_never_asks_the_calendar() -> None:
    """Not by itself, and not when a person aborts."""
    share, waits = Toy("share", moves=Moves.READS), Toy("waits", sees=WAITS)
    bench = trading_day(("shift", [share, waits]))
    bench.clock.now = EVENING
    bench.run()
    bench.clock.now = NOON
    bench.ask("abort")
    assert bench.run() is Tick.ENDED
    assert not share.on


def test_a_phase_waits_for_its_approvals_and_says_whose() -> None:
    """With enough of them it begins; until then the engine is there and judges."""
    first, second = Toy("first"), Toy("second")
    bench = Bench(row(("one", [first]), ("two", [second]), two=2))
    assert bench.run() is Tick.WAITING
    bench.ask("approve", "two", "ben")
    bench.clock.sleep(3)
    assert bench.run() is Tick.WAITING
    bench.ask("approve", "two", "cat")
    assert bench.run() is Tick.ENDED
    asks = "two does not begin: it needs 2 approvals"
    assert bench.whys(Kind.FOUND)[:2] == [f"{asks}, none by ada", f"{asks}, so far ben, none by ada"]
    assert second.on


def test_a_phase_of_nothing_but_the_first_asks_before_its_first_act() -> None:
    """No phase comes before it that could wait."""
    bench = Bench(row(("one", [Toy("a")]), one=1))
    assert bench.run() is Tick.WAITING
    bench.ask("approve", "one")
    assert bench.run() is Tick.ENDED


def test_an_approved_phase_is_not_approved_step_by_step() -> None:
    """Once it has begun, it goes through, and what comes undone is done again."""
    toys = [Toy("a"), Toy("b"), Toy("c", sees=WAITS)]
    bench = Bench(row(("one", toys), one=1))
    bench.run()
    bench.ask("approve", "one")
    assert bench.run() is Tick.WAITING
    toys[0].on = False
    assert bench.run() is Tick.WAITING
    assert toys[0].on


def test_a_new_run_needs_new_approvals() -> None:
    """What was approved was the run that people saw."""
    failing = Toy("b", sees=FAILS)
    bench = Bench(row(("one", [Toy("a")]), ("two", [failing]), two=1))
    bench.run()
    bench.ask("approve", "two")
    bench.run()
    bench.engine.again()
    failing.sees = None
    assert bench.run() is Tick.WAITING


def test_held_at_a_step_nothing_later_begins_and_the_step_is_judged() -> None:
    """Until it is resumed, or goes back by itself."""
    toys = [Toy("five"), Toy("fifty", sees=WAITS), Toy("all")]
    bench = Bench(row(("shift", toys)))
    bench.run()
    bench.ask("hold", "fifty")
    bench.clock.sleep(3)
    toys[1].sees = None
    assert bench.run() is Tick.WAITING
    looks = len(toys[1].calls)
    assert bench.run() is Tick.WAITING
    assert (len(toys[1].calls) > looks, toys[2].on) == (True, False)
    assert bench.whys(Kind.FOUND)[-1] == "all does not begin: an operator holds at fifty, until resume"
    bench.ask("resume")
    assert bench.run() is Tick.ENDED
    assert toys[2].on


def test_a_hold_ahead_lets_everything_up_to_it_begin() -> None:
    """It names the last step that may."""
    toys = [Toy("five", sees=WAITS), Toy("fifty"), Toy("all")]
    bench = Bench(row(("shift", toys)))
    bench.run()
    bench.ask("hold", "fifty")
    toys[0].sees = None
    assert bench.run() is Tick.WAITING
    assert [toy.on for toy in toys] == [True, True, False]
