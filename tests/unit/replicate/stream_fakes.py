"""Two regions' Kinesis and a Lambda mapping, as far as copying streams asks them."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

from botocore.exceptions import ClientError
from tests.fakes import SOURCE, TARGET

from landbridge.aws.clients import Clients
from landbridge.model.region import Region
from landbridge.replicate.shards import shards

LIVE, MIRROR, FUNCTION = "live", "mirror", "replicator"
FULL = 1 << 128


@dataclass
class Stream:
    """Records of each shard as (number, arrived, key, data)."""

    shards: int = 2
    summary: dict[str, Any] = field(
        default_factory=lambda: {
            "RetentionPeriodHours": 168,
            "EncryptionType": "KMS",
            "StreamModeDetails": {"StreamMode": "PROVISIONED"},
        }
    )
    records: list[tuple[int, str, float, bytes]] = field(default_factory=list)

    def listed(self) -> list[dict[str, Any]]:
        """Its shards, and one that was closed long ago."""
        cuts = [FULL * each // self.shards for each in range(self.shards + 1)]
        ranges = [{"StartingHashKey": str(low), "EndingHashKey": str(high - 1)} for low, high in pairwise(cuts)]
        found = [
            {"ShardId": f"shard-{number}", "HashKeyRange": each, "SequenceNumberRange": {"StartingSequenceNumber": "1"}}
            for number, each in enumerate(ranges)
        ]
        closed = {"StartingSequenceNumber": "1", "EndingSequenceNumber": "2"}
        whole = {"StartingHashKey": "0", "EndingHashKey": str(FULL - 1)}
        return [*found, {"ShardId": "shard-closed", "HashKeyRange": whole, "SequenceNumberRange": closed}]


@dataclass
class FakeKinesis:
    """One region's streams; a page of shards holds two, a page of records one."""

    clock: Any
    streams: dict[str, Stream] = field(default_factory=lambda: {LIVE: Stream(), MIRROR: Stream()})
    limits: dict[str, int] = field(
        default_factory=lambda: {
            "ShardLimit": 200,
            "OpenShardCount": 0,
            "OnDemandStreamCount": 0,
            "OnDemandStreamCountLimit": 50,
        }
    )
    refuse: int = 0
    reads: int = 0

    def list_shards(self, StreamName: str = "", NextToken: str = "") -> dict[str, Any]:  # noqa: N803 - as boto3 spells it
        """Two at a time."""
        name, _, first = NextToken.partition("@") if NextToken else (StreamName, "", "0")
        found = self._stream(name).listed()
        page = found[int(first) : int(first) + 2]
        more = {"NextToken": f"{name}@{int(first) + 2}"} if int(first) + 2 < len(found) else {}
        return {"Shards": page, **more}

    def put_records(self, StreamName: str, Records: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803
        """Into the shard each key hashes into; some are refused when told so."""
        taken = Records[self.refuse :]
        for record in taken:
            self.store(StreamName, shard_for(self, StreamName, record["PartitionKey"]), record["Data"])
        return {"FailedRecordCount": len(Records) - len(taken)}

    def store(self, stream: str, shard: str, data: bytes) -> None:
        """At the end."""
        records = self.streams[stream].records
        records.append((len(records) + 1, shard, self.clock(), data))

    def get_shard_iterator(self, StreamName: str, ShardId: str, **place: Any) -> dict[str, str]:  # noqa: N803
        """The number of the last record before it."""
        after = int(place.get("StartingSequenceNumber", 0))
        if place["ShardIteratorType"] == "AT_TIMESTAMP":
            since = place["Timestamp"].timestamp()
            after = max((number for number, _, at, _ in self.streams[StreamName].records if at < since), default=0)
        return {"ShardIterator": f"{StreamName}@{ShardId}@{after}"}

    def get_records(self, ShardIterator: str) -> dict[str, Any]:  # noqa: N803
        """The next one, if there is one; a closed shard has no next iterator at its end."""
        self.reads += 1
        stream, shard, after = ShardIterator.split("@")
        left = [each for each in self.streams[stream].records if each[1] == shard and each[0] > int(after)]
        page = [
            {"SequenceNumber": str(number), "Data": data, "ApproximateArrivalTimestamp": datetime.fromtimestamp(at, UTC)}
            for number, _, at, data in left[:1]
        ]
        last = page[0]["SequenceNumber"] if page else after
        end = not left and shard == "shard-closed"
        following = {} if end else {"NextShardIterator": f"{stream}@{shard}@{last}"}
        return {"Records": page, "MillisBehindLatest": len(left[1:]), **following}

    def describe_stream_summary(self, StreamName: str) -> dict[str, Any]:  # noqa: N803
        """How it stands."""
        return {"StreamDescriptionSummary": self._stream(StreamName).summary}

    def describe_limits(self) -> dict[str, int]:
        """The region's quotas."""
        return self.limits

    def _stream(self, name: str) -> Stream:
        if name not in self.streams:
            raise ClientError({"Error": {"Code": "ResourceNotFoundException"}}, "DescribeStreamSummary")
        return self.streams[name]


def shard_for(kinesis: Any, stream: str, key: str) -> str:
    """Where a key's records go."""
    at = int(hashlib.md5(key.encode(), usedforsecurity=False).hexdigest(), 16)
    return next(each.name for each in shards(kinesis, stream) if each.open and each.low <= at <= each.high)


@dataclass
class FakeLambda:
    """Mappings by number; an update takes until it is told to be done."""

    clock: Any
    mappings: list[dict[str, Any]] = field(default_factory=list)
    updates: int = 0

    def get_paginator(self, name: str) -> "FakeLambda":
        """Of the one list there is."""
        assert name == "list_event_source_mappings"
        return self

    def paginate(self, FunctionName: str) -> Iterator[Mapping[str, Any]]:  # noqa: N803
        """One mapping a page."""
        assert FunctionName == FUNCTION
        return ({"EventSourceMappings": [each]} for each in self.mappings)

    def add(self, state: str, stream: str = LIVE) -> dict[str, Any]:
        """A mapping that stands."""
        made = {
            "UUID": str(len(self.mappings)),
            "EventSourceArn": f"arn:aws:kinesis:{SOURCE}:1:stream/{stream}",
            "State": state,
            "LastModified": self._now(),
            "LastProcessingResult": "OK",
        }
        self.mappings.append(made)
        return made

    def update_event_source_mapping(self, UUID: str, Enabled: bool) -> None:  # noqa: N803, FBT001
        """Begun, not done."""
        self.updates += 1
        self.mappings[int(UUID)].update(State="Enabling" if Enabled else "Disabling", LastModified=self._now())

    def settle(self) -> None:
        """What was begun is done."""
        for each in self.mappings:
            each["State"] = {"Enabling": "Enabled", "Disabling": "Disabled"}.get(each["State"], each["State"])

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self.clock(), UTC)


class FakeClients(Clients):
    """Both regions' services."""

    def __init__(self, clock: Any) -> None:
        super().__init__()
        object.__setattr__(self, "kinesis", {region: FakeKinesis(clock) for region in (SOURCE, TARGET)})
        object.__setattr__(self, "functions", FakeLambda(clock))

    kinesis: dict[Region, FakeKinesis]
    functions: FakeLambda

    def client(self, service: str, region: Region, *, retries: bool = True) -> Any:
        """As laid out."""
        if service == "kinesis":
            return self.kinesis[region]
        assert (service, region) == ("lambda", SOURCE)
        return self.functions
