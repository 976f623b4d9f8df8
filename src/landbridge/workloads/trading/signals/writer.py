"""Writes signals where the pen is; elsewhere keeps the newest ones back, for the moment the pen comes.

The side that takes the pen over has computed some windows before it was opened, from what the mirror brought. The other side
may have ended the same windows without the trades that were put here. So what was kept back is written first, under the new
epoch; what it repeats does no harm.
"""

import time
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any, Protocol

from landbridge.model.pen import Domain, Epoch, Pen, PenState, pen_key
from landbridge.workloads.trading.signals.rows import row
from landbridge.workloads.trading.signals.signal import Signal

LOOKED = 1.0  # seconds a look at the pen serves: the market's writes need no fence, their keys carry the epoch
KEPT_MS = 120_000  # event time kept back: twice what feeds and a move's budget may take together


class Store(Protocol):
    """This region's pen and its copy of the analytics table; either call raises when it was not answered."""

    def pen(self) -> Pen | None:
        """The market's pen here, strongly consistent; None = there is none."""

    def put(self, signal: Signal, epoch: Epoch) -> None:
        """The row of this symbol, window and epoch; idempotent."""


class Writer:
    """Puts what one engine, or one slot of Flink, computes."""

    def __init__(self, store: Store, clock: Callable[[], float] = time.monotonic) -> None:
        self._store, self._clock = store, clock
        self._looked = float("-inf")
        self._epoch: Epoch | None = None
        self._kept: deque[Signal] = deque()

    @property
    def kept(self) -> tuple[Signal, ...]:
        """What is not put yet, the oldest first: part of a snapshot."""
        return tuple(self._kept)

    def recall(self, kept: Iterable[Signal]) -> None:
        """What a snapshot says was kept, before anything else is."""
        self._kept = deque(kept)

    def write(self, signal: Signal) -> None:
        """Put it and whatever was kept back, or keep it back too."""
        self.keep([signal])
        self.put()

    def keep(self, signals: Iterable[Signal]) -> None:
        """Take them in, whatever becomes of the look at the pen; where it is not, what no move can last is let go."""
        self._kept.extend(signals)
        if self._kept and self._held() is None:
            newest = self._kept[-1].start
            while self._kept[0].start < newest - KEPT_MS:
                self._kept.popleft()

    def put(self, most: int | None = None) -> None:
        """What is kept, so many at most, where the pen is."""
        left = len(self._kept) if most is None else min(most, len(self._kept))
        while left and (epoch := self._held()) is not None:
            self._store.put(self._kept[0], epoch)
            self._kept.popleft()
            left -= 1

    def _held(self) -> Epoch | None:
        if self._clock() - self._looked >= LOOKED:
            pen = self._store.pen()
            self._epoch = pen.epoch if pen is not None and pen.state is PenState.OPEN else None
            self._looked = self._clock()
        return self._epoch


class Tables:
    """The store in DynamoDB, by a client of botocore or boto3."""

    def __init__(self, dynamodb: Any, *, analytics: str, pens: str) -> None:
        self._dynamodb, self._analytics, self._pens = dynamodb, analytics, pens

    def pen(self) -> Pen | None:
        """The market's master pen."""
        key = {name: {"S": text} for name, text in pen_key(Domain.MARKET).items()}
        item = self._dynamodb.get_item(TableName=self._pens, Key=key, ConsistentRead=True).get("Item")
        return Pen.of({name: next(iter(value.values())) for name, value in item.items()}) if item else None

    def put(self, signal: Signal, epoch: Epoch) -> None:
        """One item."""
        item = {name: _attribute(value) for name, value in row(signal, epoch).items()}
        self._dynamodb.put_item(TableName=self._analytics, Item=item)


def _attribute(value: object) -> dict[str, object]:
    match value:
        case bool():
            return {"BOOL": value}
        case int():
            return {"N": str(value)}
        case _:
            return {"S": str(value)}
