"""A final bar into its signals: VWAP, two exponential means and their crossing, volatility, volume spike.

Whole numbers throughout, each division rounded down, so that every engine on every machine gives the same bytes. No signal
depends on more than the last `Definitions.memory` bars of its symbol: a side that began later gives the same signals as soon
as it has seen as many.
"""

import math
from collections import deque
from dataclasses import dataclass
from itertools import islice
from operator import mul
from typing import NamedTuple

from landbridge.workloads.trading.signals.bars import Bar
from landbridge.workloads.trading.signals.definitions import WHOLE, Definitions, weights

PARTS = 1_000_000_000  # returns and volatility are in parts of this
STEEPEST = 1_000_000_000_000  # a return counts as no more: a thousandfold price from one bar to the next


class Signal(NamedTuple):
    """What one bar of a symbol says; None where too few bars came before it, `crossing` is 1 upward and -1 downward."""

    start: int
    symbol: str
    trades: int
    volume: int
    vwap: int
    fast: int | None
    slow: int | None
    crossing: int
    volatility: int | None
    spike: bool


@dataclass(slots=True)
class Memory:
    """What a symbol's next signals depend on, each newest first; `gap` is fast less slow at the bar before."""

    vwaps: deque[int]
    returns: deque[int]
    volumes: deque[int]
    gap: int | None = None

    @classmethod
    def of(cls, by: Definitions) -> "Memory":
        """That of a symbol never seen."""
        return cls(deque(maxlen=by.slow), deque(maxlen=by.volatility), deque(maxlen=by.spike))

    def signal(self, bar: Bar, by: Definitions) -> Signal:
        """The signals of the bar after those remembered, which is then remembered too."""
        vwap = bar.notional // bar.volume
        if self.vwaps:
            self.returns.appendleft(min(vwap * PARTS // self.vwaps[0] - PARTS, STEEPEST))
        self.vwaps.appendleft(vwap)
        fast, slow = self._mean(by.fast), self._mean(by.slow)
        spike = len(self.volumes) == by.spike and bar.volume * by.spike * 100 >= by.percent * sum(self.volumes)
        self.volumes.appendleft(bar.volume)
        crossing = self._crossing(None if fast is None or slow is None else fast - slow)
        return Signal(bar.start, bar.symbol, bar.trades, bar.volume, vwap, fast, slow, crossing, self._volatility(by), spike)

    def _mean(self, span: int) -> int | None:
        """The exponential mean of the last `span` VWAPs; None before there are so many."""
        if len(self.vwaps) < span:
            return None
        total: int = sum(map(mul, weights(span), islice(self.vwaps, span)))
        return total // WHOLE

    def _crossing(self, gap: int | None) -> int:
        """Whether the fast mean is now beyond the slow one and was not at the bar before."""
        before, self.gap = self.gap, gap
        if gap is None or before is None:
            return 0
        return int(before <= 0 < gap) - int(gap < 0 <= before)

    def _volatility(self, by: Definitions) -> int | None:
        """Standard deviation of the last returns; the root alone is taken in floating point, which IEEE 754 settles."""
        count = by.volatility
        if len(self.returns) < count:
            return None
        total, squares = sum(self.returns), sum(map(mul, self.returns, self.returns))
        return int(math.sqrt((count * squares - total * total) // (count * (count - 1))))
