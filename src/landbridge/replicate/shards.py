"""A stream's shards, as it tells them."""

from typing import Any

from landbridge.model.hearts import Shard


def shards(kinesis: Any, stream: str) -> tuple[Shard, ...]:
    """Every shard the stream still has, by hash key; errors are botocore's."""
    found: list[Shard] = []
    asked = {"StreamName": stream}
    while True:
        page = kinesis.list_shards(**asked)
        found += map(Shard.of, page["Shards"])
        if not page.get("NextToken"):
            return tuple(sorted(found, key=lambda each: (each.low, each.name)))
        asked = {"NextToken": page["NextToken"]}


def open_shards(kinesis: Any, stream: str) -> tuple[Shard, ...]:
    """Those that take records."""
    return tuple(each for each in shards(kinesis, stream) if each.open)
