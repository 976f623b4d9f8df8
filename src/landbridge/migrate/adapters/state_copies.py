"""The state table and its receipts as each region's own tables have them, and marks of our own in it."""

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from landbridge.aws.clients import Clients, speaking
from landbridge.migrate.adapters.http_apis import HttpApis
from landbridge.model.errors import Unreachable
from landbridge.model.pen import Domain, Epoch
from landbridge.model.region import Region
from landbridge.model.state import RESERVED, StateItem, is_reserved, receipt_partition

AT_ONCE = 8
BATCH = 100  # what one BatchGetItem takes
BATCH_TRIES = 5
SEPARATOR = "/"  # in no user's and no view's name

MARKS = f"{RESERVED}canary"

Key = tuple[str, str]


@dataclass(frozen=True)
class StateTables:
    """Receipts in the regional pens table, items in the region's copy of the state table."""

    clients: Clients
    pens: str
    state: str
    fences: int

    def accepted(self, region: Region, epoch: Epoch, since: float) -> Mapping[str, str]:
        """The digest of each key's newest receipt."""
        newest: dict[Key, StateItem] = {}
        for item in self.receipts(region, epoch, since):
            standing = newest.get(item.key)
            if not is_reserved(item.user) and (standing is None or item.version > standing.version):
                newest[item.key] = item
        return {SEPARATOR.join(key): item.digest() for key, item in newest.items()}

    def lacking(self, region: Region, wanted: Mapping[str, str]) -> list[str]:
        """The keys whose item is another one, or none."""
        keys = {name: _key(name) for name in wanted}
        have = self.items(region, keys.values())
        return [name for name, key in keys.items() if key not in have or have[key].digest() != wanted[name]]

    def receipts(self, region: Region, epoch: Epoch, since: float) -> list[StateItem]:
        """Every receipt. One strongly consistent query a fence, several at once."""
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


@dataclass(frozen=True)
class StateMarks:
    """Marks under a reserved user: straight into a region's table, or through its API."""

    tables: StateTables
    apis: HttpApis

    def put(self, region: Region, mark: str, turn: int) -> None:
        """An item of its own, in no epoch."""
        self.tables.write_mark(region, StateItem(MARKS, mark, turn, f"turn-{turn}", Epoch(0), "mark"))

    def send(self, region: Region, mark: str, turn: int) -> None:
        """One write."""
        self.apis.write(region, MARKS, mark, turn, f"turn-{turn}")

    def read(self, region: Region, mark: str) -> int:
        """The version that stands."""
        standing = self.tables.items(region, [(MARKS, mark)]).get((MARKS, mark))
        return standing.version if standing else 0


def _key(name: str) -> Key:
    user, _, view = name.partition(SEPARATOR)
    return user, view


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
