"""Batches of a live shard as Lambda gives them, and what a mirror keeps of them."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from landbridge.agents.lines import Letter, Pack
from landbridge.agents.mirror_stream import Outcome
from landbridge.model.market import Tick
from landbridge.model.mirror import Carried, unpack

REGION = "us-east-1"
SHARD = "shardId-000000000001"
ARN = f"arn:aws:kinesis:{REGION}:1:stream/live"


def record(number: int, key: str, data: bytes) -> dict[str, Any]:
    """One record at a place of the shard."""
    kinesis = {
        "partitionKey": key,
        "sequenceNumber": str(10**55 + number),
        "data": base64.b64encode(data).decode(),
        "approximateArrivalTimestamp": 1.5,
    }
    return {"kinesis": kinesis, "eventID": f"{SHARD}:{10**55 + number}", "awsRegion": REGION, "eventSourceARN": ARN}


def ticks(keys: Sequence[str]) -> list[dict[str, Any]]:
    """One tick a key named, each at its place."""
    return [record(number, key, Tick("feed", key, number, "1").text().encode()) for number, key in enumerate(keys)]


@dataclass
class Store:
    """A mirror that keeps what it is given, in order; `outcomes` tell of each request which packs it takes and admits to."""

    outcomes: list[tuple[Sequence[bool], bool]] = field(default_factory=list)
    kept: list[tuple[str, bytes]] = field(default_factory=list)
    waves: list[list[str]] = field(default_factory=list)

    def put(self, packs: Sequence[Pack]) -> Outcome:
        """As laid out; everything, when nothing is."""
        self.waves.append([pack.key for pack in packs])
        taken, admitted = self.outcomes.pop(0) if self.outcomes else ([True], True)
        stored = [taken[number % len(taken)] for number in range(len(packs))]
        self.kept += [(pack.key, pack.data()) for pack, one in zip(packs, stored, strict=True) if one]
        return Outcome(stored) if admitted else Outcome([False] * len(packs), unknown=True)

    def carried(self, key: str | None = None) -> list[Carried]:
        """What is kept of a key, or of all."""
        return [each for kept, data in self.kept if key in {None, kept} for each in unpack(data)]

    def places(self, key: str | None = None) -> list[int]:
        """Where what is kept lay in the batch."""
        return [int(each.origin.sequence) - 10**55 for each in self.carried(key)]


@dataclass
class Bucket:
    """Where letters go, unless it is shut."""

    shut: bool = False
    letters: list[Letter] = field(default_factory=list)

    def keep(self, letters: Sequence[Letter]) -> bool:
        """All of them or none."""
        if not self.shut:
            self.letters += letters
        return not self.shut


def said(log: str) -> dict[str, Any]:
    """The one line that was logged."""
    (line,) = log.splitlines()
    found: dict[str, Any] = json.loads(line)
    return found
