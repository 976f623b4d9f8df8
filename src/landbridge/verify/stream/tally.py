"""What one side's stream held, in memory that follows the number of symbols and gaps, never that of the records.

A tick counts once, by identity: seen again it is a double, which is lawful. Behind a higher one of its symbol it is out
of order. Below the first one seen of its symbol it lies before the window, and says nothing.
"""

import zlib
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field

from landbridge.model.errors import BadInput
from landbridge.model.market import EndMarker, Tick, entry
from landbridge.verify.stream.runs import Runs

BLOCK = 1024  # sequence numbers whose contents are summed together

Block = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Record:
    """What lies in a stream: in which shard, since when, and its text."""

    shard: str
    arrived: float
    text: str


@dataclass
class Tally:
    """One side, as far as it was read; `until` is the arrival up to which the other side must have it all."""

    until: float
    shards: Counter[str] = field(default_factory=Counter)
    symbols: dict[str, Runs] = field(default_factory=dict)
    due: dict[str, int] = field(default_factory=dict)  # symbol -> highest number that arrived by `until`
    blocks: Counter[Block] = field(default_factory=Counter)
    markers: dict[str, bool] = field(default_factory=dict)  # name -> whether it is due
    doubles: Counter[str] = field(default_factory=Counter)
    disordered: list[str] = field(default_factory=list)
    unread: int = 0  # neither tick nor marker: the replicator sets these aside
    heartbeats: dict[str, float] = field(default_factory=dict)  # of each shard, when the newest was sent

    def add(self, record: Record) -> None:
        """One record more."""
        self.shards[record.shard] += 1
        try:
            found = entry(record.text)
        except BadInput:
            self.unread += 1
            return
        if isinstance(found, EndMarker):
            self.markers.setdefault(marked(found), record.arrived <= self.until)
        elif found.reserved:
            self._heartbeat(found)
        else:
            self._tick(found, due=record.arrived <= self.until)

    def _heartbeat(self, tick: Tick) -> None:
        with suppress(ValueError):  # another kind of canary
            self.heartbeats[tick.symbol] = max(self.heartbeats.get(tick.symbol, 0.0), float(tick.value))

    def _tick(self, tick: Tick, *, due: bool) -> None:
        symbol = symbol_of(tick)
        runs = self.symbols.setdefault(symbol, Runs())
        if runs.starts and tick.sequence < runs.starts[0]:
            return
        highest = runs.ends[-1] if runs.ends else -1
        if not runs.add(tick.sequence):
            self.doubles[f"{symbol}/{tick.sequence}"] += 1
            return
        self.blocks[symbol, tick.sequence // BLOCK] += content(tick)
        if tick.sequence < highest:
            self.disordered.append(f"{symbol}/{tick.sequence}")
        if due:
            self.due[symbol] = max(self.due.get(symbol, 0), tick.sequence)


def symbol_of(tick: Tick) -> str:
    """What a sequence belongs to."""
    return f"{tick.feed}/{tick.symbol}"


def content(tick: Tick) -> int:
    """What tells one value from another; the identity is told apart already."""
    return zlib.crc32(tick.value.encode())


def marked(marker: EndMarker) -> str:
    """A marker's name in a result."""
    return f"end/{marker.region}/{marker.shard}/{marker.epoch}/{marker.turn}"
