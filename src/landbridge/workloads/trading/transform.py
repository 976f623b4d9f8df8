"""The transform function: a batch of a stream into rows and history, where the market's pen is.

It answers which record must be given again and never raises: a raise would give all of it again. Which stream it reads
is told by the ARN in the records; a mirror is named as one.
"""

import functools
import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TextIO

from landbridge.model.market import Stream
from landbridge.model.pen import Domain, Pen, pen_key
from landbridge.workloads.aws import client
from landbridge.workloads.trading.analytics import AnalyticsTable
from landbridge.workloads.trading.history import History
from landbridge.workloads.trading.market import transform
from landbridge.workloads.trading.processing import Aside, PassedMarkers, Sinks
from landbridge.workloads.trading.records import Record, batches, first, position_of, shard_of
from landbridge.workloads.trading.regional import RegionTables

CALLS = {"connect": 1.0, "read": 5.0}
Process = Callable[[Sequence[Record]], str | None]


@dataclass(frozen=True)
class Transform:
    """Everything a batch needs, made once for the life of the function's container."""

    region: str
    pens: RegionTables
    passed: PassedMarkers
    table: AnalyticsTable
    history: History
    aside: Aside

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> "Transform":
        """As Lambda runs it."""
        region, pens = environment["AWS_REGION"], environment["PENS_TABLE"]
        dynamodb, s3 = client("dynamodb", region, **CALLS), client("s3", region, **CALLS)
        return cls(
            region,
            RegionTables(dynamodb, Domain.MARKET, table=pens, pens=pens, fences=1),
            PassedMarkers(dynamodb, pens, region),
            AnalyticsTable(dynamodb, environment["ANALYTICS_TABLE"], region, time.sleep),
            History(s3, environment["HISTORY_BUCKET"], region),
            Aside(s3, environment["SET_ASIDE_BUCKET"], region),
        )

    def __call__(self, records: Sequence[Record]) -> str | None:
        """The position of the first record that must be given again, or None; the pen is read after the batch came."""
        item = self.pens.read(pen_key(Domain.MARKET), consistent=True)
        if item is None and self.pens.why:
            return position_of(records[0])
        pen = Pen.of(item) if item else None
        name = str(records[0]["eventSourceARN"]).rpartition("/")[2]
        stream = stream_of(name)
        sinks = Sinks(self.table, self.history, self.aside, f"{stream}-{shard_of(records[0])}")
        again = [
            transform(batch, region=self.region, pen=pen, analytics=sinks, passed=self.passed)
            for batch in batches(records, stream, self.region)
        ]
        return first([position for position in again if position is not None])


def stream_of(name: str) -> Stream:
    """Which of a region's two streams goes by this name: trading-analytics-mirror-..., as the platform names it."""
    return Stream.MIRROR if "-mirror-" in f"-{name}-" else Stream.LIVE


@functools.cache
def made() -> Transform:
    """The container's transform, from its environment."""
    return Transform.of(os.environ)


def handler(event: Mapping[str, Any], context: object) -> dict[str, Any]:  # noqa: ARG001 - Lambda hands it in
    """Lambda's way in."""
    return answer(event, made, sys.stderr)


def answer(event: Mapping[str, Any], make: Callable[[], Process], log: TextIO) -> dict[str, Any]:
    """What Lambda is told: nothing to give again, or from which record on; one line of log that holds no record."""
    began, why = time.monotonic(), ""
    records: Sequence[Record] = ()
    again: str | None = None
    try:
        records = tuple(event.get("Records") or ())
        again = make()(records) if records else None
    except Exception as error:  # the door of the function: a raise would give good records again with the bad one
        again, why = _first(records), type(error).__name__
    took = (time.monotonic() - began) * 1000
    done = "done" if again is None else "again"
    log.write(f"{len(records)} records {done} {took:.0f} ms {why}".rstrip() + "\n")
    return {"batchItemFailures": [] if again is None else [{"itemIdentifier": again}]}


def _first(records: Any) -> str:
    """The first record's position; where there is none, the empty one, by which Lambda gives all of it again."""
    try:
        return position_of(records[0])
    except (AttributeError, LookupError, TypeError):
        return ""
