"""The state table and its receipts as each region's own tables have them, and marks of our own in it."""

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from landbridge.aws.clients import Clients, said, speaking
from landbridge.migrate.adapters.http_apis import HttpApis
from landbridge.model.errors import Unreachable
from landbridge.model.pen import Domain, Epoch
from landbridge.model.region import Region
from landbridge.model.state import RESERVED, StateItem, is_reserved, receipt_partition

AT_ONCE = 8
BATCH = 100  # what one BatchGetItem takes
BATCH_TRIES = 5
SEPARATOR = "/"  # in no user's and no view's name

OLDER = "attribute_not_exists(#version) OR #epoch < :epoch OR (#epoch = :epoch AND #version < :version)"

STANDS = {"ConditionalCheckFailedException", "TransactionConflictException"}  # something newer does, or is being written

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
        return {_name(key): item.digest() for key, item in self._newest(region, epoch, since).items()}

    def lacking(self, region: Region, wanted: Mapping[str, str]) -> list[str]:
        """The keys whose item is another one, or none."""
        keys = {name: _key(name) for name in wanted}
        have = self.items(region, keys.values())
        return [name for name, key in keys.items() if key not in have or have[key].digest() != wanted[name]]

    def overwritten(self, region: Region, epoch: Epoch) -> list[str]:
        """The keys whose newest receipt of this epoch is covered by an item of a lower one."""
        newest = self._newest(region, epoch)
        have = self.items(region, newest)
        return sorted(_name(key) for key in newest if key not in have or have[key].epoch < epoch)

    def restore(self, region: Region, epoch: Epoch, keys: Sequence[str]) -> None:
        """Each from its newest receipt, unless something as new stands."""
        newest = self._newest(region, epoch) if keys else {}
        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(lambda name: self._put_back(region, newest[_key(name)]), keys))

    def missing(self, lost: Region, epoch: Epoch, stays: Region) -> list[str]:
        """Each receipt of the lost side that is neither the item that stays nor of a lower version, as `user/view vN`."""
        accepted = [item for item in self.receipts(lost, epoch, 0.0) if not is_reserved(item.user)]
        have = self.items(stays, [item.key for item in accepted])
        return sorted({f"{_name(item.key)} v{item.version}" for item in accepted if not _shows(have.get(item.key), item)})

    def _newest(self, region: Region, epoch: Epoch, since: float = 0.0) -> dict[Key, StateItem]:
        newest: dict[Key, StateItem] = {}
        for item in self.receipts(region, epoch, since):
            standing = newest.get(item.key)
            if not is_reserved(item.user) and (standing is None or item.version > standing.version):
                newest[item.key] = item
        return newest

    def _put_back(self, region: Region, item: StateItem) -> None:
        with speaking(region, f"PutItem {self.state}"):
            try:
                self.clients.client("dynamodb", region).put_item(
                    TableName=self.state,
                    Item=typed(item),
                    ConditionExpression=OLDER,
                    ExpressionAttributeNames={"#version": "version", "#epoch": "epoch"},
                    ExpressionAttributeValues={":version": {"N": str(item.version)}, ":epoch": {"N": str(item.epoch)}},
                )
            except ClientError as error:
                if said(error) not in STANDS:
                    raise

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


def _name(key: Key) -> str:
    return SEPARATOR.join(key)


def _shows(standing: StateItem | None, item: StateItem) -> bool:
    """Whether a reader of what stands sees this item, or a version that was accepted after it."""
    if standing is None:
        return False
    return standing.version > item.version or (standing.version, standing.write_id) == (item.version, item.write_id)


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
