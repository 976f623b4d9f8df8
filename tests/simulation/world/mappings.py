"""Event source mappings: a reader for each shard that hands batches to a function, at least once, in order of the shard."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from landbridge.model.market import Stream
from landbridge.model.region import Region
from tests.simulation.kernel import Process
from tests.simulation.world.place import Place
from tests.simulation.world.streams import SHARDS, Record, Shard, Streams

LARGEST = 6
Handler = Callable[[Region, Stream, int, Sequence[Record]], int | None]
"""Region, stream, shard and batch; gives the number of the first record to be given again, or None."""


@dataclass
class Mapping:
    """One reading of one stream, from its making until it is stopped."""

    turn: int
    since: float
    on: bool = True


@dataclass
class Mappings:
    """What is read in each region, and by which processes."""

    place: Place
    streams: Streams
    handler: Handler
    made: dict[tuple[Region, Stream], Mapping] = field(default_factory=dict)
    handlers: list[Process] = field(default_factory=list)

    def start(self, region: Region, stream: Stream, since: float, turn: int) -> None:
        """Read from then on; one made under this turn or a later one stays."""
        standing = self.made.get((region, stream))
        if standing and standing.turn >= turn:
            return
        self.stop(region, stream)
        mapping = self.made[region, stream] = Mapping(turn, since)
        self.place.note(region, f"reads its {stream} stream from {since - 1_000_000:.3f} on, turn {turn}")
        for shard in range(SHARDS):
            name = f"transform {region} {stream} {shard}"
            reader = Reader(self, mapping, region, stream, shard)
            self.handlers.append(self.place.kernel.spawn(name, reader.run))

    def stop(self, region: Region, stream: Stream) -> None:
        """No new batch is handed over; one that is at work goes on."""
        if mapping := self.made.pop((region, stream), None):
            mapping.on = False
            self.place.note(region, f"reads its {stream} stream no more")


@dataclass
class Reader:
    """One shard's reader. It remembers how far it is; now and then it forgets the newest step."""

    mappings: Mappings
    mapping: Mapping
    region: Region
    stream: Stream
    shard: int

    def run(self) -> None:
        """Batches in order; a tail that failed is given again, cut differently."""
        place, shard = self.mappings.place, self.mappings.streams.shards[self.region, self.stream][self.shard]
        chance = place.kernel.chance
        position = next((n for n, record in enumerate(shard.records) if record.at >= self.mapping.since), len(shard.records))
        while self.mapping.on:
            if position == len(shard.records):
                self._wait(shard)
                continue
            place.kernel.sleep(1.0 if self.region in place.out else chance.expovariate(10))
            if self.region in place.out:
                continue
            batch = shard.records[position : position + chance.randint(1, LARGEST)]
            failed = self.mappings.handler(self.region, self.stream, self.shard, batch)
            done = len(batch) if failed is None else failed
            again = chance.randint(0, done) if place.chance(place.odds.twice) else 0
            position += done - again
            if failed is not None:
                place.kernel.sleep(0.3)

    def _wait(self, shard: Shard) -> None:
        kernel = self.mappings.place.kernel
        process = kernel.running
        shard.waiting.append(lambda: kernel.at(kernel.now, process))
        kernel.park()
