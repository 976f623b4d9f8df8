"""The market and the database as a migration finds them, played in memory; what is under way arrives when the world settles."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from landbridge.model.market import Stream
from landbridge.model.pen import Epoch
from landbridge.model.region import Region
from tests.fakes import SOURCE, TARGET

Reading = tuple[Region, Stream]


@dataclass
class FakeFeeds:
    """Two feeds; one that is stubborn never looks at its address again."""

    takes_at_most: float = 1.0
    told: dict[Region, Region] = field(default_factory=lambda: {SOURCE: SOURCE, TARGET: SOURCE})
    puts_at: dict[str, Region] = field(default_factory=lambda: {"fast": SOURCE, "slow": SOURCE})
    stubborn: set[str] = field(default_factory=set)
    barred_from: set[Region] = field(default_factory=set)

    def address(self, side: Region) -> Region | None:
        """As it was set, while it stands."""
        return self.told.get(side)

    def point(self, side: Region, to: Region) -> None:
        """Set."""
        self.told[side] = to

    def forget(self, side: Region) -> None:
        """Gone."""
        self.told.pop(side, None)

    def unconfirmed(self, to: Region) -> list[str]:
        """Who puts elsewhere."""
        return sorted(feed for feed, at in self.puts_at.items() if at != to)

    def may_put(self, region: Region) -> bool:
        """Unless withdrawn."""
        return region not in self.barred_from

    def withdraw(self, region: Region) -> None:
        """Withdrawn."""
        self.barred_from.add(region)

    def restore(self, region: Region) -> None:
        """Given back."""
        self.barred_from.discard(region)

    def settle(self) -> None:
        """Whoever looks, follows."""
        for feed in self.puts_at.keys() - self.stubborn:
            self.puts_at[feed] = self.told.get(SOURCE, TARGET)


@dataclass
class FakeStreams:
    """Two shards a side; markers are passed and mirrored when the world settles, as long as somebody reads there."""

    leaves: dict[Region, frozenset[str]] = field(default_factory=lambda: {r: frozenset({"a", "b"}) for r in (SOURCE, TARGET)})
    marked: dict[Region, int] = field(default_factory=lambda: defaultdict(int))
    at: dict[tuple[Region, Region], int] = field(default_factory=lambda: defaultdict(int))
    copied: dict[Region, int] = field(default_factory=lambda: defaultdict(int))
    reads: Callable[[Region, Stream], bool] = lambda _region, _stream: True

    def shards(self, region: Region) -> frozenset[str]:
        """As they are."""
        return self.leaves[region]

    def mark_end(self, region: Region, epoch: Epoch, turn: int) -> None:
        """Into every shard."""
        del epoch
        self.marked[region] = max(turn, self.marked[region])

    def passed(self, at: Region, origin: Region, turn: int) -> frozenset[str]:
        """All or none."""
        return self.leaves[origin] if self.at[at, origin] >= turn else frozenset()

    def mirrored(self, origin: Region, turn: int) -> frozenset[str]:
        """All or none."""
        return self.leaves[origin] if self.copied[origin] >= turn else frozenset()

    def settle(self) -> None:
        """What is marked arrives everywhere."""
        for origin, other in ((SOURCE, TARGET), (TARGET, SOURCE)):
            self.copied[origin] = self.marked[origin]
            if self.reads(origin, Stream.LIVE):
                self.at[origin, origin] = self.marked[origin]
            if self.reads(other, Stream.MIRROR):
                self.at[other, origin] = self.marked[origin]

    def accepted(self, region: Region, epoch: Epoch, since: float) -> dict[str, str]:
        """The end of each shard."""
        del epoch, since
        return {shard: str(self.marked[region]) for shard in sorted(self.leaves[region])}

    def lacking(self, region: Region, wanted: Mapping[str, str]) -> list[str]:
        """By the mirror."""
        origin = SOURCE if region == TARGET else TARGET
        return [shard for shard, turn in wanted.items() if self.copied[origin] < int(turn)]


@dataclass
class FakeMappings:
    """Who reads what; the source's live stream is read from before any of ours."""

    takes_at_most: float = 1.0
    reading: dict[Reading, tuple[float, int]] = field(default_factory=lambda: {(SOURCE, Stream.LIVE): (0.0, 0)})
    place: dict[Reading, tuple[float, int]] = field(default_factory=dict)

    def made_under(self, region: Region, stream: Stream) -> int | None:
        """The turn, while it reads."""
        reading = self.reading.get((region, stream))
        return reading[1] if reading else None

    def start(self, region: Region, stream: Stream, since: float, turn: int) -> None:
        """One act: one of an older turn is taken away; else one is begun, or goes on from where it stood."""
        known = self.reading.pop((region, stream), None) or self.place.pop((region, stream), None)
        if known is None or known[1] >= turn:
            self.reading[region, stream] = known or (since, turn)

    def stop(self, region: Region, stream: Stream) -> None:
        """Its place is kept."""
        if reading := self.reading.pop((region, stream), None):
            self.place[region, stream] = reading

    def stands(self) -> list[Reading]:
        """Who reads live streams; a mirror of a side that never moved is empty."""
        return sorted(reading for reading in self.reading if reading[1] is Stream.LIVE)


@dataclass
class FakeDatabase:
    """One writer; a switchover is over when the world has settled so often."""

    takes_at_most: float = 1.0
    at: Region = SOURCE
    going_to: Region | None = None
    fails: bool = False
    lasts: int = 1
    left: int = 0

    def writer(self) -> Region | None:
        """None while it is switched."""
        return None if self.going_to else self.at

    def switch(self, to: Region) -> None:
        """Begun."""
        self.going_to, self.left = (to if to != self.at else None), self.lasts

    def fail_over(self, to: Region) -> None:
        """Begun; it does not matter here that something may be lost."""
        self.switch(to)

    def settle(self) -> None:
        """Over."""
        self.left -= 1
        if self.left > 0:
            return
        if self.going_to and not self.fails:
            self.at = self.going_to
        self.going_to = None

    def stands(self) -> dict[str, Any]:
        """Where it writes."""
        return {"writer": str(self.at)}
