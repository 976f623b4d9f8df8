"""Last writer wins, decided outside the items: what each copy of a global table holds, and what its stream tells.

A stream shows our own puts as if somebody wrote there. They are recognised by key, content and the time they were
under way, not by consuming a mark, because a put repeated after a lost answer may show twice and a put that changes
nothing does not show at all. Where an echo disagrees with what the copy should hold, our put went over a newer
write of its own: the newer one is put back.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from landbridge.model.region import Region

Image = Mapping[str, Any]
ABSENT = "absent"
SETS = frozenset({"SS", "NS", "BS"})
SEQUENCE_DIGITS = 30
CLOCK_MS = 2  # stream and agent read the same clock; rounding alone sets them apart
ORDER_MS = 100  # how far records of one stream may be out of their times' order
LATE_MS = 5_000  # how long after an abandoned put its echo may still appear


@dataclass(frozen=True, slots=True, order=True)
class Stamp:
    """When and where a write happened: a total order, the same for everyone who compares."""

    at_ms: int
    region: str
    sequence: str


@dataclass(frozen=True, slots=True)
class Change:
    """An item as one write left it; no image means the write deleted it."""

    key: str
    keys: Image
    image: Image | None
    stamp: Stamp
    digest: str


@dataclass(frozen=True, slots=True)
class Observed:
    """What a stream record asks for: a change to carry to the other copy, or one to put back here, or nothing."""

    carry: Change | None = None
    put_back: Change | None = None


@dataclass(slots=True)
class _Window:
    sent_ms: int
    done_ms: int | None = None

    def holds(self, at_ms: int) -> bool:
        return self.sent_ms - CLOCK_MS <= at_ms and (self.done_ms is None or at_ms <= self.done_ms + CLOCK_MS)


@dataclass
class Copy:
    """One region's copy of a global table."""

    region: Region
    _held: dict[str, Change] = field(default_factory=dict)
    _echoes: dict[tuple[str, str], _Window] = field(default_factory=dict)

    def held(self, key: str) -> Change | None:
        """The newest write this copy is known to hold for a key."""
        return self._held.get(key)

    def takes(self, change: Change) -> bool:
        """Whether this change is the newest the copy has heard of; repeating it is allowed."""
        held = self._held.get(change.key)
        return held is None or change.stamp >= held.stamp

    def putting(self, change: Change, now_ms: int) -> None:
        """Our put of this change is under way; until it is done it may show in the stream."""
        open_window = self._echoes.get((change.key, change.digest))
        self._echoes[change.key, change.digest] = _Window(min(open_window.sent_ms, now_ms) if open_window else now_ms)

    def put(self, change: Change, now_ms: int) -> None:
        """Our put was answered: the copy holds the change."""
        self._held[change.key] = change
        self._echoes[change.key, change.digest].done_ms = now_ms

    def abandoned(self, change: Change, now_ms: int) -> None:
        """Our put will not be repeated, but an earlier try may have gone through."""
        window = self._echoes.get((change.key, change.digest))
        if window is not None and window.done_ms is None:
            window.done_ms = now_ms + LATE_MS

    def ours(self, key: str, digest: str) -> bool:
        """Whether content found here may be nothing but our own unconfirmed put."""
        return (key, digest) in self._echoes

    def learned(self, change: Change) -> None:
        """A comparison found this change here."""
        self._held[change.key] = change

    def observe(self, record: Change) -> Observed:
        """What to do about a stream record of this copy."""
        window, held = self._echoes.get((record.key, record.digest)), self._held.get(record.key)
        if window is not None and window.holds(record.stamp.at_ms):
            return Observed(put_back=held if held is not None and held.digest != record.digest else None)
        if held is None or record.stamp > held.stamp:
            self._held[record.key] = record
        return Observed(carry=record)

    def read_until(self, at_ms: int) -> None:
        """The stream was read up to this time: puts answered well before it have shown, or never will."""
        limit = at_ms - ORDER_MS
        over = [mark for mark, window in self._echoes.items() if window.done_ms is not None and window.done_ms < limit]
        for mark in over:
            del self._echoes[mark]


def change_of(keys: Image, image: Image | None, stamp: Stamp) -> Change:
    """The change a write made."""
    return Change(digest_of(keys), keys, image, stamp, ABSENT if image is None else digest_of(image))


def record_of(record: Mapping[str, Any], region: Region) -> Change:
    """The change in a stream record, stamped with the best write time there is.

    The record's own time has a resolution of one second. The emulator's sequence numbers are 30 digits of which the
    first 20 are the write's milliseconds; a stream that numbers otherwise falls back to the second.
    """
    data = record["dynamodb"]
    sequence = str(data["SequenceNumber"])
    exact = len(sequence) == SEQUENCE_DIGITS
    at_ms = int(sequence[:20]) if exact else int(data["ApproximateCreationDateTime"].timestamp() * 1000)
    return change_of(data["Keys"], data.get("NewImage"), Stamp(at_ms, region, sequence))


def digest_of(item: Image) -> str:
    """The same text for the same item, whatever order its attributes and sets come in."""
    return json.dumps(_canonical(item), sort_keys=True, separators=(",", ":"))


def _canonical(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: sorted(map(_canonical, part)) if name in SETS else _canonical(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_canonical(part) for part in value]
    return value.hex() if isinstance(value, bytes) else value
