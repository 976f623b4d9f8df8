"""What came to a side that nobody should need any more: users' requests, what they wrote, and records of the market.

Requests are API Gateway's own count, method by method where it keeps one, so that health checks are none. Writes are the
receipts of the pen the side held last, records are read from its stream by our own eyes, and effects are what the database
has from before its fence row became the other side's.
"""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from landbridge.aws.clients import Clients, speaking
from landbridge.migrate.adapters.effects import EffectsDatabase
from landbridge.migrate.pens import Copies, Pens
from landbridge.model.errors import BadInput
from landbridge.model.market import Tick, entry
from landbridge.model.pen import Domain
from landbridge.model.region import Region
from landbridge.model.state import is_reserved
from landbridge.replicate.reading import StreamReader

NAMESPACE, COUNT = "AWS/ApiGateway", "Count"
HEALTH = "/health"  # asked by Route 53 for as long as the API stands
MOST_POINTS = 1000  # of a metric in one answer
MINUTE = 60
DONE_BEFORE = """
SELECT done.owner FROM trading.done, trading.pen WHERE pen.domain = 'effects' AND done.at >= to_timestamp(%s)
AND (pen.holder IS DISTINCT FROM %s OR done.at < to_timestamp(pen.since))
"""

Counted = Callable[[float], int | None]  # how many came since then; None = nobody can tell


@dataclass(frozen=True)
class LiveUse:
    """Each kind, and what counts it."""

    kinds: Mapping[str, Counted]

    def seen(self, since: float) -> Mapping[str, int] | None:
        """All of them, or None where one can't be told."""
        found = {kind: count(since) for kind, count in self.kinds.items()}
        told = {kind: count for kind, count in found.items() if count is not None}
        return told if len(told) == len(found) else None


@dataclass(frozen=True)
class Requests:
    """Of one REST API's stage; `period` is how fine its metrics are."""

    clients: Clients
    region: Region
    api: str
    stage: str
    period: int
    clock: Callable[[], float]

    def count(self, since: float) -> int | None:
        """None where no metric of the API was ever kept: that is no silence."""
        with speaking(self.region, "metrics of its API"):
            cloudwatch = self.clients.client("cloudwatch", self.region)
            kept = [each["Dimensions"] for each in self._kept(cloudwatch)]
            methods = [each for each in kept if any(part["Name"] == "Resource" for part in each)]
            users = [each for each in methods if {"Name": "Resource", "Value": HEALTH} not in each]
            wanted = users if methods else kept
            return sum(self._sum(cloudwatch, each, since) for each in wanted) if kept else None

    def _kept(self, cloudwatch: Any) -> Iterator[dict[str, Any]]:
        known = [{"Name": "ApiName", "Value": self.api}, {"Name": "Stage", "Value": self.stage}]
        pages = cloudwatch.get_paginator("list_metrics").paginate(Namespace=NAMESPACE, MetricName=COUNT, Dimensions=known)
        for page in pages:
            yield from page["Metrics"]

    def _sum(self, cloudwatch: Any, dimensions: list[dict[str, str]], since: float) -> int:
        now = self.clock()
        coarse = self.period if now - since <= MOST_POINTS * self.period else _minutes((now - since) / MOST_POINTS)
        metric = {"Namespace": NAMESPACE, "MetricName": COUNT, "Dimensions": dimensions}
        answer = cloudwatch.get_metric_data(
            MetricDataQueries=[{"Id": "count", "MetricStat": {"Metric": metric, "Period": coarse, "Stat": "Sum"}}],
            StartTime=datetime.fromtimestamp(since, UTC),
            EndTime=datetime.fromtimestamp(now + coarse, UTC),
        )
        return round(sum(sum(result["Values"]) for result in answer["MetricDataResults"]))


@dataclass(frozen=True)
class Writes:
    """What users wrote of a domain under the pen the side held last; marks and probes of ours are no users'."""

    region: Region
    domain: Domain
    pens: Pens
    copies: Copies

    def count(self, since: float) -> int:
        """By the side's own receipts."""
        return len(self.copies.accepted(self.region, self.pens.read(self.region, self.domain).epoch, since))


@dataclass(frozen=True)
class Effects:
    """What commands of users made that nobody but the side's worker can have applied: the row was not the other side's yet."""

    database: EffectsDatabase
    other: Region

    def count(self, since: float) -> int:
        """By the database's own clock, read at its writer."""
        rows = self.database.at_writer(DONE_BEFORE, (since, self.other))
        return sum(not is_reserved(str(owner)) for (owner,) in rows)


@dataclass
class Records:
    """Ticks put into the side's live stream; heartbeats and end markers are ours. An engine reads back as far as it must."""

    clients: Clients
    region: Region
    stream: str
    look_back: float
    clock: Callable[[], float]
    _arrived: list[float] = field(default_factory=list)
    _reader: StreamReader = field(init=False)

    def __post_init__(self) -> None:
        self._reader = StreamReader(self.stream, self.clock, self.look_back, self._note)

    def count(self, since: float) -> int:
        """Those that arrived since then."""
        with speaking(self.region, f"reading {self.stream}"):
            self._reader.look(self.clients.client("kinesis", self.region))
        self._arrived = [at for at in self._arrived if at >= since]
        return len(self._arrived)

    def _note(self, data: bytes, at: float) -> None:
        if _is_a_users(data):
            self._arrived.append(at)


def _is_a_users(data: bytes) -> bool:
    """What is no record of ours counts too: somebody put it there."""
    try:
        found = entry(data.decode(errors="replace"))
    except BadInput:
        return True
    return isinstance(found, Tick) and not found.reserved


def _minutes(seconds: float) -> int:
    return MINUTE * math.ceil(seconds / MINUTE)
