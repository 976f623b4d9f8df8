"""Heartbeats of a stream's copy: one into every shard of the live stream, found again in the other side's mirror.

A copied heartbeat says that everything before it in its shard is stored, because the replicator sends it behind that.
The reader keeps its own place in the mirror and takes nobody's word for it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from landbridge.model.errors import BadInput, Unreachable
from landbridge.model.hearts import record
from landbridge.model.market import HEARTBEAT_FEED, Tick
from landbridge.model.mirror import Carried, unpack
from landbridge.model.region import Region
from landbridge.replicate.reading import StreamReader
from landbridge.replicate.shards import open_shards

LOOK_BACK = 60.0  # seconds a reader without a place begins before now
MARK = HEARTBEAT_FEED.encode()


def beat(kinesis: Any, stream: str, region: Region, at: float) -> None:
    """One into every open shard; Unreachable where one of them was not taken."""
    records = [record(shard, at) for shard in open_shards(kinesis, stream)]
    for first in range(0, len(records), 500):
        said = kinesis.put_records(StreamName=stream, Records=records[first : first + 500])
        if said["FailedRecordCount"]:
            raise Unreachable(region, f"PutRecords {stream}: {said['FailedRecordCount']} heartbeats were not stored")


@dataclass
class MirrorReader:
    """Reads one mirror for the heartbeats of one origin, from where it left off."""

    origin: Region
    stream: str
    clock: Callable[[], float]
    _newest: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._reader = StreamReader(self.stream, self.clock, LOOK_BACK, self._note)

    def newest(self, kinesis: Any) -> Mapping[str, float]:
        """When the newest heartbeat found was written, by the live shard it was put into; errors are botocore's."""
        self._reader.look(kinesis)
        return self._newest

    def _note(self, data: bytes, _at: float) -> None:
        if MARK in data:
            for carried in unpacked(data):
                found, origin = carried.entry, carried.origin
                if isinstance(found, Tick) and found.feed == HEARTBEAT_FEED and origin.region == self.origin:
                    self._newest[origin.shard] = max(float(found.value), self._newest.get(origin.shard, 0.0))


def unpacked(data: bytes) -> list[Carried]:
    """Nothing where it is no pack: what else lies in a mirror is for others to find."""
    try:
        return unpack(data)
    except BadInput:
        return []
