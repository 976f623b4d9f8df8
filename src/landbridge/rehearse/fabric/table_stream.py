"""Reads one table's stream from a chosen place on, page by page.

The emulator's streams have a single shard that never splits, and so has this reader. Cost: against real streams it
would have to follow shards.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from landbridge.aws.clients import Clients
from landbridge.model.errors import Refused
from landbridge.model.region import Region
from landbridge.rehearse.fabric.ask import ask
from landbridge.rehearse.fabric.last_writer import Change, record_of

SERVICE = "dynamodbstreams"
PAGE = 200  # more in one answer would hold up the loop that everything shares


@dataclass
class TableStream:
    """The stream of one table in one region; a page that could not be read is read again."""

    clients: Clients
    region: Region
    table: str
    _arn: str = ""
    _iterator: str = ""
    _last: str = ""

    async def begin(self, where: Literal["LATEST", "TRIM_HORIZON"]) -> None:
        """From here on: only what is written from now, or all there is."""
        described = await ask(self.clients, "dynamodb", self.region, "describe_table", TableName=self.table)
        self._arn = described["Table"]["LatestStreamArn"]
        self._last = ""
        self._iterator = await self._iterate(ShardIteratorType=where)

    async def page(self) -> Sequence[Change]:
        """The next changes, oldest first; none at the end of the stream."""
        try:
            read = await ask(self.clients, SERVICE, self.region, "get_records", ShardIterator=self._iterator, Limit=PAGE)
        except Refused as refused:
            if not self._last or "ExpiredIterator" not in refused.why:
                raise
            self._iterator = await self._iterate(ShardIteratorType="AFTER_SEQUENCE_NUMBER", SequenceNumber=self._last)
            return await self.page()
        records = read["Records"]
        if "NextShardIterator" not in read:
            raise Refused(self.region, f"reading the stream of {self.table}", "it was closed")
        self._iterator = read["NextShardIterator"]
        if records:
            self._last = records[-1]["dynamodb"]["SequenceNumber"]
        return [record_of(record, self.region) for record in records]

    async def _iterate(self, **where: Any) -> str:
        stream = await ask(self.clients, SERVICE, self.region, "describe_stream", StreamArn=self._arn)
        shard = stream["StreamDescription"]["Shards"][0]["ShardId"]
        made = await ask(self.clients, SERVICE, self.region, "get_shard_iterator", StreamArn=self._arn, ShardId=shard, **where)
        return str(made["ShardIterator"])
