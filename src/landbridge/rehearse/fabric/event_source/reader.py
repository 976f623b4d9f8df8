"""Reads one shard for everyone who reads it: those who stand at the same place share one read.

Whoever falls behind is read for apart until it has caught up, so nobody waits for a consumer that is stuck.
"""

from collections.abc import Sequence
from typing import Protocol

from landbridge.model.errors import Refused, Unreachable
from landbridge.rehearse.fabric.event_source.ports import Streams
from landbridge.rehearse.fabric.event_source.record import Place, Record


class Taker(Protocol):
    """Somebody who reads a shard."""

    @property
    def place(self) -> Place:
        """Where it reads on."""

    @property
    def is_hungry(self) -> bool:
        """Whether it wants more."""

    def take(self, records: Sequence[Record]) -> None:
        """The records behind its place, in order."""


class ShardReader:
    """One shard of one stream."""

    def __init__(self, streams: Streams, stream: str, shard: str) -> None:
        self.reads = 0
        self._streams = streams
        self._stream = stream
        self._shard = shard
        self._iterators: dict[Place, str] = {}

    async def poll(self, takers: Sequence[Taker]) -> None:
        """One page for each place somebody wants to read at; a place that can't be read now is read the next time."""
        places = dict.fromkeys(taker.place for taker in takers if taker.is_hungry)
        held = {taker.place for taker in takers}
        self._iterators = {place: iterator for place, iterator in self._iterators.items() if place in held}
        for place in places:
            try:
                records = await self._page(place)
            except (Unreachable, Refused):  # an expired iterator too: the place makes a new one
                self._iterators.pop(place, None)
                continue
            for taker in takers:
                if records and taker.place == place and taker.is_hungry:
                    taker.take(records)

    async def _page(self, place: Place) -> Sequence[Record]:
        iterator = self._iterators.get(place) or await self._streams.iterator(self._stream, self._shard, place)
        records, following = await self._streams.page(iterator)
        self.reads += 1
        self._iterators[Place(after=records[-1].sequence) if records else place] = following
        return records
