"""Streaming gives what recomputing everything gives, however trades arrive and however their stream is cut."""

from itertools import pairwise
from random import Random

from hypothesis import given
from hypothesis import strategies as st
from tests.unit.signals.arrived import sorted_out
from tests.unit.signals.trades import BEGIN, SMALL, arrivals, markets, steady, straight

from landbridge.model.trade import Trade
from landbridge.rehearse.market.offline import recomputed
from landbridge.workloads.trading.signals.engine import END, Signals
from landbridge.workloads.trading.signals.snapshot import restored, snapshot

CUTS = st.lists(st.integers(0, 70), max_size=6)


def cut(trades: list[Trade], at: list[int]) -> list[list[Trade]]:
    """The trades in batches, empty ones among them."""
    places = sorted({0, len(trades), *(place for place in at if place <= len(trades))})
    return [trades[left:right] for left, right in pairwise(places)]


@given(arrivals(slack=90), CUTS)
def test_streaming_is_recomputing(arriving: list[Trade], cuts: list[int]) -> None:
    """Signals, stragglers and doubles are those of a computation over everything at once."""
    engine = Signals(SMALL, ["0"])
    pushed = [engine.push("0", batch) for batch in cut(arriving, cuts)]
    signals = [signal for each in pushed for signal in each.signals] + engine.advance("0", END)
    counted, late, doubled = sorted_out(SMALL, arriving)
    assert signals == recomputed(SMALL, counted)
    assert ([trade for each in pushed for trade in each.late], engine.late, engine.doubled) == (late, len(late), doubled)


@given(arrivals(slack=25))
def test_within_the_lateness_order_makes_no_difference(arriving: list[Trade]) -> None:
    """Nothing is late, and the signals are those of the trades by event time."""
    engine = Signals(SMALL, ["0"])
    signals = engine.push("0", arriving).signals + engine.advance("0", END)
    assert engine.late == 0
    assert signals == straight(SMALL, sorted(set(arriving), key=lambda trade: trade.at))


@given(arrivals(slack=90), CUTS)
def test_a_restored_engine_goes_on_as_if_nothing_had_happened(arriving: list[Trade], cuts: list[int]) -> None:
    """Thrown away and restored between any two batches, it gives the same signals and ends in the same state."""
    engine, whole = Signals(SMALL, ["0"]), Signals(SMALL, ["0"])
    signals = []
    for batch in cut(arriving, cuts):
        signals += engine.push("0", batch).signals
        engine = restored(SMALL, snapshot(engine))
    assert signals == whole.push("0", arriving).signals
    assert snapshot(engine) == snapshot(whole)
    assert engine.advance("0", END) == whole.advance("0", END)


@given(arrivals(slack=90))
def test_pushed_twice_nothing_changes(arriving: list[Trade]) -> None:
    """All of it again, stragglers too: no signal, nothing late, the same state but for the doubles counted."""
    engine = Signals(SMALL, ["0"])
    engine.push("0", arriving)
    before, doubled = snapshot(engine), engine.doubled
    again = engine.push("0", arriving)
    assert (again.signals, again.late) == ([], [])
    assert engine.doubled == doubled + len(arriving)
    engine.bars.doubled = doubled
    assert snapshot(engine) == before


@given(markets(), st.randoms(use_true_random=False))
def test_the_slowest_lane_decides(trades: list[Trade], rng: Random) -> None:
    """Symbols spread over two lanes: one may run far ahead of the other, and nothing is late."""
    lanes = {"0": [t for t in trades if t.symbol == "ABC"], "1": [t for t in trades if t.symbol != "ABC"]}
    engine, signals = Signals(SMALL, lanes), []
    while any(lanes.values()):
        lane = rng.choice([name for name, left in lanes.items() if left])
        signals += engine.push(lane, [lanes[lane].pop(0)]).signals
    signals += engine.advance("0", END) + engine.advance("1", END)
    assert (signals, engine.late) == (straight(SMALL, trades), 0)


def test_a_quiet_lane_is_waited_for_until_it_is_advanced() -> None:
    """Nothing is final while the other lane may still bring older trades."""
    engine, trades = Signals(SMALL, ["0", "1"]), steady("ABC", 10)
    assert engine.push("0", trades).signals == []
    assert [signal.start for signal in engine.advance("1", trades[5].at)] == [BEGIN, BEGIN + 10]


def test_a_bar_is_final_with_the_watermark_at_its_last_millisecond() -> None:
    """Not one millisecond sooner: there the straggler still counts."""
    first, end = Trade("a", "ABC", 1, 100, 1, BEGIN), BEGIN + SMALL.bar_ms + SMALL.lateness_ms
    engine = Signals(SMALL, ["0"])
    assert engine.push("0", [first, Trade("a", "ABC", 2, 100, 1, end - 2)]).signals == []
    assert engine.push("0", [Trade("a", "ABC", 3, 200, 1, BEGIN + 9)]).late == []
    assert [s.vwap for s in engine.push("0", [Trade("a", "ABC", 4, 100, 1, end - 1)]).signals] == [150]
    assert engine.push("0", [late := Trade("a", "ABC", 5, 100, 1, BEGIN + 9)]).late == [late]


def test_who_began_later_soon_says_the_same() -> None:
    """No signal depends on more than the definitions' memory: the side that takes over needs no state of the other."""
    trades = steady("ABC", 30)
    since = trades[12]
    later = straight(SMALL, trades[12:])[SMALL.memory :]
    assert later == [signal for signal in straight(SMALL, trades) if signal.start >= since.at + SMALL.memory * SMALL.bar_ms]
    assert len(later) == 18 - SMALL.memory
