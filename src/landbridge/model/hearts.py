"""Heartbeats: what a region writes into its own stores, so that how old it is elsewhere tells how old the copy is.

Keys are reserved: left out of every count and comparison. Each region has its own, so that two that beat never meet.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any

from landbridge.model.market import HEARTBEAT_FEED, Tick
from landbridge.model.state import RESERVED

HEARTBEATS = f"{RESERVED}heartbeat/"  # the prefix of objects, which a lifecycle rule keeps short
TABLES: Mapping[str, tuple[str, str]] = {"state": ("user", "view"), "analytics": ("pk", "sk"), "commands": ("user", "item")}
VIEW = "replication"


@dataclass(frozen=True, slots=True)
class Shard:
    """One shard of a stream, and the hash keys it takes, both ends included."""

    name: str
    low: int
    high: int
    open: bool

    @classmethod
    def of(cls, found: Mapping[str, Any]) -> "Shard":
        """As ListShards tells it."""
        keys = found["HashKeyRange"]
        is_open = "EndingSequenceNumber" not in found["SequenceNumberRange"]
        return cls(found["ShardId"], int(keys["StartingHashKey"]), int(keys["EndingHashKey"]), is_open)


def key_into(shard: Shard, word: str) -> str:
    """A partition key that begins with the word and falls into the shard: always the same one.

    A key, not an explicit hash: a copy has its key alone, so only then does it reach the like shard of a mirror cut alike.
    """
    keys = (f"{word}-{number}" for number in count())
    return next(key for key in keys if shard.low <= _hashed(key) <= shard.high)


def record(shard: Shard, at: float) -> dict[str, Any]:
    """What is put into a live stream's shard."""
    tick = Tick(HEARTBEAT_FEED, shard.name, int(at * 1000), repr(at))
    return {"Data": tick.text().encode(), "PartitionKey": key_into(shard, HEARTBEAT_FEED)}


def place(keys: tuple[str, str], region: str) -> dict[str, Any]:
    """Where a table with these keys has a region's heartbeat, as DynamoDB spells it."""
    return {keys[0]: {"S": f"{RESERVED}heartbeat-{region}"}, keys[1]: {"S": VIEW}}


def item(keys: tuple[str, str], region: str, at: float) -> dict[str, Any]:
    """What is put there; every table's is spelled like an item of dashboard state."""
    return {
        **place(keys, region),
        "version": {"N": str(int(at * 1000))},
        "write_id": {"S": "heartbeat"},
        "epoch": {"N": "0"},
        "value": {"S": repr(at)},
        "deleted": {"BOOL": False},
    }


def object_key(region: str) -> str:
    """Which object of a bucket is a region's heartbeat; the time is its body."""
    return f"{HEARTBEATS}{region}"


def body(at: float) -> bytes:
    """What that object holds."""
    return repr(at).encode()


def _hashed(key: str) -> int:
    return int.from_bytes(hashlib.md5(key.encode(), usedforsecurity=False).digest(), "big")
