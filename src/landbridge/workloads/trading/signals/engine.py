"""The signals of all symbols as trades stream by: push trades, get the signals that became final.

Pushed twice, a trade changes nothing. State is a snapshot's worth of bytes at any moment between two pushes; one that was
restored goes on as if nothing had happened. An engine knows no epoch: whoever writes its signals adds the one of the pen.
"""

from collections.abc import Iterable
from typing import NamedTuple

from landbridge.model.trade import Trade
from landbridge.workloads.trading.signals.bars import NEVER, Bar, Bars
from landbridge.workloads.trading.signals.definitions import Definitions
from landbridge.workloads.trading.signals.signal import Memory, Signal

END = 10_000_000_000_000  # after any event time a trade can have


class Pushed(NamedTuple):
    """What came of a push: signals that are final, by start and symbol, and trades too late for theirs, to be set aside."""

    signals: list[Signal]
    late: list[Trade]


class Signals:
    """All symbols of some lanes; a lane is an input with an order of its own, like a shard."""

    def __init__(self, by: Definitions, lanes: Iterable[str] = ()) -> None:
        self.by = by
        self.bars = Bars(by.bar_ms, by.lateness_ms, dict.fromkeys(lanes, NEVER))
        self.memories: dict[str, Memory] = {}

    @property
    def doubled(self) -> int:
        """How many trades came that had come before."""
        return self.bars.doubled

    @property
    def late(self) -> int:
        """How many trades came after their bar was final."""
        return self.bars.late

    def push(self, lane: str, trades: Iterable[Trade]) -> Pushed:
        """Take in what came next in a lane. A lane never named before holds the others back only from here on."""
        final: list[Bar] = []
        late: list[Trade] = []
        self.bars.take(lane, trades, final, late)
        return Pushed(self._signals(final), late)

    def advance(self, lane: str, at: int) -> list[Signal]:
        """Nothing older than this will come in the lane: it is quiet, or at its END."""
        return self._signals(self.bars.advance(lane, at))

    def _signals(self, final: list[Bar]) -> list[Signal]:
        return [self._memory(bar.symbol).signal(bar, self.by) for bar in final]

    def _memory(self, symbol: str) -> Memory:
        found = self.memories.get(symbol)
        if found is None:
            found = self.memories[symbol] = Memory.of(self.by)
        return found
