"""Trades for the tests: drawn, in any order, with doubles and stragglers; and small definitions that are soon warm."""

from hypothesis import strategies as st

from landbridge.model.trade import Trade
from landbridge.workloads.trading.signals.definitions import Definitions
from landbridge.workloads.trading.signals.engine import END, Signals
from landbridge.workloads.trading.signals.signal import Signal

SMALL = Definitions(bar_ms=10, lateness_ms=25, fast=2, slow=3, volatility=3, spike=2, percent=150)
BEGIN = 1_767_603_600_000

PRICES = st.integers(90_000_000, 110_000_000) | st.integers(1, 10**15 - 1)
VOLUMES = st.integers(1, 500) | st.integers(1, 10**12 - 1)


@st.composite
def markets(draw: st.DrawFn, longest: int = 60) -> list[Trade]:
    """Trades of two feeds and three symbols, each identity once, by event time."""
    seen: dict[tuple[str, str], int] = {}
    trades, at = [], BEGIN
    for _ in range(draw(st.integers(0, longest))):
        key = draw(st.sampled_from("ab")), draw(st.sampled_from(["ABC", "DEF", "GHI"]))
        seen[key] = seen.get(key, 0) + draw(st.sampled_from([1, 1, 1, 2, 7]))
        at += draw(st.integers(0, 12))
        trades.append(Trade(*key, seen[key], draw(PRICES), draw(VOLUMES), at))
    return trades


@st.composite
def arrivals(draw: st.DrawFn, slack: int) -> list[Trade]:
    """A market's trades as they arrive, each at most so much later than it was done, some more than once."""
    trades = draw(markets())
    again = draw(st.lists(st.sampled_from(trades), max_size=10)) if trades else []
    delayed = [(trade.at + draw(st.integers(0, slack)), n, trade) for n, trade in enumerate(trades + again)]
    return [trade for _, _, trade in sorted(delayed)]


def straight(by: Definitions, trades: list[Trade]) -> list[Signal]:
    """The signals of these trades in one push and an end."""
    engine = Signals(by, ["0"])
    return engine.push("0", trades).signals + engine.advance("0", END)


def steady(symbol: str, count: int, by: Definitions = SMALL) -> list[Trade]:
    """A trade a bar, with prices and volumes that change without repeating soon."""
    return [
        Trade("a", symbol, n, 100_000_000 + n * n * 7919 % 900_001, 100 + n * n % 37, BEGIN + n * by.bar_ms) for n in range(count)
    ]
