"""The state table and its receipts, read from each region's own tables."""

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from landbridge.aws.clients import Clients, speaking
from landbridge.model.errors import Unreachable
from landbridge.model.pen import Domain, Epoch
from landbridge.model.region import Region
from landbridge.model.state import StateItem, receipt_partition

AT_ONCE = 8
BATCH = 100  # what one BatchGetItem takes
BATCH_TRIES = 5


@dataclass(frozen=True)
class StateTables:
    """Receipts in the regional pens table, items in the region's copy of the state table."""

    clients: Clients
    pens: str
    state: str
    fences: int

    def receipts(self, region: Region, epoch: Epoch, since: float) -> list[StateItem]:
        """One strongly consistent query a fence, several at once."""
        with ThreadPoolExecutor(AT_ONCE) as pool:
            parts = pool.map(lambda bucket: self._partition(region, epoch, bucket, since), range(self.fences))
            return [item for part in parts for item in part]

    def _partition(self, region: Region, epoch: Epoch, bucket: int, since: float) -> list[StateItem]:
        pages = self.clients.client("dynamodb", region).get_paginator("query")
        with speaking(region, f"Query {self.pens}"):
            return [
                StateItem.of(plain(item))
                for page in pages.paginate(
                    TableName=self.pens,
                    ConsistentRead=True,
                    KeyConditionExpression="pk = :pk AND sk >= :since",
                    ExpressionAttributeValues={
                        ":pk": {"S": receipt_partition(Domain.STATE, epoch, bucket)},
                        ":since": {"S": f"{max(0.0, since):017.6f}"},
                    },
                )
                for item in page["Items"]
            ]

    def items(self, region: Region, keys: Iterable[tuple[str, str]]) -> Mapping[tuple[str, str], StateItem]:
        """The region's own copy of these keys, strongly consistent."""
        wanted = sorted(set(keys))
        batches = [wanted[start : start + BATCH] for start in range(0, len(wanted), BATCH)]
        return {item.key: item for batch in batches for item in self._batch(region, batch)}

    def _batch(self, region: Region, keys: list[tuple[str, str]]) -> list[StateItem]:
        ask: dict[str, Any] = {
            self.state: {"Keys": [{"user": {"S": user}, "view": {"S": view}} for user, view in keys], "ConsistentRead": True}
        }
        found: list[StateItem] = []
        for _ in range(BATCH_TRIES):
            with speaking(region, f"BatchGetItem {self.state}"):
                answer = self.clients.client("dynamodb", region).batch_get_item(RequestItems=ask)
            found += [StateItem.of(plain(item)) for item in answer["Responses"].get(self.state, [])]
            ask = answer.get("UnprocessedKeys") or {}
            if not ask:
                return found
        raise Unreachable(region, f"BatchGetItem {self.state} leaves keys unread")

    def write_mark(self, region: Region, mark: StateItem) -> None:
        """Put an item of a reserved user straight into the region's copy."""
        with speaking(region, f"PutItem {self.state}"):
            self.clients.client("dynamodb", region).put_item(TableName=self.state, Item=typed(mark))


def typed(item: StateItem) -> dict[str, dict[str, Any]]:
    """A state item in DynamoDB's own notation."""
    return {name: _attribute(value) for name, value in item.item().items()}


def _attribute(value: object) -> dict[str, Any]:
    match value:
        case bool():
            return {"BOOL": value}
        case int():
            return {"N": str(value)}
        case _:
            return {"S": str(value)}


def plain(item: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """An item in DynamoDB's own notation as plain attributes, numbers as text."""
    return {name: next(iter(value.values())) for name, value in item.items()}
