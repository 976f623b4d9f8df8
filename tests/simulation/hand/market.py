"""The engine's hand on the market: feeds, end markers, mappings."""

from collections.abc import Callable
from dataclasses import dataclass

from landbridge.model.market import EndMarker, Stream
from landbridge.model.pen import Epoch
from landbridge.model.region import Region
from tests.simulation.world.streams import SHARDS
from tests.simulation.world.world import World

LASTS = 4.0  # seconds within which an act that nothing can fence arrives


@dataclass
class SimFeeds:
    """Where the feeds are told to put, and what they say of it. Nothing here can be fenced."""

    world: World
    takes_at_most: float = LASTS

    def address(self, side: Region) -> Region | None:
        """Which region this side's parameter names."""
        return self.world.place.call(side, lambda: self.world.ingest.address.get(side))

    def point(self, side: Region, to: Region) -> None:
        """Set it."""
        self.world.place.unfenced(side, lambda: self.world.ingest.point(side, to), LASTS)

    def forget(self, side: Region) -> None:
        """Take it away."""
        self.world.place.unfenced(side, lambda: self.world.ingest.forget(side), LASTS)

    def unconfirmed(self, to: Region) -> list[str]:
        """Feeds whose newest word names another region."""
        ingest = self.world.ingest
        return self.world.place.call(
            to, lambda: [feed for feed in ingest.feeds if feed not in ingest.confirmed or ingest.confirmed[feed][1] != to]
        )

    def may_put(self, region: Region) -> bool:
        """As the policy says, in effect or not."""
        return self.world.place.call(region, lambda: self.world.ingest.may_put[region])

    def withdraw(self, region: Region) -> None:
        """Take the right."""
        self.world.place.unfenced(region, lambda: self.world.ingest.allow(region, put=False), LASTS)

    def restore(self, region: Region) -> None:
        """Give it."""
        self.world.place.unfenced(region, lambda: self.world.ingest.allow(region, put=True), LASTS)


@dataclass
class SimStreams:
    """Shards, and the markers in them."""

    world: World

    def shards(self, region: Region) -> frozenset[str]:
        """Every leaf shard of the live stream."""
        return self.world.place.call(region, lambda: frozenset(map(str, range(SHARDS))))

    def mark_end(self, region: Region, epoch: Epoch, turn: int) -> None:
        """One marker a shard, each by a put of its own."""
        for shard in sorted(self.shards(region)):
            self.world.place.call(region, self._put(region, EndMarker(region, shard, epoch, turn), int(shard)))

    def _put(self, region: Region, marker: EndMarker, shard: int) -> Callable[[], None]:
        return lambda: self.world.streams.put(region, marker, shard)

    def passed(self, at: Region, origin: Region, turn: int) -> frozenset[str]:
        """What the transform at `at` noted of origin's shards."""
        stream = Stream.LIVE if at == origin else Stream.MIRROR
        noted = self.world.passed
        return self.world.place.call(
            at, lambda: frozenset(n for n in map(str, range(SHARDS)) if noted.get((at, stream, origin, n), 0) >= turn)
        )

    def mirrored(self, origin: Region, turn: int) -> frozenset[str]:
        """What we find ourselves in the other side's mirror."""
        at = self.world.place.other(origin)
        return self.world.place.call(
            at, lambda: frozenset(n for n, found in self.ends(at, Stream.MIRROR).items() if found >= turn)
        )

    def ends(self, region: Region, stream: Stream) -> dict[str, int]:
        """The newest marker found in each shard of a stream; 0 = none."""
        found = dict.fromkeys(map(str, range(SHARDS)), 0)
        for shard in self.world.streams.shards[region, stream]:
            for marker in (record.entry for record in shard.records):
                if isinstance(marker, EndMarker):
                    found[marker.shard] = max(found[marker.shard], marker.turn)
        return found


@dataclass
class SimMappings:
    """What is read where. Nothing here can be fenced, but a mapping keeps the turn it was made under."""

    world: World
    takes_at_most: float = LASTS

    def made_under(self, region: Region, stream: Stream) -> int | None:
        """None = nothing reads it."""
        return self.world.place.call(region, lambda: self.world.mappings.turn(region, stream))

    def start(self, region: Region, stream: Stream, since: float, turn: int) -> None:
        """Read it from then on."""
        self.world.place.unfenced(region, lambda: self.world.mappings.start(region, stream, since, turn), LASTS)

    def stop(self, region: Region, stream: Stream) -> None:
        """Read it no more."""
        self.world.place.unfenced(region, lambda: self.world.mappings.stop(region, stream), LASTS)
