"""A mirror stream as Kinesis keeps it, on its worst days: seeded, so that the same seed brings the same days."""

import hashlib
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.contract.replicator.wire import Answer, HangUp

Stored = Callable[[str, str], None]  # a record's partition key and its data in base64, in the order of storing
FULL = 1 << 128
THROTTLED = "ProvisionedThroughputExceededException"


@dataclass(frozen=True)
class Odds:
    """How often a request goes wrong, in each of the ways; `partial` is a record's odds."""

    partial: float = 0.05
    throttled: float = 0.01
    lost: float = 0.01  # 500, and nothing was stored
    stored: float = 0.01  # 500, and all of it was stored
    hung_up: float = 0.01  # stored, and no answer
    late: float = 0.01  # 500, and it is stored some requests later
    reshard: float = 0.002


@dataclass(frozen=True)
class Shard:
    """A range of hash keys."""

    name: str
    low: int
    high: int

    def halves(self, number: int) -> "tuple[Shard, Shard]":
        """What a split makes of it."""
        middle = (self.low + self.high) // 2
        return Shard(name(number), self.low, middle), Shard(name(number + 1), middle, self.high)


def name(number: int) -> str:
    """A shard's, as AWS spells it."""
    return f"shardId-{number:012d}"


def shards(count: int) -> list[Shard]:
    """The shards a new stream has."""
    return [Shard(name(each), FULL * each // count, FULL * (each + 1) // count) for each in range(count)]


def hashed(key: str) -> int:
    """Where a partition key lies among the hash keys."""
    return int.from_bytes(hashlib.md5(key.encode(), usedforsecurity=False).digest(), "big")


@dataclass
class Kinesis:
    """One stream; every record it stores is handed on in the order of storing."""

    stored: Stored
    seed: int
    odds: Odds = field(default_factory=Odds)
    open: list[Shard] = field(default_factory=lambda: shards(2))
    made: int = 2
    requests: int = 0
    records: int = 0
    _late: list[tuple[int, list[dict[str, Any]]]] = field(default_factory=list)
    chance: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)

    def ask(self, operation: str, request: dict[str, Any]) -> Answer:
        """PutRecords, with today's luck."""
        assert operation == "PutRecords"
        records = request["Records"]
        assert 0 < len(records) <= 500
        self.requests += 1
        self._arrive()
        luck = self._luck()
        if luck == "throttled":
            return 400, {"__type": THROTTLED, "message": "Rate exceeded"}
        if luck == "late":
            self._late.append((self.requests + self.chance.randint(1, 30), records))
        if luck in {"stored", "hung_up"}:
            self._store(records)
        if luck == "hung_up":
            raise HangUp
        return (200, self._each(records)) if luck == "well" else (500, {"__type": "InternalFailure", "message": "Sorry"})

    def settle(self) -> None:
        """Whatever is still late arrives."""
        self.requests += 1000
        self._arrive()

    def _luck(self) -> str:
        if self.chance.random() < self.odds.reshard:
            self._split()
        kinds = ("throttled", "lost", "stored", "hung_up", "late")
        bad = [getattr(self.odds, kind) for kind in kinds]
        return self.chance.choices([*kinds, "well"], [*bad, 1 - sum(bad)])[0]

    def _split(self) -> None:
        if len(self.open) < 16:
            self.open += self.open.pop(self.chance.randrange(len(self.open))).halves(self.made)
            self.made += 2

    def _arrive(self) -> None:
        for due, records in [each for each in self._late if each[0] <= self.requests]:
            self._late.remove((due, records))
            self._store(records)

    def _store(self, records: list[dict[str, Any]]) -> str:
        for record in records:
            self.stored(record["PartitionKey"], record["Data"])
        self.records += len(records)
        return name(0)

    def _each(self, records: list[dict[str, Any]]) -> dict[str, Any]:
        said = [self._one(record) for record in records]
        return {"FailedRecordCount": sum("ErrorCode" in each for each in said), "Records": said}

    def _one(self, record: dict[str, Any]) -> dict[str, str]:
        if self.chance.random() < self.odds.partial:
            code = THROTTLED if self.chance.random() < 0.8 else "InternalFailure"
            return {"ErrorCode": code, "ErrorMessage": "Rate exceeded"}
        self._store([record])
        at = hashed(record["PartitionKey"])
        shard = next(each for each in self.open if each.low <= at < each.high)
        return {"SequenceNumber": str(10**55 + self.records), "ShardId": shard.name}
