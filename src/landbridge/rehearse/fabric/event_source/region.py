"""The ports on a real region: bare calls through its front door, because the hot ones come several times a second.

One attempt a call, no hidden retry. An invocation has no time limit of ours: the function's own timeout ends it.
"""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import aiohttp
from yarl import URL

from landbridge.aws.clients import NO_ANSWER, THROTTLED
from landbridge.model.errors import Refused, Unreachable
from landbridge.model.region import Region
from landbridge.rehearse.emulator.mappings import MAPPINGS_PATH, DeployedMappings
from landbridge.rehearse.emulator.message import once
from landbridge.rehearse.fabric.event_source.outcome import Outcome
from landbridge.rehearse.fabric.event_source.ports import Ports, Shard
from landbridge.rehearse.fabric.event_source.record import Place, Record
from landbridge.rehearse.fabric.event_source.settings import Settings, settings_of

SECONDS = 2.0  # for a call that is no invocation: a poller looks again anyway
PAGE = 2000  # more in one answer would hold up the loop that everything shares
JSON = "application/x-amz-json-1.1"
NONE: Mapping[str, str] = {}
LIMITS = aiohttp.ClientTimeout(total=None, sock_connect=SECONDS)  # its own total swallows a cancellation that comes with it


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Calls:
    """Calls to the services of one region."""

    def __init__(self, region: Region, door: str) -> None:
        self.region = region
        self._door = door
        self._session: aiohttp.ClientSession | None = None

    async def send(
        self,
        service: str,
        method: str,
        path: str,
        body: bytes,
        *,
        target: str = "",
        seconds: float | None = SECONDS,
        headers: Mapping[str, str] = NONE,
    ) -> Answer:
        """The answer, whatever it says; Unreachable when there was none."""
        scope = f"AWS4-HMAC-SHA256 Credential=rehearsal/20260101/{self.region}/{service}/aws4_request, SignedHeaders=host"
        named = {"Authorization": scope, "Content-Type": JSON, **({"X-Amz-Target": target} if target else {}), **headers}
        url = URL(self._door + path, encoded=True)
        try:
            async with asyncio.timeout(seconds), self._opened().request(method, url, data=body, headers=named) as answer:
                return Answer(answer.status, answer.headers, await answer.read())
        except (aiohttp.ClientError, TimeoutError) as error:
            raise Unreachable(self.region, f"{service}: {type(error).__name__}") from error

    async def ask(self, service: str, target: str, **asked: Any) -> dict[str, Any]:
        """What an action answered, or Unreachable or Refused."""
        return _said(self.region, target, await self.send(service, "POST", "/", json.dumps(asked).encode(), target=target))

    async def close(self) -> None:
        """Ends every call."""
        if self._session is not None:
            await self._session.close()

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=0),
                middlewares=(once,),
                timeout=LIMITS,
                auto_decompress=False,  # what was stored compressed is handed on so
                skip_auto_headers=("Accept-Encoding",),
            )
        return self._session


class Kinesis:
    """The region's streams."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    async def shards(self, stream: str) -> Sequence[Shard]:
        """All shards, by ListShards."""
        told = await self._calls.ask("kinesis", "Kinesis_20131202.ListShards", StreamARN=stream)
        return [_shard(shard) for shard in told["Shards"]]

    async def iterator(self, stream: str, shard: str, place: Place) -> str:
        """By GetShardIterator."""
        target, where = "Kinesis_20131202.GetShardIterator", place.iterator()
        return str((await self._calls.ask("kinesis", target, StreamARN=stream, ShardId=shard, **where))["ShardIterator"])

    async def page(self, iterator: str) -> tuple[Sequence[Record], str]:
        """By GetRecords; a shard that is closed gives no way on, which the look at the shards finds."""
        told = await self._calls.ask("kinesis", "Kinesis_20131202.GetRecords", ShardIterator=iterator, Limit=PAGE)
        return [record_of(record) for record in told["Records"]], str(told.get("NextShardIterator") or iterator)


class Lambda:
    """The region's mappings and functions; the door knows what was asked of the mappings."""

    def __init__(self, calls: Calls, deployed: DeployedMappings) -> None:
        self._calls = calls
        self._deployed = deployed
        self.until_changed = deployed.until_changed
        self.running = deployed.running
        self.said = deployed.said

    async def deployed(self) -> Sequence[Settings]:
        """By ListEventSourceMappings."""
        answer = await self._calls.send("lambda", "GET", f"{MAPPINGS_PATH}?MaxItems=10000", b"")
        told = _said(self._calls.region, "ListEventSourceMappings", answer)["EventSourceMappings"]
        return [settings_of(mapping) for mapping in told if self._deployed.knows(mapping["UUID"])]

    async def invoke(self, function: str, event: dict[str, Any]) -> Outcome:
        """By Invoke, synchronously."""
        path = f"/2015-03-31/functions/{quote(function, safe='')}/invocations"
        body = json.dumps(event, separators=(",", ":")).encode()
        try:
            answer = await self._calls.send("lambda", "POST", path, body, seconds=None)
        except Unreachable as no:
            return Outcome(refused=str(no))
        if answer.status != 200:
            return Outcome(refused=f"{answer.status}")
        told = {
            "request": answer.headers.get("x-amzn-requestid", ""),
            "version": answer.headers.get("X-Amz-Executed-Version", ""),
        }
        error = answer.headers.get("X-Amz-Function-Error", "")
        return Outcome(answer=None if error else _json(answer.body), error=error, **told)


class Places:
    """Queues and buckets that take what is set aside."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    async def put(self, destination: str, key: str, body: str) -> None:
        """To SQS or S3, by the destination's ARN."""
        service, name = destination.split(":")[2], destination.rpartition(":")[2]
        if service == "s3":
            _said(self._calls.region, "PutObject", await self._calls.send("s3", "PUT", f"/{name}/{key}", body.encode()))
            return
        queue = await self._calls.ask("sqs", "AmazonSQS.GetQueueUrl", QueueName=name)
        await self._calls.ask("sqs", "AmazonSQS.SendMessage", QueueUrl=queue["QueueUrl"], MessageBody=body)


def ports(calls: Calls, deployed: DeployedMappings) -> Ports:
    """A region as the pollers see it."""
    functions = Lambda(calls, deployed)
    return Ports(Kinesis(calls), functions, functions, Places(calls))


def _shard(told: Mapping[str, Any]) -> Shard:
    return Shard(told["ShardId"], told.get("ParentShardId") or "", "EndingSequenceNumber" in told["SequenceNumberRange"])


def record_of(told: Mapping[str, Any]) -> Record:
    """A record as GetRecords tells it in JSON."""
    return Record(told["SequenceNumber"], told["PartitionKey"], told["Data"], float(told["ApproximateArrivalTimestamp"]))


def _said(region: Region, what: str, answer: Answer) -> dict[str, Any]:
    if answer.status < 300:
        return dict(_json(answer.body) or {})
    told = _json(answer.body)
    code = str(told.get("__type", answer.status)) if isinstance(told, dict) else str(answer.status)
    if answer.status >= 500 or answer.status == 429 or code in NO_ANSWER | THROTTLED:
        raise Unreachable(region, f"{what}: {code}")
    raise Refused(region, what, code)


def _json(body: bytes) -> Any:
    """What a body says, or its text where it is no JSON."""
    try:
        return json.loads(body) if body else None
    except ValueError:
        return body.decode(errors="replace")
