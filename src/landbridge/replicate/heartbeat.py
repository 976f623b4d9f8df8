"""Heartbeats of a stream's copy: one into every shard of the live stream, found again in the other side's mirror.

A copied heartbeat says that everything before it in its shard is stored, because the replicator sends it behind that.
The reader keeps its own place in the mirror and takes nobody's word for it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from landbridge.model.errors import BadInput, Unreachable
from landbridge.model.market import HEARTBEAT_FEED, Tick
from landbridge.model.mirror import Carried, unpack
from landbridge.model.region import Region
from landbridge.replicate.shards import Shard, key_into, open_shards, shards

LOOK_BACK = 60.0  # seconds a reader without a place begins before now
PAGES = 50  # of a shard in one look; what is left is read by the next
MARK = HEARTBEAT_FEED.encode()


def beat(kinesis: Any, stream: str, region: Region, at: float) -> None:
    """One into every open shard; Unreachable where one of them was not taken."""
    records = [_record(shard, at) for shard in open_shards(kinesis, stream)]
    for first in range(0, len(records), 500):
        said = kinesis.put_records(StreamName=stream, Records=records[first : first + 500])
        if said["FailedRecordCount"]:
            raise Unreachable(region, f"PutRecords {stream}: {said['FailedRecordCount']} heartbeats were not stored")


def _record(shard: Shard, at: float) -> dict[str, Any]:
    tick = Tick(HEARTBEAT_FEED, shard.name, int(at * 1000), repr(at))
    return {"Data": tick.text().encode(), "PartitionKey": key_into(shard, HEARTBEAT_FEED)}


@dataclass
class MirrorReader:
    """Reads one mirror for the heartbeats of one origin, from where it left off."""

    origin: Region
    stream: str
    clock: Callable[[], float]
    _began: float | None = None
    _after: dict[str, str] = field(default_factory=dict)
    _newest: dict[str, float] = field(default_factory=dict)

    def newest(self, kinesis: Any) -> Mapping[str, float]:
        """When the newest heartbeat found was written, by the live shard it was put into; errors are botocore's."""
        if self._began is None:
            self._began = self.clock() - LOOK_BACK
        for shard in shards(kinesis, self.stream):
            self._read(kinesis, shard.name)
        return self._newest

    def _read(self, kinesis: Any, shard: str) -> None:
        iterator = kinesis.get_shard_iterator(StreamName=self.stream, ShardId=shard, **self._place(shard))["ShardIterator"]
        for _ in range(PAGES):
            page = kinesis.get_records(ShardIterator=iterator)
            for record in page["Records"]:
                self._after[shard] = record["SequenceNumber"]
                self._note(record["Data"])
            iterator = page.get("NextShardIterator")
            if not iterator or not page.get("MillisBehindLatest"):
                return

    def _place(self, shard: str) -> dict[str, Any]:
        if shard in self._after:
            return {"ShardIteratorType": "AFTER_SEQUENCE_NUMBER", "StartingSequenceNumber": self._after[shard]}
        return {"ShardIteratorType": "AT_TIMESTAMP", "Timestamp": datetime.fromtimestamp(self._began or 0.0, UTC)}

    def _note(self, data: bytes) -> None:
        if MARK in data:
            for carried in _unpacked(data):
                found, origin = carried.entry, carried.origin
                if isinstance(found, Tick) and found.feed == HEARTBEAT_FEED and origin.region == self.origin:
                    self._newest[origin.shard] = max(float(found.value), self._newest.get(origin.shard, 0.0))


def _unpacked(data: bytes) -> list[Carried]:
    """Nothing where it is no pack: what else lies in a mirror is for others to find."""
    try:
        return unpack(data)
    except BadInput:
        return []
