"""A region's analytics table and notes of end markers in memory, and a consumer that reads a shard as a mapping does."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

from landbridge.model.errors import Unreachable
from landbridge.model.market import EndMarker, Entry, Stream, Tick
from landbridge.model.pen import Epoch, Pen
from landbridge.workloads.trading.market import Batch, Placed, Spoilt, transform


@dataclass
class Line:
    """How a region's tables are reached: each call meets the next fate laid out, and arrives when none is left."""

    fates: list[str] = field(default_factory=list)

    def call(self, execute: Callable[[], None]) -> None:
        """`lost` never arrives, `unanswered` arrives and nobody is told; both raise."""
        fate = self.fates.pop(0) if self.fates else "arrives"
        if fate != "lost":
            execute()
        if fate != "arrives":
            raise Unreachable("here", fate)


@dataclass
class MemoryAnalytics:
    """Rows by identity, 'latest' by symbol, and every first arrival of a tick in order."""

    line: Line = field(default_factory=Line)
    rows: dict[tuple[str, str, int], Tick] = field(default_factory=dict)
    latest: dict[tuple[str, str], int] = field(default_factory=dict)
    epochs: set[Epoch] = field(default_factory=set)
    aside: dict[str, Spoilt] = field(default_factory=dict)

    def put(self, found: Sequence[Placed], epoch: Epoch) -> None:
        """Idempotent; one call each, so that a failure leaves what came before it."""
        for position, each in found:
            self.line.call(partial(self._put, position, each, epoch))

    def _put(self, position: str, tick: Tick | Spoilt, epoch: Epoch) -> None:
        if isinstance(tick, Spoilt):
            self.aside[position] = tick
            return
        self.rows[tick.identity] = tick
        symbol = tick.feed, tick.symbol
        self.latest[symbol] = max(tick.sequence, self.latest.get(symbol, 0))
        self.epochs.add(epoch)


@dataclass
class MemoryPassed:
    """The newest turn of each shard; `on_note` is told of every marker."""

    line: Line = field(default_factory=Line)
    turns: dict[tuple[Stream, str, str], int] = field(default_factory=dict)
    on_note: Callable[[EndMarker], None] = lambda _marker: None

    def turn(self, stream: Stream, origin: str, shard: str) -> int:
        """0 = none."""
        self.line.call(lambda: None)
        return self.turns.get((stream, origin, shard), 0)

    def note(self, stream: Stream, marker: EndMarker) -> None:
        """An older turn changes nothing."""
        self.line.call(lambda: self._note(stream, marker))

    def _note(self, stream: Stream, marker: EndMarker) -> None:
        self.on_note(marker)
        key = stream, marker.region, marker.shard
        self.turns[key] = max(marker.turn, self.turns.get(key, 0))


@dataclass
class Side:
    """A region's transform with its tables."""

    region: str
    pen: Pen | None
    line: Line = field(default_factory=Line)
    analytics: MemoryAnalytics = field(init=False)
    passed: MemoryPassed = field(init=False)

    def __post_init__(self) -> None:
        self.analytics, self.passed = MemoryAnalytics(self.line), MemoryPassed(self.line)

    def take(self, entries: Sequence[Entry], stream: Stream = Stream.LIVE, origin: str = "here", first: int = 0) -> int:
        """Gives one batch; the answer is how many of its entries are dealt with."""
        placed = [(str(first + number), found) for number, found in enumerate(entries)]
        again = transform(
            Batch(stream, origin, "0", placed), region=self.region, pen=self.pen, analytics=self.analytics, passed=self.passed
        )
        return len(entries) if again is None else int(again) - first

    def read(self, entries: Sequence[Entry], cuts: Sequence[tuple[int, int]], stream: Stream = Stream.LIVE) -> None:
        """Reads a shard to its end in batches of these sizes, going back this far before each, then all the rest."""
        at = 0
        for size, back in cuts:
            at = max(0, at - back)
            at += self.take(entries[at : at + size], stream, first=at)
        self.line.fates.clear()
        assert at + self.take(entries[at:], stream, first=at) == len(entries)
