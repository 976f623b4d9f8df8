"""The market's transform: puts ticks into the analytics table where the pen is, and up to the end marker where it was.

The market has no fences: what is put is idempotent by identity. Order between the sides comes from the markers. The
side whose pen was closed goes on until its live stream's marker; what lies behind it is the other side's, which finds
it in its mirror.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Protocol

from landbridge.model.errors import Unreachable
from landbridge.model.market import EndMarker, Entry, Stream, Tick
from landbridge.model.pen import Epoch, Pen, PenState


@dataclass(frozen=True, slots=True)
class Spoilt:
    """A record that is no entry: whatever it holds is set aside as it came, and blocks nothing."""

    data: bytes
    why: str


Placed = tuple[str, Tick | Spoilt]  # with its position


class Analytics(Protocol):
    """Where this region puts what it processes."""

    def put(self, found: Sequence[Placed], epoch: Epoch) -> None:
        """Each tick's row by identity, and 'latest' of its symbol if its sequence is higher; what is spoilt set aside.

        Idempotent, however much of it came before. May raise Unreachable: then all of it must be given again.
        """


class Passed(Protocol):
    """Which end markers this region's transform has passed: the region's own table. Either method may raise Unreachable."""

    def turn(self, stream: Stream, origin: str, shard: str) -> int:
        """The newest turn noted of that shard of the origin's live stream, strongly consistent; 0 = none."""

    def note(self, stream: Stream, marker: EndMarker) -> None:
        """This marker was passed in this stream; idempotent, an older turn changes nothing."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Entries of one shard in its order, each with its position; `origin` is whose live stream they were first put into."""

    stream: Stream
    origin: str
    shard: str
    entries: Sequence[tuple[str, Entry | Spoilt]]


def transform(batch: Batch, *, region: str, pen: Pen | None, analytics: Analytics, passed: Passed) -> str | None:
    """The position of the first entry that must be given again, or None = all of it is dealt with. Never raises.

    `pen` is this region's market pen, read strongly consistent after the batch came, never from a cache: what is skipped
    under an old reading is lost. When it can't be read, the whole batch must be given again.
    """
    drains = pen is not None and pen.state is PenState.CLOSED
    if pen is None or (drains and not _is_left_to(region, pen, batch)):
        return None
    position = next((first for first, _ in batch.entries), None)
    try:
        ended = drains and passed.turn(batch.stream, batch.origin, batch.shard) > pen.turn
        for _, group in groupby(batch.entries, key=lambda each: isinstance(each[1], EndMarker)):
            together = list(group)
            position = together[0][0]
            ticks = [(at, found) for at, found in together if not isinstance(found, EndMarker)]
            if ticks and not ended:
                analytics.put(ticks, pen.epoch)
            for marker in (found for _, found in together if isinstance(found, EndMarker) and _ends(found, batch)):
                passed.note(batch.stream, marker)
                ended = ended or (drains and marker.turn > pen.turn)
    except Unreachable:
        return position
    return None


def _is_left_to(region: str, pen: Pen, batch: Batch) -> bool:
    """A side that never held the pen has nothing to finish; one that did finishes its own live stream alone."""
    return pen.epoch > 0 and batch.stream is Stream.LIVE and batch.origin == region


def _ends(marker: EndMarker, batch: Batch) -> bool:
    """A marker found where it doesn't belong says nothing; a mirror's shards need not be those of the live stream."""
    return marker.region == batch.origin and (batch.stream is Stream.MIRROR or marker.shard == batch.shard)
