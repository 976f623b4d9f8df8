"""Sorts a batch of a live shard: what is sent together, key by key in order, and what must be set aside.

Records of ours (end markers, heartbeats) say that everything before them arrived; so each is sent alone, between what
came before it and what came after it.
"""

import binascii
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from landbridge.model.errors import BadInput
from landbridge.model.market import EndMarker, Entry, entry
from landbridge.model.mirror import HEAD, head, pack, piece

PACK_BYTES = 256 * 1024  # a longer line of one key goes in several packs, one after the other
RECORD_BYTES = 1024 * 1024  # what a stream takes as one record, its partition key included, unless it is told otherwise
FRAME_BYTES = 256  # more than a pack's own words around one record
Record = Mapping[str, Any]


@dataclass(slots=True)
class Pack:
    """A partition key's next records, by their pieces; `first` is the place in the batch of the earliest of them."""

    head: str
    key: str
    first: int
    size: int = 0
    pieces: list[str] = field(default_factory=list)

    def data(self) -> bytes:
        """As the mirror keeps it."""
        return pack(self.head, self.pieces)


Lines = dict[str, deque[Pack]]


@dataclass(frozen=True, slots=True)
class Letter:
    """A record that can't be copied: its place in the batch, and why; what it says itself lies in the record."""

    place: int
    why: str
    record: Record


class Unfit(Exception):
    """A record can't be copied; the text says why and nothing of what it holds."""


@dataclass
class Sorted:
    """A batch of one live shard as it will be sent: lines of packs, one after the other."""

    region: str
    head: str
    lines: list[Lines] = field(default_factory=lambda: [{}])
    letters: list[Letter] = field(default_factory=list)

    @classmethod
    def of(cls, records: Sequence[Record], region: str) -> "Sorted":
        """Every record of the batch is in exactly one pack, or is a letter."""
        made = cls(region, head(region, shard_of(records[0])))
        for place, record in enumerate(records):
            try:
                made._add(place, record["kinesis"])
            except Unfit as unfit:
                made.letters.append(Letter(place, str(unfit), record))
        return made

    def _add(self, place: int, record: Record) -> None:
        key, size = record["partitionKey"], len(record["data"]) * 3 // 4 + FRAME_BYTES
        if size + len(key.encode()) > RECORD_BYTES:
            raise Unfit("is too large for one record of a mirror")
        text, found = _read(record["data"], self.region)
        alone = isinstance(found, EndMarker) or found.reserved
        if alone and self.lines[-1]:
            self.lines.append({})
        waiting = self._pack(key, place, size)
        waiting.size += size
        waiting.pieces.append(piece(record["sequenceNumber"], text))
        if alone:
            self.lines.append({})

    def _pack(self, key: str, place: int, size: int) -> Pack:
        """The last of the key's packs, or another one where this one is full."""
        line = self.lines[-1].get(key)
        if line is None:
            line = self.lines[-1][key] = deque()
        elif line[-1].size + size <= PACK_BYTES:
            return line[-1]
        line.append(Pack(self.head, key, place))
        return line[-1]


def shard_of(record: Record) -> str:
    """The live shard a record lies in; Lambda tells it before the sequence number."""
    return str(record["eventID"]).partition(":")[0]


def _read(data: str, region: str) -> tuple[str, Entry]:
    """A record's text and what it is; Unfit where it is none of this region's own."""
    try:
        text = binascii.a2b_base64(data).decode()
    except ValueError:
        raise Unfit("is not text") from None
    try:
        found = entry(text)
    except BadInput as bad:
        raise Unfit("is a copy already" if text.startswith(HEAD) else bad.what) from None
    if isinstance(found, EndMarker) and found.region != region:
        raise Unfit("ends another region's stream")
    return text, found
