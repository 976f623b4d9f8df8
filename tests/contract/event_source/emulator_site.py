"""The contract's site on the emulator: a real function behind a real door, and real time."""

import asyncio
import contextlib
import io
import json
import random
import time
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from tests.contract.event_source import handler
from tests.contract.event_source.sites import NUMBERS, Json, driven

from landbridge.aws.clients import Clients, Timeouts
from landbridge.model.region import Region
from landbridge.rehearse.emulator.bulkhead import Bulkhead
from landbridge.rehearse.emulator.door import FrontDoor
from landbridge.rehearse.emulator.hooks import Hooks
from landbridge.rehearse.emulator.mappings import DeployedMappings
from landbridge.rehearse.emulator.ministack import Emulator
from landbridge.rehearse.fabric.event_source.driver import EventSources
from landbridge.rehearse.fabric.event_source.region import Calls, ports

HERE = Region("eu-central-1")
ROLE = "arn:aws:iam::000000000000:role/contract"


class EmulatorRegion:
    """An emulator behind its door, with the function of these tests warm."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.door = FrontDoor(HERE, Bulkhead(4, 4), random.Random(1))
        self._stack = contextlib.AsyncExitStack()

    async def start(self) -> None:
        """Up, and stopped again if that fails."""
        try:
            await self._start()
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """Nothing is left behind."""
        await self._stack.aclose()

    async def call(self, service: str, operation: str, **asked: Any) -> Json:
        """A call through the door."""
        client = self.clients.client(service, HERE)
        answer: Json = await asyncio.to_thread(lambda: getattr(client, operation)(**asked))
        return answer

    async def _start(self) -> None:
        self._stack.push_async_callback(self.door.stop)
        await self.door.start()
        emulator = Emulator(HERE, self.folder / "emulator", self.folder / "emulator.log", self.door.url)
        self._stack.push_async_callback(emulator.stop)
        await emulator.start()
        self.door.upstream = emulator.url
        deployed = DeployedMappings()
        self.door.hooks = Hooks(mappings=deployed)
        self.clients = Clients({HERE: self.door.url}, timeouts=Timeouts(read=30.0, attempts=1))
        calls = Calls(HERE, self.door.url)
        self._stack.push_async_callback(calls.close)
        self.driver = await self._stack.enter_async_context(driven(EventSources(ports(calls, deployed), time.time, "contract")))
        await self._function()

    async def _function(self) -> None:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.write(handler.__file__, "handler.py")
        what = {"FunctionName": "contract", "Runtime": "python3.11", "Handler": "handler.handler", "Role": ROLE, "Timeout": 5}
        kept = {"Variables": {"CALLS": str(self.folder)}}
        await self.call("lambda", "create_function", Code={"ZipFile": packed.getvalue()}, Environment=kept, **what)


class EmulatorSite:
    """One test's own stream, queue and bucket in the emulator all tests share."""

    def __init__(self, region: EmulatorRegion) -> None:
        number = next(NUMBERS)
        self.region = region
        self.folder = region.folder
        self.driver = region.driver
        self.name = f"contract-{number}"
        self.stream = f"arn:aws:kinesis:{HERE}:000000000000:stream/{self.name}"
        self.queue = f"arn:aws:sqs:{HERE}:000000000000:{self.name}"
        self.bucket = f"arn:aws:s3:::{self.name}"

    @classmethod
    @contextlib.asynccontextmanager
    async def opened(cls, region: EmulatorRegion, shards: int) -> AsyncIterator["EmulatorSite"]:
        """With its stream; its mappings are gone afterwards."""
        site = cls(region)
        await region.call("kinesis", "create_stream", StreamName=site.name, ShardCount=shards)
        await region.call("sqs", "create_queue", QueueName=site.name)
        await region.call("s3", "create_bucket", Bucket=site.name, CreateBucketConfiguration={"LocationConstraint": HERE})
        try:
            yield site
        finally:
            await site.throttle(on=False)
            for uuid in await site.states():
                await site.request("DELETE", uuid, {})

    def now(self) -> float:
        """As the emulator stamps records."""
        return time.time()

    async def put(self, *records: Json, key: str = "k") -> None:
        """In one PutRecords, which keeps the order of a key here."""
        told = [{"Data": json.dumps(record).encode(), "PartitionKey": key} for record in records]
        await self.region.call("kinesis", "put_records", StreamName=self.name, Records=told)

    async def request(self, method: str, uuid: str, asked: Json) -> Json:
        """As boto3 sends it."""
        operation = {"POST": "create", "PUT": "update", "DELETE": "delete"}[method]
        named = {"UUID": uuid} if uuid else {}
        return await self.region.call("lambda", f"{operation}_event_source_mapping", **named, **asked)

    async def states(self) -> dict[str, str]:
        """As the door tells them."""
        listed = await self.region.call("lambda", "list_event_source_mappings", EventSourceArn=self.stream)
        return {told["UUID"]: told["State"] for told in listed["EventSourceMappings"]}

    async def aside(self) -> list[Json]:
        """What lies in the queue, seen again and again."""
        url = (await self.region.call("sqs", "get_queue_url", QueueName=self.name))["QueueUrl"]
        told = await self.region.call("sqs", "receive_message", QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=0)
        return [json.loads(message["Body"]) for message in told.get("Messages", ())]

    async def objects(self) -> dict[str, Json]:
        """What lies in the bucket."""
        listed = await self.region.call("s3", "list_objects_v2", Bucket=self.name)
        keys = [found["Key"] for found in listed.get("Contents", ())]
        return {key: json.loads((await self._object(key)).decode()) for key in keys}

    async def throttle(self, *, on: bool) -> None:
        """By a reserved concurrency of nothing."""
        if on:
            await self.region.call("lambda", "put_function_concurrency", FunctionName="contract", ReservedConcurrentExecutions=0)
        else:
            await self.region.call("lambda", "delete_function_concurrency", FunctionName="contract")

    async def _object(self, key: str) -> bytes:
        answer = await self.region.call("s3", "get_object", Bucket=self.name, Key=key)
        body: bytes = await asyncio.to_thread(answer["Body"].read)
        return body
