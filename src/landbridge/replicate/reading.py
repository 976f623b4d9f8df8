"""Reads a stream of another's for what is in it, shard by shard, keeping its own place and taking nobody's word."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from landbridge.replicate.shards import shards

PAGES = 50  # of a shard in one look; what is left is read by the next


@dataclass
class StreamReader:
    """Every record from some seconds before its first look on, each handed over once and in the order of its shard."""

    stream: str
    clock: Callable[[], float]
    look_back: float
    note: Callable[[bytes, float], None]  # the data, and when it arrived
    _began: float | None = None
    _after: dict[str, str] = field(default_factory=dict)

    def look(self, kinesis: Any) -> None:
        """What came since the last look; errors are botocore's."""
        if self._began is None:
            self._began = self.clock() - self.look_back
        for shard in shards(kinesis, self.stream):
            self._read(kinesis, shard.name)

    def _read(self, kinesis: Any, shard: str) -> None:
        iterator = kinesis.get_shard_iterator(StreamName=self.stream, ShardId=shard, **self._place(shard))["ShardIterator"]
        for _ in range(PAGES):
            page = kinesis.get_records(ShardIterator=iterator)
            for record in page["Records"]:
                self._after[shard] = record["SequenceNumber"]
                self.note(record["Data"], record["ApproximateArrivalTimestamp"].timestamp())
            iterator = page.get("NextShardIterator")
            if not iterator or not page.get("MillisBehindLatest"):
                return

    def _place(self, shard: str) -> dict[str, Any]:
        if shard in self._after:
            return {"ShardIteratorType": "AFTER_SEQUENCE_NUMBER", "StartingSequenceNumber": self._after[shard]}
        return {"ShardIteratorType": "AT_TIMESTAMP", "Timestamp": datetime.fromtimestamp(self._began or 0.0, UTC)}
