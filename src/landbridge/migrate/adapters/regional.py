"""What the copies of every domain share: the receipts in a region's own table, and many items of one table at once."""

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from landbridge.aws.clients import Clients, said, speaking
from landbridge.model.errors import Unreachable
from landbridge.model.pen import Domain, Epoch
from landbridge.model.region import Region
from landbridge.model.state import receipt_partition

AT_ONCE = 8
BATCH = 100  # what one BatchGetItem takes
BATCH_TRIES = 5
STANDS = {"ConditionalCheckFailedException", "TransactionConflictException"}  # something newer does, or is being written


@dataclass(frozen=True)
class Receipts:
    """What a region accepted, by domain and epoch."""

    clients: Clients
    pens: str
    fences: int

    def of(self, region: Region, domain: Domain, epoch: Epoch, since: float) -> list[dict[str, Any]]:
        """Every receipt from a moment on. One strongly consistent query a fence, several at once."""
        with ThreadPoolExecutor(AT_ONCE) as pool:
            partitions = [receipt_partition(domain, epoch, bucket) for bucket in range(self.fences)]
            parts = pool.map(lambda partition: self._partition(region, partition, since), partitions)
            return [item for part in parts for item in part]

    def _partition(self, region: Region, partition: str, since: float) -> list[dict[str, Any]]:
        pages = self.clients.client("dynamodb", region).get_paginator("query")
        with speaking(region, f"Query {self.pens}"):
            return [
                plain(item)
                for page in pages.paginate(
                    TableName=self.pens,
                    ConsistentRead=True,
                    KeyConditionExpression="pk = :pk AND sk >= :since",
                    ExpressionAttributeValues={":pk": {"S": partition}, ":since": {"S": f"{max(0.0, since):017.6f}"}},
                )
                for item in page["Items"]
            ]


@dataclass(frozen=True)
class Items:
    """A table as each region's own copy has it."""

    clients: Clients
    table: str
    names: tuple[str, str]  # of its keys

    def of(self, region: Region, keys: Iterable[tuple[str, str]]) -> list[dict[str, Any]]:
        """What the region has of these keys, strongly consistent; what is not there is left out."""
        wanted = sorted(set(keys))
        batches = [wanted[start : start + BATCH] for start in range(0, len(wanted), BATCH)]
        return [item for batch in batches for item in self._batch(region, batch)]

    def _batch(self, region: Region, keys: list[tuple[str, str]]) -> list[dict[str, Any]]:
        first, second = self.names
        ask: dict[str, Any] = {
            self.table: {"Keys": [{first: {"S": one}, second: {"S": other}} for one, other in keys], "ConsistentRead": True}
        }
        found: list[dict[str, Any]] = []
        for _ in range(BATCH_TRIES):
            with speaking(region, f"BatchGetItem {self.table}"):
                answer = self.clients.client("dynamodb", region).batch_get_item(RequestItems=ask)
            found += [plain(item) for item in answer["Responses"].get(self.table, [])]
            ask = answer.get("UnprocessedKeys") or {}
            if not ask:
                return found
        raise Unreachable(region, f"BatchGetItem {self.table} leaves keys unread")

    def put(self, region: Region, item: Mapping[str, Any]) -> None:
        """An item straight into the region's copy, whatever stands there."""
        with speaking(region, f"PutItem {self.table}"):
            self.clients.client("dynamodb", region).put_item(TableName=self.table, Item=typed(item))

    def put_over_older(self, region: Region, item: Mapping[str, Any], epoch: Epoch) -> None:
        """An item into the region's copy, unless one of this epoch stands, or is being written."""
        with speaking(region, f"PutItem {self.table}"):
            try:
                self.clients.client("dynamodb", region).put_item(
                    TableName=self.table,
                    Item=typed(item),
                    ConditionExpression="attribute_not_exists(#epoch) OR #epoch < :epoch",
                    ExpressionAttributeNames={"#epoch": "epoch"},
                    ExpressionAttributeValues={":epoch": {"N": str(epoch)}},
                )
            except ClientError as error:
                if said(error) not in STANDS:
                    raise


def typed(item: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Plain attributes in DynamoDB's own notation."""
    return {name: _attribute(value) for name, value in item.items()}


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
