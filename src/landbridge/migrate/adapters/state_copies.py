"""The state table and its receipts as each region's own tables have them, and marks of our own in it."""

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from landbridge.aws.clients import Clients, said, speaking
from landbridge.migrate.adapters import regional
from landbridge.migrate.adapters.http_apis import HttpApis
from landbridge.migrate.adapters.regional import AT_ONCE, STANDS, Items, Receipts
from landbridge.migrate.tables import TABLES
from landbridge.model.pen import Domain, Epoch
from landbridge.model.region import Region
from landbridge.model.state import RESERVED, StateItem, is_reserved

SEPARATOR = "/"  # in no user's and no view's name

OLDER = "attribute_not_exists(#version) OR #epoch < :epoch OR (#epoch = :epoch AND #version < :version)"

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
        """Every receipt of the epoch from a moment on."""
        kept = Receipts(self.clients, self.pens, self.fences)
        return [StateItem.of(item) for item in kept.of(region, Domain.STATE, epoch, since)]

    def items(self, region: Region, keys: Iterable[tuple[str, str]]) -> Mapping[tuple[str, str], StateItem]:
        """The region's own copy of these keys, strongly consistent."""
        return {item.key: item for item in map(StateItem.of, self._items.of(region, keys))}

    def write_mark(self, region: Region, mark: StateItem) -> None:
        """Put an item of a reserved user straight into the region's copy."""
        self._items.put(region, mark.item())

    @property
    def _items(self) -> Items:
        return Items(self.clients, self.state, TABLES[Domain.STATE])


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
    return regional.typed(item.item())
