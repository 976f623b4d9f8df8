"""One side's copy of a table, read as DynamoDB's own JSON past botocore's parser; retries and signing stay botocore's.

The parser and the deserializer cost most of a comparison's CPU (bench/verify_tables.py). Scans are eventually
consistent, at half the price: what differs is read again, consistently.
"""

import base64
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import orjson

from landbridge.aws.clients import BODY, Clients, speaking
from landbridge.model.region import Region
from landbridge.verify.budget import Budget
from landbridge.verify.tables.canonical import digest

Item = dict[str, Any]
Start = dict[str, Any] | None  # where a scan goes on; None = at the beginning, or it is at its end
AT_ONCE = 100  # keys one BatchGetItem may name


class Copy(Protocol):
    """One side's copy of a table."""

    def names(self) -> tuple[str, ...]:
        """The key's attributes, partition first."""

    def size(self) -> tuple[int, int]:
        """How many items and bytes DynamoDB says it holds (up to six hours old)."""

    def page(self, segment: int, segments: int, start: Start) -> tuple[list[Item], Start]:
        """The next items of a segment, in DynamoDB's JSON, and where to go on."""

    def look(self, keys: Iterable[bytes]) -> dict[bytes, str]:
        """The digests of these items as they are now, read consistently; what is not there is left out."""


@dataclass
class TableCopy:
    """A table of one region."""

    clients: Clients
    table: str
    region: Region
    budget: Budget

    def names(self) -> tuple[str, ...]:
        """As the table says."""
        return tuple(each["AttributeName"] for each in sorted(self._described["KeySchema"], key=lambda each: each["KeyType"]))

    def size(self) -> tuple[int, int]:
        """As the table says."""
        return self._described["ItemCount"], self._described["TableSizeBytes"]

    def page(self, segment: int, segments: int, start: Start) -> tuple[list[Item], Start]:
        """One Scan, up to 1 MB."""
        more = {} if start is None else {"ExclusiveStartKey": sent(start)}
        answer = self._ask("scan", TableName=self.table, Segment=segment, TotalSegments=segments, **more)
        self.budget.spend(answer.get("ConsumedCapacity", {}).get("CapacityUnits", 0.0))
        return answer["Items"], answer.get("LastEvaluatedKey")

    def look(self, keys: Iterable[bytes]) -> dict[bytes, str]:
        """BatchGetItem until every key was answered."""
        names, wanted = self.names(), [sent(dict(zip(self.names(), orjson.loads(key), strict=True))) for key in keys]
        items = (item for at in range(0, len(wanted), AT_ONCE) for item in self._batch(wanted[at : at + AT_ONCE]))
        return {key_of(item, names): digest(item).hex() for item in items}

    def _batch(self, keys: list[dict[str, Any]]) -> Iterator[Item]:
        while keys:
            answer = self._ask("batch_get_item", RequestItems={self.table: {"Keys": keys, "ConsistentRead": True}})
            self.budget.spend(sum(each["CapacityUnits"] for each in answer.get("ConsumedCapacity", ())))
            yield from answer["Responses"].get(self.table, ())
            keys = [sent(key) for key in answer.get("UnprocessedKeys", {}).get(self.table, {}).get("Keys", ())]

    def _ask(self, operation: str, **what: Any) -> dict[str, Any]:
        with speaking(self.region, f"{operation} {self.table}"):
            answer = getattr(self._client, operation)(ReturnConsumedCapacity="TOTAL", **what)
        found: dict[str, Any] = orjson.loads(answer[BODY])
        return found

    @cached_property
    def _client(self) -> Any:
        return self.clients.unparsed("dynamodb", self.region)

    @cached_property
    def _described(self) -> dict[str, Any]:
        with speaking(self.region, f"DescribeTable {self.table}"):
            table: dict[str, Any] = self.clients.client("dynamodb", self.region).describe_table(TableName=self.table)["Table"]
        return table


def key_of(item: Item, names: tuple[str, ...]) -> bytes:
    """An item's key as one text; taken before the item's digest uses it up."""
    return orjson.dumps([item[name] for name in names])


def sent(key: dict[str, Any]) -> dict[str, Any]:
    """A key of DynamoDB's JSON as botocore wants it: binary as bytes."""
    return {name: {k: base64.b64decode(v) if k == "B" else v for k, v in typed.items()} for name, typed in key.items()}


def named(key: bytes) -> str:
    """A key as a person reads it."""
    return "/".join(str(value) for typed in orjson.loads(key) for value in typed.values())
