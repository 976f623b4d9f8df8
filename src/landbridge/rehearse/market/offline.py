"""The signals once more, from all trades at once and by the book: slow, and written apart from the engine."""

import math
from collections import defaultdict
from collections.abc import Iterable
from fractions import Fraction
from functools import cache
from itertools import pairwise

from landbridge.model.trade import Trade
from landbridge.workloads.trading.signals.definitions import Definitions
from landbridge.workloads.trading.signals.signal import Signal


def recomputed(by: Definitions, trades: Iterable[Trade]) -> list[Signal]:
    """The signals of all these trades, each identity once, by start and symbol."""
    bars: dict[str, dict[int, list[Trade]]] = defaultdict(lambda: defaultdict(list))
    for trade in trades:
        bars[trade.symbol][trade.at // by.bar_ms * by.bar_ms].append(trade)
    return sorted(
        signal for symbol, of in bars.items() for signal in _of_symbol(by, symbol, [(start, of[start]) for start in sorted(of)])
    )


def _of_symbol(by: Definitions, symbol: str, bars: list[tuple[int, list[Trade]]]) -> list[Signal]:
    """Each bar's signals from the bars up to it."""
    volumes = [sum(trade.volume for trade in trades) for _, trades in bars]
    vwaps = [
        math.floor(Fraction(sum(trade.price * trade.volume for trade in trades), volume))
        for (_, trades), volume in zip(bars, volumes, strict=True)
    ]
    returns = [min(math.floor(Fraction(10**9 * new, old)) - 10**9, 10**12) for old, new in pairwise(vwaps)]
    gaps: list[int | None] = []
    signals = []
    for n, (start, trades) in enumerate(bars):
        fast, slow = _mean(vwaps[: n + 1], by.fast), _mean(vwaps[: n + 1], by.slow)
        gaps.append(None if fast is None or slow is None else fast - slow)
        volatility = _deviation(returns[:n], by.volatility)
        before = volumes[max(0, n - by.spike) : n]
        spike = len(before) == by.spike and Fraction(volumes[n]) >= Fraction(by.percent, 100) * Fraction(sum(before), by.spike)
        crossing = _crossed(gaps[-2:])
        signals.append(Signal(start, symbol, len(trades), volumes[n], vwaps[n], fast, slow, crossing, volatility, spike))
    return signals


def _mean(vwaps: list[int], span: int) -> int | None:
    """Oldest to newest: each step goes alpha of the way."""
    if len(vwaps) < span:
        return None
    return math.floor(sum(part * vwap for part, vwap in zip(_parts(span), reversed(vwaps[-span:]), strict=True)))


@cache
def _parts(span: int) -> tuple[Fraction, ...]:
    """What each weighs, newest first, in whole millionths; rounding's millionths are the newest one's."""
    ratio = Fraction(span - 1, span + 1)
    raw = [ratio**back for back in range(span)]
    parts = [math.floor(weight * 10**6 / sum(raw)) for weight in raw]
    parts[0] += 10**6 - sum(parts)
    return tuple(Fraction(part, 10**6) for part in parts)


def _deviation(returns: list[int], count: int) -> int | None:
    """The sample's standard deviation, variance and root each rounded down."""
    if len(returns) < count:
        return None
    last = returns[-count:]
    middle = Fraction(sum(last), count)
    variance = sum((each - middle) ** 2 for each in last) / (count - 1)
    return int(math.sqrt(math.floor(variance)))


def _crossed(gaps: list[int | None]) -> int:
    """Up, down or neither, from the last two gaps."""
    match gaps:
        case [int(before), int(now)] if before <= 0 < now:
            return 1
        case [int(before), int(now)] if now < 0 <= before:
            return -1
        case _:
            return 0
