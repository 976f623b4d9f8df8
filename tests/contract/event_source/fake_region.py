"""A region that keeps state: streams, the door's mappings, one function, queues and buckets; everything in memory."""

import asyncio
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tests.contract.event_source.handler import answer

from landbridge.model.errors import Refused, Unreachable
from landbridge.rehearse.emulator.mappings import DeployedMappings
from landbridge.rehearse.fabric.event_source.outcome import Outcome
from landbridge.rehearse.fabric.event_source.ports import Ports, Shard
from landbridge.rehearse.fabric.event_source.record import Place, Record
from landbridge.rehearse.fabric.event_source.settings import Settings, settings_of

Json = dict[str, Any]
ACCOUNT = "000000000000"


class FakeKinesis:
    """Streams by ARN, their shards by name; an iterator is a place in words."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.streams: dict[str, dict[str, list[Record]]] = {}
        self.children: set[str] = set()
        self.out = False
        self._clock = clock
        self._number = 10**20

    def put(self, stream: str, key: str, data: str) -> None:
        """One record into the shard its key belongs to."""
        shards = sorted(self.streams[stream])
        self._number += 1
        record = Record(str(self._number), key, data, self._clock())
        self.streams[stream][shards[sum(key.encode()) % len(shards)]].append(record)

    async def shards(self, stream: str) -> Sequence[Shard]:
        """As they are; children are those somebody split off."""
        self._reached()
        return [Shard(name, "parent" if name in self.children else "") for name in sorted(self.streams[stream])]

    async def iterator(self, stream: str, shard: str, place: Place) -> str:
        """The place, to be read on from."""
        self._reached()
        return json.dumps([stream, shard, self._index(self.streams[stream][shard], place)])

    async def page(self, iterator: str) -> tuple[Sequence[Record], str]:
        """At most a hundred records."""
        self._reached()
        stream, shard, index = json.loads(iterator)
        records = self.streams[stream][shard][index : index + 100]
        return records, json.dumps([stream, shard, index + len(records)])

    def _index(self, records: list[Record], place: Place) -> int:
        if place.after:
            return sum(int(record.sequence) <= int(place.after) for record in records)
        return sum(record.arrived < (place.since or 0.0) for record in records)

    def _reached(self) -> None:
        if self.out:
            raise Unreachable("here", "the region is out")


class FakeLambda:
    """Mappings as the door tells them, and the function of these tests."""

    def __init__(self, folder: Path) -> None:
        self.door = DeployedMappings()
        self.throttled = False
        self.seconds = 0.01
        self.inside = self.most_inside = 0
        self.looks = 0
        self._told: dict[str, Json] = {}
        self._folder = folder
        self.until_changed = self.door.until_changed
        self.running = self.door.running
        self.said = self.door.said

    def call(self, method: str, uuid: str, asked: Json) -> Json:
        """A request about mappings, as it is granted through the door."""
        if method == "DELETE":
            del self._told[uuid]
        told = {"UUID": uuid, "FunctionArn": "arn:aws:lambda:eu-central-1:000000000000:function:contract", "State": "Disabled"}
        if method != "DELETE":
            self._told[uuid] = told
        answered: Json = json.loads(self.door.answered(method, json.dumps(asked).encode(), json.dumps(told).encode()))
        return answered

    def told(self) -> list[Json]:
        """ListEventSourceMappings."""
        listed = json.dumps({"EventSourceMappings": list(self._told.values())}).encode()
        mappings: list[Json] = json.loads(self.door.answered("GET", b"", listed))["EventSourceMappings"]
        return mappings

    async def deployed(self) -> Sequence[Settings]:
        """All of them."""
        self.looks += 1
        return [settings_of(mapping) for mapping in self.told()]

    async def invoke(self, function: str, event: Json) -> Outcome:
        """Runs the handler in place; what it raises is its error."""
        if self.throttled:
            return Outcome(refused="429")
        self.inside += 1
        self.most_inside = max(self.most_inside, self.inside)
        await asyncio.sleep(self.seconds)
        self.inside -= 1
        try:
            return Outcome(answer=answer(event, self._folder), request="fake-request")
        except RuntimeError:
            return Outcome(error="Unhandled", request="fake-request")


class FakePlaces:
    """Queues and buckets by ARN; `full` takes nothing."""

    def __init__(self) -> None:
        self.lying: dict[str, list[tuple[str, str]]] = {}
        self.full = False

    async def put(self, destination: str, key: str, body: str) -> None:
        """Kept in order."""
        if self.full:
            raise Refused("here", "PutObject", "NoSuchBucket")
        self.lying.setdefault(destination, []).append((key, body))


class FakeRegion:
    """All of it, as ports."""

    def __init__(self, folder: Path, clock: Callable[[], float]) -> None:
        self.kinesis = FakeKinesis(clock)
        self.functions = FakeLambda(folder)
        self.places = FakePlaces()
        self.ports = Ports(self.kinesis, self.functions, self.functions, self.places)
