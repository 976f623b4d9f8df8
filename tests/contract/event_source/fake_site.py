"""The contract's site in memory: fakes that keep state, time that passes at once."""

import asyncio
import base64
import json
from pathlib import Path

from tests.contract.event_source.fake_region import ACCOUNT, FakeRegion, Json
from tests.contract.event_source.sites import NUMBERS

from landbridge.rehearse.fabric.event_source.driver import EventSources

EPOCH = 1_800_000_000.0


class FakeSite:
    """One test's own region."""

    def __init__(self, folder: Path, shards: int = 1) -> None:
        number = next(NUMBERS)
        self.folder = folder
        self.stream = f"arn:aws:kinesis:eu-central-1:{ACCOUNT}:stream/s{number}"
        self.queue = f"arn:aws:sqs:eu-central-1:{ACCOUNT}:q{number}"
        self.bucket = f"arn:aws:s3:::b{number}"
        self.region = FakeRegion(folder, self.now)
        self.region.kinesis.streams[self.stream] = {f"shardId-{shard:012d}": [] for shard in range(shards)}
        self.driver = EventSources(self.region.ports, self.now, "contract")

    def now(self) -> float:
        """The loop's time."""
        return EPOCH + asyncio.get_event_loop().time()

    async def put(self, *records: Json, key: str = "k") -> None:
        """One after the other."""
        for record in records:
            data = json.dumps(record).encode()
            self.region.kinesis.put(self.stream, key, base64.b64encode(data).decode())

    async def request(self, method: str, uuid: str, asked: Json) -> Json:
        """Through the door's own code."""
        return self.region.functions.call(method, uuid or f"mapping-{next(NUMBERS)}", asked)

    async def states(self) -> dict[str, str]:
        """As the door tells them."""
        return {told["UUID"]: told["State"] for told in self.region.functions.told()}

    async def aside(self) -> list[Json]:
        """What the queue was given."""
        return [json.loads(body) for _, body in self.region.places.lying.get(self.queue, [])]

    async def objects(self) -> dict[str, Json]:
        """What the bucket was given."""
        return {key: json.loads(body) for key, body in self.region.places.lying.get(self.bucket, [])}

    async def throttle(self, *, on: bool) -> None:
        """The fake function's own switch."""
        self.region.functions.throttled = on
