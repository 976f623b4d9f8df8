"""Event source mappings: a reader for each shard that hands batches to a function, at least once, in order of the shard."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from landbridge.model.market import Stream
from landbridge.model.region import Region
from tests.simulation.kernel import START
from tests.simulation.world.place import Place
from tests.simulation.world.streams import SHARDS, Record, Shard, Streams

LARGEST = 6
Handler = Callable[[Region, Stream, int, Sequence[Record]], int | None]
"""Region, stream, shard and batch; gives the number of the first record to be given again, or None."""


@dataclass
class Mapping:
    """One reading of one stream and its place in each shard; switched off and on again it goes on from there."""

    turn: int
    since: float
    on: bool = False
    places: dict[int, int] = field(default_factory=dict)


@dataclass
class Mappings:
    """What is read in each region, and by which processes."""

    place: Place
    streams: Streams
    handler: Handler
    made: dict[tuple[Region, Stream], Mapping] = field(default_factory=dict)

    def start(self, region: Region, stream: Stream, since: float, turn: int) -> None:
        """One act: one of an older turn is taken away; else one is made, or goes on from where it stands."""
        mapping = self.made.get((region, stream))
        if mapping is not None and mapping.turn < turn:
            self.stop(region, stream)
            del self.made[region, stream]
            return
        if mapping is None:
            mapping = self.made[region, stream] = Mapping(turn, since)
        if not mapping.on:
            self.place.note(region, f"reads its {stream} stream from {mapping.since - START:.3f} on, turn {mapping.turn}")
            mapping = self.made[region, stream] = replace(mapping, on=True, places=dict(mapping.places))
            for shard in range(SHARDS):
                name = f"transform {region} {stream} {shard}"
                reader = Reader(self, mapping, region, stream, shard)
                self.place.kernel.spawn(name, reader.run)

    def stop(self, region: Region, stream: Stream) -> None:
        """No new batch is handed over; one that is at work goes on."""
        mapping = self.made.get((region, stream))
        if mapping and mapping.on:
            mapping.on = False
            self.place.note(region, f"reads its {stream} stream no more")

    def turn(self, region: Region, stream: Stream) -> int | None:
        """The turn its reading was begun under; None = it is not read."""
        mapping = self.made.get((region, stream))
        return mapping.turn if mapping and mapping.on else None


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
        position = self.mapping.places.setdefault(self.shard, self._first(shard))
        while self.mapping.on:
            if position == len(shard.records):
                self._wait(shard)
                continue
            place.kernel.sleep(1.0 if self.region in place.out else chance.expovariate(10))
            if self.region in place.out or not self.mapping.on:
                continue
            batch = shard.records[position : position + chance.randint(1, LARGEST)]
            failed = self.mappings.handler(self.region, self.stream, self.shard, batch)
            done = len(batch) if failed is None else failed
            again = chance.randint(0, done) if place.chance(place.odds.twice) else 0
            position += done - again
            self.mapping.places[self.shard] = position
            if failed is not None:
                place.kernel.sleep(0.3)

    def _first(self, shard: Shard) -> int:
        return next((n for n, record in enumerate(shard.records) if record.at >= self.mapping.since), len(shard.records))

    def _wait(self, shard: Shard) -> None:
        kernel = self.mappings.place.kernel
        process = kernel.running
        shard.waiting.append(lambda: kernel.at(kernel.now, process))
        kernel.park()
