"""A stream's shards, and partition keys that fall into one of them.

What must reach a given shard gets a key that hashes there, not an explicit hash: a record's copy has its key alone, so
only then does it reach the like shard of a mirror that is cut alike.
"""

import hashlib
from dataclasses import dataclass
from itertools import count
from typing import Any


@dataclass(frozen=True, slots=True)
class Shard:
    """One shard, and the hash keys it takes, both ends included."""

    name: str
    low: int
    high: int
    open: bool


def shards(kinesis: Any, stream: str) -> tuple[Shard, ...]:
    """Every shard the stream still has, by hash key; errors are botocore's."""
    found: list[Shard] = []
    asked = {"StreamName": stream}
    while True:
        page = kinesis.list_shards(**asked)
        found += [_shard(each) for each in page["Shards"]]
        if not page.get("NextToken"):
            return tuple(sorted(found, key=lambda each: (each.low, each.name)))
        asked = {"NextToken": page["NextToken"]}


def open_shards(kinesis: Any, stream: str) -> tuple[Shard, ...]:
    """Those that take records."""
    return tuple(each for each in shards(kinesis, stream) if each.open)


def key_into(shard: Shard, word: str) -> str:
    """A partition key that begins with the word and falls into the shard: always the same one."""
    keys = (f"{word}-{number}" for number in count())
    return next(key for key in keys if shard.low <= _hashed(key) <= shard.high)


def _hashed(key: str) -> int:
    return int.from_bytes(hashlib.md5(key.encode(), usedforsecurity=False).digest(), "big")


def _shard(found: dict[str, Any]) -> Shard:
    keys, numbers = found["HashKeyRange"], found["SequenceNumberRange"]
    return Shard(
        found["ShardId"], int(keys["StartingHashKey"]), int(keys["EndingHashKey"]), "EndingSequenceNumber" not in numbers
    )
