"""A stream of Kinesis as a comparison reads it: shard by shard, at a pace that leaves the shard to its consumers."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from landbridge.aws.clients import Clients, speaking
from landbridge.model.errors import BadInput
from landbridge.model.mirror import unpack
from landbridge.model.region import Region
from landbridge.verify.budget import Budget
from landbridge.verify.stream.tally import Record

Texts = Callable[[bytes], Iterable[str]]  # the entries one record holds: a live one holds itself, a mirror's holds a pack


def alone(data: bytes) -> tuple[str]:
    """A record that is one entry."""
    return (data.decode(errors="replace"),)


def packed(data: bytes) -> tuple[str, ...]:
    """A mirror's record: the entries of a pack, in order; whatever is no pack is left as it is, to be counted."""
    try:
        return tuple(carried.entry.text() for carried in unpack(data))
    except BadInput:
        return alone(data)


@dataclass
class KinesisCopy:
    """A stream of one region; a shard gives five reads a second to all its readers together, and `pace` is our part."""

    clients: Clients
    stream: str
    region: Region
    pace: Callable[[], Budget]  # calls a second, a budget for each shard
    texts: Texts = alone
    _paces: dict[str, Budget] = field(default_factory=dict, init=False)
    _iterators: dict[tuple[str, str | None], str] = field(default_factory=dict, init=False)

    def shards(self) -> list[str]:
        """As Kinesis lists them; a child's id is higher than its parents'."""
        with speaking(self.region, f"ListShards {self.stream}"):
            pages = self._kinesis.get_paginator("list_shards").paginate(StreamName=self.stream)
            return sorted(shard["ShardId"] for page in pages for shard in page["Shards"])

    def batch(self, shard: str, after: str | None, since: float) -> tuple[list[Record], str | None, bool]:
        """One GetRecords."""
        iterator = self._iterators.pop((shard, after), "") or self._iterator(shard, after, since)
        self._paces.setdefault(shard, self.pace()).spend(1)
        with speaking(self.region, f"GetRecords {self.stream}"):
            told = self._kinesis.get_records(ShardIterator=iterator, Limit=10_000)
        found = [
            Record(shard, each["ApproximateArrivalTimestamp"].timestamp(), text)
            for each in told["Records"]
            for text in self.texts(each["Data"])
        ]
        position = told["Records"][-1]["SequenceNumber"] if told["Records"] else after
        more = bool(told.get("NextShardIterator")) and told.get("MillisBehindLatest", 0) > 0
        if more:
            self._iterators[shard, position] = told["NextShardIterator"]
        return found, position, more

    def _iterator(self, shard: str, after: str | None, since: float) -> str:
        at = datetime.fromtimestamp(since, UTC)
        where: dict[str, Any] = {"ShardIteratorType": "AT_TIMESTAMP", "Timestamp": at}
        if after is not None:
            where = {"ShardIteratorType": "AFTER_SEQUENCE_NUMBER", "StartingSequenceNumber": after}
        with speaking(self.region, f"GetShardIterator {self.stream}"):
            iterator: str = self._kinesis.get_shard_iterator(StreamName=self.stream, ShardId=shard, **where)["ShardIterator"]
        return iterator

    @property
    def _kinesis(self) -> Any:
        return self.clients.client("kinesis", self.region)
