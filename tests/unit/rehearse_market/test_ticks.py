"""What a feed tells: the rate it was given, in bursts, each trade with an identity of its own."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landbridge.model.market import Tick
from landbridge.model.trade import trade
from landbridge.rehearse.market.ticks import BURST, CYCLE, HOT, Ticks
from landbridge.rehearse.market.walk import OPENED, SYMBOLS

BEGAN = 1_767_603_600.0


def told(seconds: float, rate: float = 250, seed: int = 7, looks: int = 40) -> list[Tick]:
    """All of it, asked for at even distances."""
    ticks = Ticks("direct", rate, seed, BEGAN)
    return [tick for look in range(1, looks + 1) for tick in ticks.due(BEGAN + seconds * look / looks)]


@pytest.mark.parametrize("rate", [1, 250, 5_000])
def test_over_a_cycle_it_is_the_rate(rate: float) -> None:
    """Bursts take nothing away and add nothing."""
    assert len(told(CYCLE, rate)) == pytest.approx(rate * CYCLE, abs=1)


def test_there_are_bursts() -> None:
    """Within a cycle some moments have as many times more as they should, the others fewer."""
    ticks = Ticks("direct", 1_000, 7, BEGAN)
    counts = [len(ticks.due(BEGAN + step / 2)) for step in range(1, int(CYCLE * 2) + 1)]
    assert max(counts) == pytest.approx(1_000 * HOT / 2, abs=2)
    assert sum(count > 501 for count in counts) <= BURST * 2 + 1


@given(st.lists(st.floats(0, 30), min_size=1, max_size=8), st.integers(0, 5))
def test_each_symbol_has_a_sequence_without_a_gap(moments: list[float], seed: int) -> None:
    """However it is asked, and though clocks may step back."""
    ticks, seen = Ticks("direct", 20, seed, BEGAN), dict.fromkeys(SYMBOLS, 0)
    for moment in moments:
        for tick in ticks.due(BEGAN + moment):
            assert tick.sequence == seen[tick.symbol] + 1
            seen[tick.symbol] += 1


def test_every_tick_is_a_trade() -> None:
    """Prices stay near where they opened, in cents; volumes are whole; times are those of the asking."""
    trades = [trade(tick) for tick in told(CYCLE)]
    assert {each.symbol for each in trades} == set(SYMBOLS)
    assert all(OPENED[each.symbol] / 2 < each.price / 1_000_000 < OPENED[each.symbol] * 2 for each in trades)
    assert all(each.price % 10_000 == 0 and each.volume >= 1 for each in trades)
    assert [each.at for each in trades] == sorted(each.at for each in trades)


def test_a_seed_is_a_market() -> None:
    """The same one tells the same, however often it is asked; another one something else."""
    assert told(3) == told(3, looks=7)
    assert told(3) != told(3, seed=8)


def test_two_feeds_have_nothing_in_common() -> None:
    """Each counts for itself."""
    other = Ticks("consolidated", 250, 7, BEGAN).due(BEGAN + 3)
    assert not {tick.identity for tick in told(3)} & {tick.identity for tick in other}
