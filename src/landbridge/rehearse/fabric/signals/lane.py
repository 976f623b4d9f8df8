"""One shard as the application reads it: trades in the order of the live stream they were first put into.

A mirror holds packs, each of one key: within a copied batch one key's trades lie behind another's that are newer. So what
a mirror brings waits until the rest of its batch has arrived, and is put in order by the place it had at its origin.
"""

import base64
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from landbridge.model.errors import BadInput
from landbridge.model.market import EndMarker, Entry, Stream, Tick, entry
from landbridge.model.mirror import unpack
from landbridge.model.trade import Trade, trade
from landbridge.rehearse.fabric.event_source.record import Place, Record


class Read(NamedTuple):
    """An entry with its place at its origin; `arrived` and `position` are its record's here."""

    origin: tuple[str, str, int]
    arrived: float
    position: str
    entry: Entry


@dataclass
class Lane:
    """`settles` is how many seconds what came may still be overtaken; `idle`, for how many nothing came."""

    stream: Stream
    shard: str
    settles: float
    place: Place
    safe: Place = field(init=False)  # everything before it was given on
    idle: float = 0.0
    ended: bool = False
    _waiting: list[Read] = field(default_factory=list)
    _records: deque[str] = field(default_factory=deque)

    def __post_init__(self) -> None:
        self.safe = self.place

    @property
    def name(self) -> str:
        """As the engine knows it."""
        return f"{self.stream}/{self.shard}"

    def take(self, records: Sequence[Record]) -> None:
        """The records behind its place, in order; what is no entry is left out: the transform sets it aside."""
        for record in records:
            self.place = Place(after=record.sequence)
            self._records.append(record.sequence)
            self._waiting += _entries(self.stream, self.shard, record)

    def looked(self, seconds: float) -> None:
        """It was read to its end, so many seconds after the last time."""
        self.idle += seconds

    def settled(self, now: float) -> list[Trade]:
        """The trades that nothing can overtake any more, in order; an end marker ends the lane until the next trade."""
        self._waiting.sort(key=lambda each: each.origin)
        count = next((n for n, each in enumerate(self._waiting) if each.arrived > now - self.settles), len(self._waiting))
        found, self._waiting = self._waiting[:count], self._waiting[count:]
        behind = {each.position for each in self._waiting}
        while self._records and self._records[0] not in behind:
            self.safe = Place(after=self._records.popleft())
        return list(self._trades(found))

    def is_quiet(self, seconds: float) -> bool:
        """Whether others need not wait for it: it ended, or brought nothing for so long."""
        return not self._waiting and (self.ended or self.idle >= seconds)

    def _trades(self, found: Iterable[Read]) -> Iterator[Trade]:
        for each in found:
            if isinstance(each.entry, EndMarker):
                self.ended = True
            elif (done := _traded(each.entry)) is not None:
                self.ended, self.idle = False, 0.0
                yield done


def _entries(stream: Stream, shard: str, record: Record) -> Iterator[Read]:
    data = base64.b64decode(record.data)
    try:
        if stream is Stream.LIVE:
            yield Read(("", shard, int(record.sequence)), record.arrived, record.sequence, entry(data.decode()))
            return
        carried = unpack(data)
    except (BadInput, UnicodeDecodeError):
        return
    for each in carried:
        origin = (each.origin.region, each.origin.shard, int(each.origin.sequence))
        yield Read(origin, record.arrived, record.sequence, each.entry)


def _traded(tick: Tick) -> Trade | None:
    """None for one of ours, and for a value that is no trade."""
    if tick.reserved:
        return None
    try:
        return trade(tick)
    except BadInput:
        return None
