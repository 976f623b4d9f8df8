"""The market, imagined: feeds that follow at once, streams that are passed as soon as their end is marked, readers that obey."""

from collections import defaultdict
from dataclasses import dataclass, field

from landbridge.migrate.display.world import Tell
from landbridge.migrate.plans.cutover import Market
from landbridge.model.market import Stream
from landbridge.model.pen import Epoch
from landbridge.model.region import Region

SHARDS = frozenset({"each"})


def market(tell: Tell, source: Region) -> Market:
    """The source has it all."""
    return Market(Feeds(tell, {source: source}), Streams(tell), Mappings(tell, {(source, Stream.LIVE): 0}))


@dataclass
class Feeds:
    """Nobody lags behind, so no right is taken away."""

    tell: Tell
    told: dict[Region, Region]
    takes_at_most: float = 0.0

    def address(self, side: Region) -> Region | None:
        """As it was told."""
        return self.told.get(side)

    def point(self, side: Region, to: Region) -> None:
        """Tells it."""
        self.tell(f"set the ingest address of {side} to {to}")
        self.told[side] = to

    def forget(self, side: Region) -> None:
        """Tells it."""
        self.tell(f"take the ingest address of {side} away")
        self.told.pop(side, None)

    def unconfirmed(self, to: Region) -> list[str]:
        """None."""
        del to
        return []

    def may_put(self, region: Region) -> bool:
        """Everywhere."""
        del region
        return True

    def withdraw(self, region: Region) -> None:
        """Tells it."""
        self.tell(f"withdraw the feeds' right to put at {region}")

    def restore(self, region: Region) -> None:
        """They have it."""


@dataclass
class Streams:
    """What is marked was passed and copied."""

    tell: Tell
    marked: defaultdict[Region, int] = field(default_factory=lambda: defaultdict(int))

    def shards(self, region: Region) -> frozenset[str]:
        """All as one."""
        del region
        return SHARDS

    def mark_end(self, region: Region, epoch: Epoch, turn: int) -> None:
        """Tells it."""
        del epoch
        self.tell(f"put an end marker into every shard of the live stream of {region}")
        self.marked[region] = turn

    def passed(self, at: Region, origin: Region, turn: int) -> frozenset[str]:
        """As marked."""
        del at
        return self.mirrored(origin, turn)

    def mirrored(self, origin: Region, turn: int) -> frozenset[str]:
        """As marked."""
        return SHARDS if self.marked[origin] >= turn else frozenset()


@dataclass
class Mappings:
    """Who reads what."""

    tell: Tell
    reading: dict[tuple[Region, Stream], int]
    takes_at_most: float = 0.0

    def made_under(self, region: Region, stream: Stream) -> int | None:
        """As it was begun."""
        return self.reading.get((region, stream))

    def start(self, region: Region, stream: Stream, since: float, turn: int) -> None:
        """Tells it."""
        del since
        self.tell(f"let the transform of {region} read its {stream} stream")
        self.reading[region, stream] = turn

    def stop(self, region: Region, stream: Stream) -> None:
        """Tells it where it reads."""
        if self.reading.pop((region, stream), None) is not None:
            self.tell(f"let the transform of {region} read its {stream} stream no more")
