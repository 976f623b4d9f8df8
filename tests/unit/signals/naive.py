"""The signals once more, from all trades at once and by the book: slow, and written apart from the engine."""

import math
from collections import defaultdict
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from landbridge.model.trade import Trade
from landbridge.workloads.trading.signals.definitions import Definitions
from landbridge.workloads.trading.signals.signal import Signal


def sorted_out(by: Definitions, lane: Sequence[Trade]) -> tuple[list[Trade], list[Trade], int]:
    """A lane's trades as they count, those that came too late, and how many had come before."""
    known: set[tuple[str, str, int]] = set()
    counted, late, newest = list[Trade](), list[Trade](), -1
    for trade in lane:
        end = (trade.at // by.bar_ms + 1) * by.bar_ms
        if trade[:3] not in known:
            (late if newest - by.lateness_ms >= end - 1 else counted).append(trade)
            newest = max(newest, trade.at)
        known.add(trade[:3])
    return counted, late, len(lane) - len(counted) - len(late)


def recomputed(by: Definitions, trades: Sequence[Trade]) -> list[Signal]:
    """The signals of all these trades, by start and symbol."""
    bars: dict[str, dict[int, list[Trade]]] = defaultdict(lambda: defaultdict(list))
    for trade in trades:
        bars[trade.symbol][trade.at // by.bar_ms * by.bar_ms].append(trade)
    return sorted(
        signal for symbol, of in bars.items() for signal in of_symbol(by, symbol, [(start, of[start]) for start in sorted(of)])
    )


def of_symbol(by: Definitions, symbol: str, bars: list[tuple[int, list[Trade]]]) -> list[Signal]:
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
        fast, slow = mean(vwaps[: n + 1], by.fast), mean(vwaps[: n + 1], by.slow)
        gaps.append(None if fast is None or slow is None else fast - slow)
        volatility = deviation(returns[:n], by.volatility)
        before = volumes[max(0, n - by.spike) : n]
        spike = len(before) == by.spike and Fraction(volumes[n]) >= Fraction(by.percent, 100) * Fraction(sum(before), by.spike)
        crossing = crossed(gaps[-2:])
        signals.append(Signal(start, symbol, len(trades), volumes[n], vwaps[n], fast, slow, crossing, volatility, spike))
    return signals


def mean(vwaps: list[int], span: int) -> int | None:
    """Oldest to newest: each step goes alpha of the way; a millionth's rounding is the newest one's."""
    if len(vwaps) < span:
        return None
    ratio = Fraction(span - 1, span + 1)
    raw = [ratio**back for back in range(span)]
    parts = [math.floor(weight * 10**6 / sum(raw)) for weight in raw]
    parts[0] += 10**6 - sum(parts)
    return math.floor(sum(Fraction(part, 10**6) * vwap for part, vwap in zip(parts, reversed(vwaps[-span:]), strict=True)))


def deviation(returns: list[int], count: int) -> int | None:
    """The sample's standard deviation, variance and root each rounded down."""
    if len(returns) < count:
        return None
    last = returns[-count:]
    middle = Fraction(sum(last), count)
    variance = sum((each - middle) ** 2 for each in last) / (count - 1)
    return int(math.sqrt(math.floor(variance)))


def crossed(gaps: list[int | None]) -> int:
    """Up, down or neither, from the last two gaps."""
    match gaps:
        case [int(before), int(now)] if before <= 0 < now:
            return 1
        case [int(before), int(now)] if now < 0 <= before:
            return -1
        case _:
            return 0
