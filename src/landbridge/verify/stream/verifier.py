"""A live stream compared with its mirror on the other side: nothing missing, nothing changed, order kept, and how late.

The mirror is read first and the live stream after it, so that whatever the mirror has, the live stream has shown too.
What arrived in the live stream `lag` before the beginning is due in the mirror; what is missing is waited for once more.
"""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from landbridge.model.errors import LandbridgeError
from landbridge.model.measure import Difference, Side
from landbridge.model.region import Pair
from landbridge.verify.kept import Kept, Partial
from landbridge.verify.port import Result
from landbridge.verify.settle import ROUNDS, Settling
from landbridge.verify.stream.compare import differences
from landbridge.verify.stream.reading import Copy, Reading
from landbridge.verify.stream.tally import Tally


@dataclass(frozen=True, slots=True)
class StreamFigures:
    """What was counted beside the differences; doubles are lawful, as everybody drops them by identity."""

    shards: Pair[dict[str, int]]
    doubles: Pair[tuple[str, ...]]
    unread: Pair[int]
    heartbeat_age: Pair[float | None]  # of the shard whose newest heartbeat is oldest; None = none was seen


@dataclass(frozen=True, slots=True)
class StreamCost:
    """What a comparison would read."""

    shards: Pair[int]
    seconds: float

    def __str__(self) -> str:
        return f"{self.shards.source} + {self.shards.target} shards, the records of the last {self.seconds:.0f} s"


@dataclass
class StreamVerifier:
    """Compares the live stream of the source with the mirror at the target."""

    store: str
    copies: Pair[Copy]
    window: float  # seconds back from now
    lag: float  # seconds after which a record is due in the mirror
    settling: Settling
    clock: Callable[[], float]
    folder: Path | None = None  # where a killed comparison is taken up again; None = it is not
    _newest: Result | None = field(default=None, init=False)
    _partial: Partial | None = field(default=None, init=False)
    _figures: StreamFigures | None = field(default=None, init=False)

    def newest(self) -> Result | None:
        """The newest whole comparison of this process."""
        return self._newest

    def partial(self) -> Partial | None:
        """What the last comparison had found when it could not go on; None = it went on to its end."""
        return self._partial

    def figures(self) -> StreamFigures | None:
        """Counts and ages of the newest whole comparison; None = none yet."""
        return self._figures

    def explain(self) -> StreamCost:
        """By the shards there are."""
        return StreamCost(self.copies.map(lambda copy: len(copy.shards())), self.window)

    def compare(self) -> Result:
        """Reads both streams; what differs counts when it outlives the lag."""
        self._partial = None
        if self.folder is not None:
            return self._compare(self.folder)
        with tempfile.TemporaryDirectory(prefix="landbridge-verify-") as folder:
            return self._compare(Path(folder) / "stream")

    def _compare(self, folder: Path) -> Result:
        kept = Kept(folder, {"store": self.store, "window": self.window}, self.clock())
        readings = Pair(self._reading(kept, Side.SOURCE), self._reading(kept, Side.TARGET))
        try:
            readings.target.run()
            readings.source.run()
            found = self._settled(readings)
        except LandbridgeError as error:
            covered = ", ".join(f"{reading.side}: {sum(reading.tally.shards.values())} records" for reading in readings)
            self._partial = Partial(self._result(kept, readings, set()), covered, str(error))
            raise
        self._newest = self._result(kept, readings, found)
        self._figures = readings_figures(readings, self.clock())
        kept.finish()
        return self._newest

    def _reading(self, kept: Kept, side: Side) -> Reading:
        copy = self.copies.source if side is Side.SOURCE else self.copies.target
        return Reading(side, copy, kept.began - self.window, kept, Tally(kept.began - self.lag))

    def _settled(self, readings: Pair[Reading]) -> set[Difference]:
        """Whatever the mirror has still not got when it was given time; what is newly due meanwhile does not count."""
        found = differences(self.store, *readings)
        for _ in range(ROUNDS):
            if not found:
                break
            self.settling.sleep(self.settling.seconds / ROUNDS)
            readings.target.run()
            found &= differences(self.store, *readings)
        return found

    def _result(self, kept: Kept, readings: Pair[Reading], found: set[Difference]) -> Result:
        compared = sum(readings.source.tally.shards.values())
        return Result(kept.began, self.clock() - kept.began, compared, tuple(sorted(found)))


def readings_figures(readings: Pair[Reading], now: float) -> StreamFigures:
    """What both tallies counted."""
    tallies = readings.map(lambda reading: reading.tally)
    return StreamFigures(
        shards=tallies.map(lambda tally: dict(sorted(tally.shards.items()))),
        doubles=tallies.map(lambda tally: tuple(sorted(tally.doubles))),
        unread=tallies.map(lambda tally: tally.unread),
        heartbeat_age=tallies.map(lambda tally: now - min(tally.heartbeats.values()) if tally.heartbeats else None),
    )
