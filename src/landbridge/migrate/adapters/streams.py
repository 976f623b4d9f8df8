"""The market's streams on AWS: end markers in every shard, and how far they have come, by notes and by our own eyes."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from landbridge.aws.clients import Clients, speaking
from landbridge.model.errors import Unreachable
from landbridge.model.hearts import Shard, key_into
from landbridge.model.market import EndMarker, Stream
from landbridge.model.pen import Epoch
from landbridge.model.region import Pair, Region
from landbridge.replicate.heartbeat import unpacked
from landbridge.replicate.reading import StreamReader
from landbridge.replicate.shards import open_shards

LOOK_BACK = 900.0  # seconds: an engine that takes over looks for markers put before it began
WORD = "~end"
ENDS = b'"kind":"end"'


@dataclass
class LiveStreams:
    """Each region's live stream, and its mirror in the other region."""

    clients: Clients
    regions: Pair[Region]
    names: dict[Stream, str]
    pens: str
    clock: Callable[[], float]
    _marked: set[tuple[Region, int, str]] = field(default_factory=set)
    _mirrored: dict[tuple[str, str], int] = field(default_factory=dict)  # newest turn by origin and shard
    _readers: dict[Region, StreamReader] = field(default_factory=dict)

    def shards(self, region: Region) -> frozenset[str]:
        """Those that take records."""
        return frozenset(shard.name for shard in self._open(region))

    def mark_end(self, region: Region, epoch: Epoch, turn: int) -> None:
        """One a shard that is not known to have one, under a key that falls into it; Unreachable if any was not taken."""
        missing = [shard for shard in self._open(region) if (region, turn, shard.name) not in self._marked]
        for first in range(0, len(missing), 500):
            self._put(region, missing[first : first + 500], epoch, turn)

    def passed(self, at: Region, origin: Region, turn: int) -> frozenset[str]:
        """By the notes of the transform at `at`, strongly consistent."""
        return frozenset(shard for shard, noted in self.noted(at, origin).items() if noted >= turn)

    def noted(self, at: Region, origin: Region) -> dict[str, int]:
        """The newest turn that the transform at `at` has passed in each shard of `origin`."""
        stream = Stream.LIVE if at == origin else Stream.MIRROR
        begins = f"{stream}#{origin}#"
        with speaking(at, f"Query {self.pens}"):
            pages = (
                self.clients.client("dynamodb", at)
                .get_paginator("query")
                .paginate(
                    TableName=self.pens,
                    ConsistentRead=True,
                    KeyConditionExpression="pk = :pk AND begins_with(sk, :begins)",
                    ExpressionAttributeValues={":pk": {"S": "passed#market"}, ":begins": {"S": begins}},
                )
            )
            items = [item for page in pages for item in page["Items"]]
        return {item["sk"]["S"].removeprefix(begins): int(item["turn"]["N"]) for item in items}

    def mirrored(self, origin: Region, turn: int) -> frozenset[str]:
        """By reading the other side's mirror ourselves."""
        return frozenset(shard for shard, found in self.found(origin).items() if found >= turn)

    def found(self, origin: Region) -> dict[str, int]:
        """The newest turn of each shard of `origin` that lies in the other side's mirror."""
        at = self.other(origin)
        reader = self._readers.setdefault(at, StreamReader(self.names[Stream.MIRROR], self.clock, LOOK_BACK, self._note))
        with speaking(at, f"reading {reader.stream}"):
            reader.look(self.clients.client("kinesis", at))
        return {shard: turn for (came_from, shard), turn in self._mirrored.items() if came_from == origin}

    def other(self, region: Region) -> Region:
        """The other side."""
        return self.regions.target if region == self.regions.source else self.regions.source

    def _note(self, data: bytes, _at: float) -> None:
        if ENDS in data:
            for marker in (carried.entry for carried in unpacked(data)):
                if isinstance(marker, EndMarker):
                    key = marker.region, marker.shard
                    self._mirrored[key] = max(marker.turn, self._mirrored.get(key, 0))

    def _put(self, region: Region, shards: list[Shard], epoch: Epoch, turn: int) -> None:
        records = [
            {"Data": EndMarker(region, shard.name, epoch, turn).text().encode(), "PartitionKey": key_into(shard, WORD)}
            for shard in shards
        ]
        name = self.names[Stream.LIVE]
        with speaking(region, f"PutRecords {name}"):
            said: dict[str, Any] = self.clients.client("kinesis", region).put_records(StreamName=name, Records=records)
        taken = [shard for shard, each in zip(shards, said["Records"], strict=True) if "ErrorCode" not in each]
        self._marked |= {(region, turn, shard.name) for shard in taken}
        if len(taken) < len(shards):
            raise Unreachable(region, f"PutRecords {name}: {len(shards) - len(taken)} end markers were not stored")

    def _open(self, region: Region) -> tuple[Shard, ...]:
        name = self.names[Stream.LIVE]
        with speaking(region, f"ListShards {name}"):
            return open_shards(self.clients.client("kinesis", region), name)
