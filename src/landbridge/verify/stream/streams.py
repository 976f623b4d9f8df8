"""A live stream compared with its mirror on the other side: nothing missing, nothing changed, order kept, and how late.

The mirror is read first and the live stream after it, so that whatever the mirror has, the live stream has shown too.
What arrived in the live stream `lag` before the beginning is due in the mirror; what is missing is waited for once more.
"""

from dataclasses import dataclass
from typing import Any

from landbridge.model.measure import Difference, Side
from landbridge.model.region import Pair
from landbridge.verify.kept import Kept
from landbridge.verify.port import Estimate
from landbridge.verify.settle import ROUNDS, Settling
from landbridge.verify.sides import at_once
from landbridge.verify.stream.compare import differences
from landbridge.verify.stream.reading import Copy, Reading
from landbridge.verify.stream.tally import Tally


@dataclass(frozen=True, slots=True)
class StreamFigures:
    """What was counted beside the differences; doubles are lawful, as everybody drops them by identity."""

    shards: Pair[dict[str, int]]
    doubles: Pair[tuple[str, ...]]
    unread: Pair[int]
    heartbeats: Pair[float | None]  # when the newest was sent, of the shard where that is oldest; None = none was seen


@dataclass(frozen=True)
class Streams:
    """The live stream of the source and the mirror at the target."""

    store: str
    copies: Pair[Copy]
    window: float  # seconds back from now
    lag: float  # seconds after which a record is due in the mirror
    settling: Settling

    def plan(self) -> dict[str, Any]:
        """Another window holds other records."""
        return {"store": self.store, "window": self.window, "lag": self.lag}

    def explain(self) -> tuple[Estimate, ...]:
        """By the shards there are; Kinesis tells no number of records."""
        note = f"the records of the last {self.window:.0f} s, by one reader a side"
        sides = zip(Side, self.copies, strict=True)
        return tuple(Estimate(f"{self.store} at the {side}", len(copy.shards()), "shards", 0, note) for side, copy in sides)

    def begin(self, kept: Kept) -> "StreamWork":
        """Batch by batch."""
        return StreamWork(self, Pair(*(self._reading(kept, side) for side in Side)), kept.began)

    def _reading(self, kept: Kept, side: Side) -> Reading:
        copy = self.copies.source if side is Side.SOURCE else self.copies.target
        return Reading(side, copy, kept.began - self.window, kept, Tally(kept.began - self.lag))


@dataclass
class StreamWork:
    """One comparison of streams, under way."""

    streams: Streams
    readings: Pair[Reading]
    began: float
    _ended: int = 0

    def run(self) -> set[Difference]:
        """Reads both streams, then gives the mirror time for what is missing; what is newly due meanwhile does not count."""
        at_once(self.streams.copies, lambda copy: copy.shards())  # where both are down, both are named
        for reading in (self.readings.target, self.readings.source):
            reading.run()
            self._ended += 1
        found, settling = differences(self.streams.store, *self.readings), self.streams.settling
        for _ in range(ROUNDS):
            if not found:
                break
            settling.sleep(settling.seconds / ROUNDS)
            self.readings.target.run()
            found &= differences(self.streams.store, *self.readings)
        return found

    def compared(self) -> int:
        """Records of both streams."""
        return sum(sum(reading.tally.shards.values()) for reading in self.readings)

    def coverage(self) -> float:
        """By streams read to their present end."""
        return self._ended / 2

    def notes(self) -> tuple[str, ...]:
        """Counts, and what is lawful and still worth a look."""
        found = figures(self.readings)
        doubles, unread, sides = found.doubles.map(len), found.unread, zip(Side, found.shards, strict=True)
        told = [f"{side}: {', '.join(f'{shard} {records}' for shard, records in shards.items())}" for side, shards in sides]
        if any(doubles):
            told.append(f"doubles, which readers drop: {doubles.source} at the source, {doubles.target} at the target")
        if any(unread):
            told.append(f"no market records: {unread.source} at the source, {unread.target} at the target")
        if found.heartbeats.target is not None:
            age = max(0.0, self.began - found.heartbeats.target)
            told.append(f"the newest heartbeat at the target was {age:.1f} s old, on the shard where it is oldest")
        return tuple(told)


def figures(readings: Pair[Reading]) -> StreamFigures:
    """What both tallies counted."""
    tallies = readings.map(lambda reading: reading.tally)
    return StreamFigures(
        shards=tallies.map(lambda tally: dict(sorted(tally.shards.items()))),
        doubles=tallies.map(lambda tally: tuple(sorted(tally.doubles))),
        unread=tallies.map(lambda tally: tally.unread),
        heartbeats=tallies.map(lambda tally: min(tally.heartbeats.values(), default=None)),
    )
