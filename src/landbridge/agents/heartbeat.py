"""Beats the heart of each store of its own region by the clock, whether an engine runs or not.

A store it can't write to, or that is not there yet, is skipped and the others are not. What was written is told as a
metric a store: the alarm rings when it is silent, whether the store or this function has failed. It reads nothing: how
old a copy is, is found where the copy is.
"""

import functools
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from landbridge.agents.aws import client
from landbridge.model import hearts
from landbridge.model.errors import BadInput
from landbridge.model.metrics import DIMENSIONS, HEARTBEAT, NAMESPACE

CALLS = {"connect": 1.0, "read": 3.0}
AT_ONCE = 500  # records of one PutRecords
Beat = Callable[[float], None]


class NotAllStored(Exception):
    """A stream took some shards' heartbeats and not those of others: told as silence."""


@dataclass(frozen=True)
class Heart:
    """One region's stores: its own tables by store, the bucket of its history and its live stream."""

    dynamodb: Any
    s3: Any
    kinesis: Any
    cloudwatch: Any
    region: str
    suffix: str
    tables: Mapping[str, str]
    bucket: str
    stream: str
    clock: Callable[[], float]

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> "Heart":
        """As Lambda runs it; refused where a name is missing."""
        names = ("AWS_REGION", "SUFFIX", "HISTORY_BUCKET", "LIVE_STREAM", *(f"{store.upper()}_TABLE" for store in hearts.TABLES))
        if missing := [name for name in names if not environment.get(name)]:
            raise BadInput("heartbeat", f"has no {', '.join(missing)} in its environment", "deploy its stack again")
        region = environment["AWS_REGION"]
        tables = {store: environment[f"{store.upper()}_TABLE"] for store in hearts.TABLES}
        dynamodb, s3 = client("dynamodb", region, **CALLS), client("s3", region, **CALLS)
        kinesis, cloudwatch = client("kinesis", region, **CALLS), client("cloudwatch", region, **CALLS)
        where = (region, environment["SUFFIX"], tables, environment["HISTORY_BUCKET"], environment["LIVE_STREAM"])
        return cls(dynamodb, s3, kinesis, cloudwatch, *where, time.time)

    def beat(self) -> dict[str, str]:
        """Why a store was not written to, by store; empty = it was. What was is told as a metric."""
        at, found = self.clock(), dict[str, str]()
        for store, beat in self._beats():
            try:
                beat(at)
                found[store] = ""
            except ClientError as refused:
                found[store] = str(refused.response.get("Error", {}).get("Code", "")) or "ClientError"
            except (BotoCoreError, NotAllStored) as failed:
                found[store] = type(failed).__name__
        self._tell([store for store, why in found.items() if not why])
        return found

    def _beats(self) -> Iterator[tuple[str, Beat]]:
        for store, table in self.tables.items():
            yield store, functools.partial(self._into_table, table, hearts.TABLES[store])
        yield "history", self._into_bucket
        yield "market", self._into_stream

    def _into_table(self, table: str, keys: tuple[str, str], at: float) -> None:
        self.dynamodb.put_item(TableName=table, Item=hearts.item(keys, self.region, at))

    def _into_bucket(self, at: float) -> None:
        key, body = hearts.object_key(self.region), hearts.body(at)
        self.s3.put_object(Bucket=self.bucket, Key=key, Body=body, ContentType="text/plain")

    def _into_stream(self, at: float) -> None:
        records = [hearts.record(shard, at) for shard in self._shards() if shard.open]
        for first in range(0, len(records), AT_ONCE):
            said = self.kinesis.put_records(StreamName=self.stream, Records=records[first : first + AT_ONCE])
            if said["FailedRecordCount"]:
                raise NotAllStored

    def _shards(self) -> Iterator[hearts.Shard]:
        asked: dict[str, str] = {"StreamName": self.stream}
        while asked:
            page = self.kinesis.list_shards(**asked)
            yield from map(hearts.Shard.of, page["Shards"])
            asked = {"NextToken": page["NextToken"]} if page.get("NextToken") else {}

    def _tell(self, stores: list[str]) -> None:
        names = DIMENSIONS[HEARTBEAT]
        data = [
            {
                "MetricName": HEARTBEAT,
                "Dimensions": [{"Name": n, "Value": v} for n, v in zip(names, (self.suffix, store), strict=True)],
                "Value": 1.0,
                "Unit": "Count",
            }
            for store in stores
        ]
        if data:
            self.cloudwatch.put_metric_data(Namespace=NAMESPACE, MetricData=data)


@functools.cache
def heart() -> Heart:
    """The container's heart, from its environment; a failure is not kept, so the next call tries again."""
    return Heart.of(os.environ)


def handler(_event: Mapping[str, Any], _context: object) -> dict[str, str]:
    """What Lambda calls; one line of log that names stores and kinds of failure alone. Its own failure is Lambda's to count."""
    found = heart().beat()
    told = ", ".join(f"{store} {why or 'beat'}" for store, why in found.items())
    sys.stderr.write(f"{told}\n")
    return found
