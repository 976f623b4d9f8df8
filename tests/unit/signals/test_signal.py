"""Each signal on numbers one can check by hand."""

from tests.unit.signals.trades import BEGIN, SMALL, straight

from landbridge.model.trade import Trade
from landbridge.workloads.trading.signals.signal import Signal


def bars(*priced: tuple[int, int]) -> list[Signal]:
    """The signals of one trade a bar, of this price and volume."""
    return straight(SMALL, [Trade("a", "ABC", n, price, volume, BEGIN + n * 10) for n, (price, volume) in enumerate(priced)])


def test_vwap_weighs_prices_by_volume_and_rounds_down() -> None:
    """(1 x 100 + 2 x 101) / 3 is 100.67 micro-units, so 100."""
    trades = [Trade("a", "ABC", 1, 100, 1, BEGIN), Trade("b", "ABC", 1, 101, 2, BEGIN + 9)]
    assert [(signal.trades, signal.volume, signal.vwap) for signal in straight(SMALL, trades)] == [(2, 3, 100)]


def test_means_lean_on_the_newest_bars() -> None:
    """Spans of 2 and 3 weigh 3:1 and 4:2:1; neither is there before as many bars are."""
    found = [(signal.fast, signal.slow) for signal in bars((4_000, 1), (8_000, 1), (16_000, 1))]
    assert found == [(None, None), (7_000, None), (14_000, 12_000)]


def test_a_crossing_is_told_once_in_its_direction() -> None:
    """Up where the fast mean comes to lie above the slow one, down where it falls below."""
    prices = (5_000, 5_000, 5_000, 9_000, 9_000, 1_000, 1_000)
    assert [signal.crossing for signal in bars(*((price, 1) for price in prices))] == [0, 0, 0, 1, 0, -1, 0]


def test_volatility_is_the_deviation_of_returns_in_parts_of_a_billion() -> None:
    """Returns of +1 %, -1 % and +1 % deviate by 1.1547 %."""
    found = bars((1_000_000, 1), (1_010_000, 1), (999_900, 1), (1_009_899, 1))
    assert [signal.volatility for signal in found] == [None, None, None, 11_547_005]


def test_a_spike_is_a_multiple_of_the_mean_volume_before() -> None:
    """150 % of the mean of 10 and 30 is 30: reached by 30, missed by 29."""
    assert [signal.spike for signal in bars((1, 10), (1, 30), (1, 30))] == [False, False, True]
    assert [signal.spike for signal in bars((1, 10), (1, 30), (1, 29))] == [False, False, False]
