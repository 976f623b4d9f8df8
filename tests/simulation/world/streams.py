"""Streams and their replicators: per-shard order, nothing lost, some of it carried twice, and sometimes nothing moves."""

from collections.abc import Callable
from dataclasses import dataclass, field
from zlib import crc32

from landbridge.model.market import Entry, Stream, Tick
from landbridge.model.region import Region
from tests.simulation.history import Put
from tests.simulation.world.place import SIDES, Place

SHARDS = 2
MOST = 8  # records a replicator carries at once


@dataclass(frozen=True, slots=True)
class Record:
    """An entry where it lies; the replicator's envelope keeps where it was first put."""

    at: float
    entry: Entry
    origin: Region
    shard: int


@dataclass
class Shard:
    """One ordered log, and who wants to hear of what comes."""

    records: list[Record] = field(default_factory=list)
    waiting: list[Callable[[], None]] = field(default_factory=list)

    def add(self, record: Record) -> None:
        """At the end; whoever waits is told."""
        self.records.append(record)
        waiting, self.waiting = self.waiting, []
        for tell in waiting:
            tell()


@dataclass
class Carrier:
    """One replicator's place in one shard of a live stream."""

    sent: int = 0
    busy: bool = False


@dataclass
class Streams:
    """A live and a mirror stream in each region."""

    place: Place
    shards: dict[tuple[Region, Stream], list[Shard]] = field(init=False)
    carriers: dict[tuple[Region, int], Carrier] = field(init=False)

    def __post_init__(self) -> None:
        self.shards = {(side, stream): [Shard() for _ in range(SHARDS)] for side in SIDES for stream in Stream}
        self.carriers = {(side, shard): Carrier() for side in SIDES for shard in range(SHARDS)}

    def shard_of(self, symbol: str) -> int:
        """Where a symbol's ticks go: the same in every stream."""
        return crc32(symbol.encode()) % SHARDS

    def put(self, region: Region, entry: Entry, shard: int) -> None:
        """Into the live stream, for good."""
        self.shards[region, Stream.LIVE][shard].add(Record(self.place.now, entry, region, shard))
        tick = entry.identity if isinstance(entry, Tick) else None
        self.place.history.puts.append(Put(self.place.now, region, shard, tick))
        self.place.note(region, f"live shard {shard}: {tick or entry}")
        self._pump(region, shard)

    def _pump(self, origin: Region, shard: int) -> None:
        carrier = self.carriers[origin, shard]
        if not carrier.busy and carrier.sent < len(self.shards[origin, Stream.LIVE][shard].records):
            carrier.busy = True
            self.place.carry(lambda: self._carry(origin, shard, carrier))

    def _carry(self, origin: Region, shard: int, carrier: Carrier) -> None:
        carrier.busy = False
        if origin in self.place.stalled:
            return
        records = self.shards[origin, Stream.LIVE][shard].records[carrier.sent : carrier.sent + MOST]
        there = self.shards[self.place.other(origin), Stream.LIVE if self.place.bugs.into_live else Stream.MIRROR][shard]
        for record in records:
            if record.origin == origin:
                there.add(Record(self.place.now, record.entry, origin, shard))
        carrier.sent += len(records)
        if self.place.chance(self.place.odds.twice):
            carrier.sent -= self.place.kernel.chance.randint(0, len(records))  # carried, but not remembered
        self._pump(origin, shard)

    def moving_again(self, origin: Region) -> None:
        """A replicator that stood still goes on."""
        for shard in range(SHARDS):
            self._pump(origin, shard)
