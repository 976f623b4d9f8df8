"""CloudWatch Logs, Firehose and S3 of two regions in memory, and the time; enough for whoever sends logs on."""

import asyncio
import gzip
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.fakes import SOURCE, TARGET, Clock

from landbridge.model.errors import Refused, Unreachable
from landbridge.model.region import Region
from landbridge.rehearse.fabric.logs.agent import ROUND_SECONDS, LogShipping
from landbridge.rehearse.fabric.logs.knobs import Knobs

GROUP, OTHER, BUCKET, LOST = "/aws/lambda/read", "/aws/lambda/write", "home", ("/aws/vendedlogs/shipping", "lost")
ARN = "arn:aws:firehose:us-east-1:000000000000:deliverystream/logs"


@dataclass
class LogsRegion:
    """One region's groups and its delivery stream; `minutes` is what its buffer waits."""

    region: Region
    clock: Clock
    minutes: int = 0
    bucket: str = BUCKET
    prefix: str = "here/logs/!{timestamp:yyyy/MM/dd}/"
    compression: str = "UNCOMPRESSED"
    megabytes: int = 16
    streams: bool = True
    subscribed: float | None = 0.0
    pattern: str = ""
    down: bool = False
    silent: str = ""  # a group whose lines nobody is told now
    events: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: {GROUP: [], OTHER: []})
    asked: list[str] = field(default_factory=list)

    def put(self, stream: str, *lines: str, age: float = 0.0, group: str = GROUP) -> None:
        """Lines of now, or with an older time of their own; without an id, as the emulator's functions put them."""
        at, now = int((self.clock() - age) * 1000), int(self.clock() * 1000)
        made = ({"logStreamName": stream, "timestamp": at, "message": line, "ingestionTime": now} for line in lines)
        self.events[group] += made

    async def ask(self, service: str, target: str, **asked: Any) -> dict[str, Any]:
        """Every action by its name."""
        if self.down:
            raise Unreachable(self.region, target)
        action = target.partition(".")[2]
        self.asked.append(action)
        answer: dict[str, Any] = getattr(self, f"_{action}")(**asked)
        return answer

    def _ListDeliveryStreams(self, Limit: int) -> dict[str, Any]:  # noqa: N802, N803 - AWS's words
        return {"DeliveryStreamNames": ["logs"][: Limit if self.streams else 0]}

    def _DescribeDeliveryStream(self, DeliveryStreamName: str) -> dict[str, Any]:  # noqa: N802, N803
        tells = {"Enabled": True, "LogGroupName": LOST[0], "LogStreamName": LOST[1]}
        hints = {"IntervalInSeconds": self.minutes * 60, "SizeInMBs": self.megabytes}
        where = {"BucketARN": f"arn:aws:s3:::{self.bucket}", "Prefix": self.prefix, "BufferingHints": hints}
        s3 = {**where, "CompressionFormat": self.compression, "CloudWatchLoggingOptions": tells}
        told = {"DeliveryStreamARN": ARN, "DeliveryStreamName": DeliveryStreamName, "VersionId": "1"}
        return {"DeliveryStreamDescription": {**told, "Destinations": [{"ExtendedS3DestinationDescription": s3}]}}

    def _DescribeLogGroups(self, nextToken: str = "") -> dict[str, Any]:  # noqa: N802, N803
        """One a page."""
        here = [*self.events, "/another"][int(nextToken or 0) :]
        more = {"nextToken": str(int(nextToken or 0) + 1)} if len(here) > 1 else {}
        return {"logGroups": [{"logGroupName": here[0]}], **more}

    def _DescribeSubscriptionFilters(self, logGroupName: str) -> dict[str, Any]:  # noqa: N802, N803
        if self.subscribed is None or logGroupName not in (GROUP, OTHER):
            return {"subscriptionFilters": []}
        named = {"filterName": "shipping", "filterPattern": self.pattern, "destinationArn": ARN}
        return {"subscriptionFilters": [{**named, "creationTime": int(self.subscribed * 1000)}]}

    def _FilterLogEvents(self, logGroupName: str, filterPattern: str, startTime: int, limit: int) -> dict[str, Any]:  # noqa: N802, N803
        """By time, and within a time as they came."""
        if logGroupName == self.silent:
            raise Unreachable(self.region, "FilterLogEvents")
        found = [
            each for each in self.events[logGroupName] if each["timestamp"] >= startTime and filterPattern in each["message"]
        ]
        return {"events": sorted(found, key=lambda each: int(each["timestamp"]))[:limit]}

    def _PutLogEvents(self, logGroupName: str, logStreamName: str, logEvents: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N802, N803
        assert (logGroupName, logStreamName) == LOST
        self.events.setdefault(logStreamName, []).extend(logEvents)
        return {}


@dataclass
class FakeBuckets:
    """One bucket, at home in a region that may be down; `forgets` puts store and then give no answer."""

    region: Region = TARGET
    down: bool = False
    forgets: int = 0
    objects: dict[str, bytes] = field(default_factory=dict)

    async def home(self, bucket: str) -> Region:
        """Where it is."""
        if self.down:
            raise Unreachable(self.region, "HeadBucket")
        if bucket != BUCKET:
            raise Refused(self.region, "HeadBucket", "NoSuchBucket")
        return self.region

    async def put(self, region: Region, bucket: str, key: str, body: bytes) -> None:
        """Kept in the order they came."""
        assert (region, bucket, key in self.objects) == (self.region, BUCKET, False)
        self.objects[key] = body
        if self.forgets:
            self.forgets -= 1
            raise Unreachable(region, "PutObject")

    def messages(self) -> Iterator[dict[str, Any]]:
        """Those in all objects, unpacked; each follows the one before it without a sign between them."""
        for body in self.objects.values():
            text, decoder = gzip.decompress(body).decode(), json.JSONDecoder()
            while text:
                message, end = decoder.raw_decode(text)
                yield message
                text = text[end:]

    def lines(self, stream: str) -> list[str]:
        """A log stream's, in the order of the bucket."""
        mine = (each for each in self.messages() if each["logStream"] == stream)
        return [event["message"] for each in mine for event in each["logEvents"]]


class Shipped:
    """An agent over one region's logs and the other's bucket; time passes when the test says so."""

    def __init__(self, **region: Any) -> None:
        self.clock, self.knobs = Clock(), Knobs()
        self.logs, self.buckets = LogsRegion(SOURCE, self.clock, **{"subscribed": self.clock(), **region}), FakeBuckets()
        self.begin()

    def begin(self) -> None:
        """An agent that knows nothing."""
        self.agent = LogShipping({SOURCE: self.logs}, self.buckets, self.clock, self.knobs, random.Random(1))

    def rounds(self, count: int = 1) -> list[float | None]:
        """So many turns of the agent, and the lag after each."""
        shown = []
        for _ in range(count):
            asyncio.run(self.agent.turn(SOURCE))
            shown.append(self.agent.lag(SOURCE))
            self.clock.now += ROUND_SECONDS
        return shown
