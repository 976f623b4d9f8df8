"""What one feed has to tell: trades at a set rate on average, in bursts as markets have them, each with its identity.

The same seed and beginning make the same trades, however often they are asked for: each has its moment.
"""

from collections import Counter
from collections.abc import Sequence
from random import Random

from landbridge.model.market import Tick
from landbridge.model.trade import Trade
from landbridge.rehearse.market.walk import SYMBOLS, Walk

CYCLE, BURST = 20.0, 2.0  # seconds: once a cycle comes a burst
HOT = 3.0  # times the rate, in a burst
CALM = (CYCLE - BURST * HOT) / (CYCLE - BURST)
HOT_SHARE = 0.25  # of a burst's trades are in the symbol it is about


class Ticks:
    """Sets each trade's feed, symbol and sequence; `began` is where its time starts, in seconds since 1970."""

    def __init__(self, feed: str, rate: float, seed: int, began: float, symbols: Sequence[str] = SYMBOLS) -> None:
        self.feed, self._rate, self._began, self._symbols = feed, rate, began, tuple(symbols)
        self._random = Random(f"{seed}/{feed}")
        self._walks = {symbol: Walk(symbol, Random(f"{seed}/{feed}/{symbol}")) for symbol in symbols}
        self._weights = [1 / rank for rank in range(2, len(self._symbols) + 2)]
        self._first_burst = self._random.uniform(0, CYCLE - BURST)
        self._sequences: Counter[str] = Counter()
        self._told = 0

    def due(self, now: float) -> list[Tick]:
        """What happened since it was asked last, in order."""
        found = []
        while (moment := self._moment(self._told + 1)) <= now - self._began:
            self._told += 1
            found.append(self._next(moment))
        return found

    def _next(self, moment: float) -> Tick:
        symbol = self._symbol(moment)
        self._sequences[symbol] += 1
        price, volume = self._walks[symbol].step()
        return Trade(self.feed, symbol, self._sequences[symbol], price, volume, int((self._began + moment) * 1000)).tick()

    def _symbol(self, moment: float) -> str:
        cycle, within = divmod(moment, CYCLE)
        if 0 <= within - self._first_burst < BURST and self._random.random() < HOT_SHARE:
            return self._symbols[int(cycle) % len(self._symbols)]
        return self._random.choices(self._symbols, self._weights)[0]

    def _moment(self, number: int) -> float:
        """When the trade of that number is due, in seconds since it began: close together in a burst, further apart else."""
        cycles, steady = divmod(number / self._rate, CYCLE)
        before = self._first_burst * CALM
        hot = min(max(0.0, steady - before), BURST * HOT)
        return cycles * CYCLE + hot / HOT + (steady - hot) / CALM
