"""A live stream and its mirror in memory, a replicator that lags between them, and a feed that never stops."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from random import Random

from landbridge.model.errors import Refused
from landbridge.model.market import EndMarker, Tick
from landbridge.model.pen import Epoch
from landbridge.verify.stream.tally import Record

SHARDS = ("shard-0", "shard-1")
LAG, SLEEP = 5.0, 20  # seconds behind; seconds a sleep lets pass
SYMBOLS = 4


@dataclass
class FakeStream:
    """One stream: the records of each shard, in order."""

    lying: dict[str, list[Record]] = field(default_factory=lambda: {shard: [] for shard in SHARDS})
    tick: Callable[[], None] = lambda: None
    per_batch: int = 7
    batches: int = 0
    read: int = 0
    fails_at: int = -1

    def shards(self) -> list[str]:
        """All of them."""
        return list(self.lying)

    def batch(self, shard: str, after: str | None, since: float) -> tuple[list[Record], str | None, bool]:
        """The next few, as they lie there now; a position is a place."""
        self.tick()
        self.batches += 1
        if self.batches == self.fails_at:
            raise Refused("us-east-1", "GetRecords live", "AccessDeniedException: no")
        lying = self.lying[shard]
        first = int(after) + 1 if after else next((n for n, each in enumerate(lying) if each.arrived >= since), len(lying))
        found = lying[first : first + self.per_batch]
        self.read += len(found)
        return found, str(first + len(found) - 1) if found else after, first + len(found) < len(lying)


@dataclass
class StreamsWorld:
    """A live stream of some symbols, and its mirror."""

    chance: Random
    live: FakeStream = field(default_factory=FakeStream)
    mirror: FakeStream = field(default_factory=FakeStream)
    busy: bool = False
    now: float = 1000.0
    numbers: dict[str, int] = field(default_factory=dict)
    under_way: deque[Record] = field(default_factory=deque)

    def __post_init__(self) -> None:
        self.live.tick = self.mirror.tick = self.tick

    def __call__(self) -> float:
        """The clock."""
        return self.now

    def both(self, found: Tick | EndMarker, at: float, shard: str) -> None:
        """Long since on both sides."""
        record = Record(shard, at, found.text())
        self.live.lying[shard].append(record)
        self.mirror.lying[shard].append(replace(record, arrived=at + 1))

    def tick(self) -> None:
        """A second: a tick is put, another one is mirrored."""
        self.now += 1
        if self.busy:
            symbol = f"hot-{self.chance.randrange(SYMBOLS)}"
            self.numbers[symbol] = self.numbers.get(symbol, 0) + 1
            shard = SHARDS[int(symbol[-1]) % 2]
            record = Record(shard, self.now, Tick("feed", symbol, self.numbers[symbol], "1").text())
            self.live.lying[shard].append(record)
            self.under_way.append(record)
        while self.under_way and self.under_way[0].arrived + LAG <= self.now:
            record = self.under_way.popleft()
            self.mirror.lying[record.shard].append(replace(record, arrived=self.now))

    def sleep(self, _seconds: float) -> None:
        """Longer than the lag."""
        for _ in range(SLEEP):
            self.tick()


def marker(shard: str, turn: int = 1) -> EndMarker:
    """The end of a shard of the source."""
    return EndMarker("us-east-1", shard, Epoch(1), turn)
