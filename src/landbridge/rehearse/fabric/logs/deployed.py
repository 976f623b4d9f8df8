"""What of a region's logs is sent on, and where to, by DescribeSubscriptionFilters and DescribeDeliveryStream."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any, Self

from landbridge.rehearse.fabric.ask import Asks

LOGS, FIREHOSE = "Logs_20140328", "Firehose_20150804"
S3 = "ExtendedS3DestinationDescription"
MEGABYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Stream:
    """A delivery stream into a bucket."""

    arn: str
    name: str
    version: str
    bucket: str
    prefix: str
    minutes: float  # after which the oldest line goes
    size: int  # bytes at which they go before
    compressed: bool
    tells: tuple[str, str] | None  # the group and the stream in which it says what it could not send

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Self | None:
        """As Firehose describes it; None for one that does not write into a bucket."""
        where = told["Destinations"][0].get(S3) if told["Destinations"] else None
        if where is None:
            return None
        hints, says = where["BufferingHints"], where.get("CloudWatchLoggingOptions", {})
        return cls(
            told["DeliveryStreamARN"],
            told["DeliveryStreamName"],
            str(told["VersionId"]),
            where["BucketARN"].rpartition(":")[2],
            where.get("Prefix", ""),
            float(hints["IntervalInSeconds"]) / 60,
            int(hints["SizeInMBs"]) * MEGABYTE,
            where.get("CompressionFormat") == "GZIP",
            (says["LogGroupName"], says["LogStreamName"]) if says.get("Enabled") else None,
        )


@dataclass(frozen=True, slots=True)
class Subscription:
    """A filter that sends a group's lines to a delivery stream."""

    group: str
    name: str
    pattern: str
    since: int  # milliseconds
    stream: str  # by ARN

    @property
    def owner(self) -> str:
        """The account."""
        return self.stream.split(":")[4]


async def streams(region: Asks) -> dict[str, Stream]:
    """Those that write into buckets, by ARN. May raise Unreachable or Refused."""
    listed = await region.ask("firehose", f"{FIREHOSE}.ListDeliveryStreams", Limit=10_000)
    names = listed["DeliveryStreamNames"]
    told = [await region.ask("firehose", f"{FIREHOSE}.DescribeDeliveryStream", DeliveryStreamName=name) for name in names]
    found = (Stream.of(each["DeliveryStreamDescription"]) for each in told)
    return {stream.arn: stream for stream in found if stream is not None}


async def subscriptions(region: Asks) -> list[Subscription]:
    """Every filter of every group. May raise Unreachable or Refused."""
    found = []
    async for group in _groups(region):
        told = await region.ask("logs", f"{LOGS}.DescribeSubscriptionFilters", logGroupName=group)
        for each in told["subscriptionFilters"]:
            pattern, since = each.get("filterPattern", ""), int(each["creationTime"])
            found.append(Subscription(group, each["filterName"], pattern, since, each["destinationArn"]))
    return found


async def _groups(region: Asks) -> AsyncIterator[str]:
    """Page by page."""
    asked: dict[str, str] = {}
    while True:
        told = await region.ask("logs", f"{LOGS}.DescribeLogGroups", **asked)
        for each in told["logGroups"]:
            yield each["logGroupName"]
        if "nextToken" not in told:
            return
        asked = {"nextToken": told["nextToken"]}
