"""Trades into bars: sums over event time that don't depend on the order of arrival, closed by a watermark.

A bar holds the trades of a symbol from its start until the next bar's. The watermark is the newest event time of each
lane, the slowest lane deciding, less the lateness allowed; what ends at or before it is final. A lane is one ordered input,
like a shard of a stream. Each trade is judged by what its lane had shown before it, so it makes no difference how a lane is
cut into batches.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from landbridge.model.trade import Trade
from landbridge.workloads.trading.signals.sequences import Sequences

NEVER = -1  # before any event time


class Bar(NamedTuple):
    """A symbol's trades from `start` on: how many, how much, and the sum of price times volume in micro-units."""

    start: int
    symbol: str
    trades: int
    volume: int
    notional: int


@dataclass(slots=True)
class Feed:
    """One feed's trades of one symbol: what was seen, and the open bar the last one fell into."""

    seen: Sequences = field(default_factory=Sequences)
    begin: int = 0
    end: int = 0
    sums: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Bars:
    """Open bars, what was seen, and how far event time has come."""

    length: int
    lateness: int
    newest: dict[str, int]
    closed: int = NEVER
    doubled: int = 0
    late: int = 0
    feeds: dict[tuple[str, str], Feed] = field(default_factory=dict)
    open: dict[int, dict[str, list[int]]] = field(default_factory=dict)

    def take(self, lane: str, trades: Iterable[Trade], final: list[Bar], late: list[Trade]) -> None:
        """Sum up a lane's trades in its order; bars that became final and trades that came too late go to these lists."""
        feeds, length = self.feeds, self.length
        newest = self.newest.setdefault(lane, NEVER)
        closed, turns = self.closed, self._turns(lane)
        for trade in trades:
            feed, symbol, sequence, price, volume, at = trade
            known = feeds.get((feed, symbol))
            if known is None:
                known = feeds[feed, symbol] = Feed()
            ends = known.seen.ends
            if ends and ends[-1] == sequence:
                ends[-1] = sequence + 1
            elif not known.seen.add(sequence):
                self.doubled += 1
                continue
            if at < closed:
                late.append(trade)
                continue
            if not known.begin <= at < known.end:
                known.begin = at - at % length
                known.end = known.begin + length
                known.sums = self.open.setdefault(known.begin, {}).setdefault(symbol, [0, 0, 0])
            sums = known.sums
            sums[0] += 1
            sums[1] += volume
            sums[2] += price * volume
            if at > newest:
                newest = at
                if newest >= turns:
                    self.newest[lane] = newest
                    final.extend(self._close())
                    closed, turns = self.closed, self._turns(lane)
        self.newest[lane] = newest
        self.late += len(late)

    def advance(self, lane: str, at: int) -> list[Bar]:
        """Nothing older than this will come in the lane; bars that are final by that."""
        self.newest[lane] = max(at, self.newest.get(lane, NEVER))
        return self._close()

    def _close(self) -> list[Bar]:
        """Bars that end by the watermark, by start and symbol; what is final stays so."""
        watermark = min(self.newest.values()) - self.lateness
        self.closed = max(self.closed, (watermark + 1) // self.length * self.length)
        starts = sorted(start for start in self.open if start < self.closed)
        return [Bar(start, symbol, *sums) for start in starts for symbol, sums in sorted(self.open.pop(start).items())]

    def _turns(self, lane: str) -> int:
        """At which event time of this lane more becomes final; endless while another lane is further behind."""
        turns = max(self.closed, 0) + self.length - 1 + self.lateness
        held = any(newest < turns for name, newest in self.newest.items() if name != lane)
        return 1 << 62 if held else turns
