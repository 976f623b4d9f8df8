"""What every kind of write shares in its region's own tables: the fence, the receipt, and one transaction around them.

Never raises: what goes wrong becomes an outcome that says whether anything can have been written.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from botocore.exceptions import BotoCoreError, ClientError

from landbridge.model.pen import Domain, Epoch, Pen, PenState, fence_of, pen_key
from landbridge.workloads.trading.ports import Closed, Conflict, Unknown

Item = Mapping[str, Any]
OPEN = "#state = :open AND #epoch = :epoch"
CONDITION, CONFLICT = "ConditionalCheckFailed", "TransactionConflict"


@dataclass(frozen=True, slots=True)
class Guarded:
    """An item that is put only where its condition holds of what stands there."""

    item: Item
    condition: str
    values: Item


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing was written: the fence let it through, but a condition of the items did not; what stood there, where told."""

    standing: tuple[dict[str, Any] | None, ...]


class RegionTables:
    """A table of accepted things and the table of pens, in one region, for one domain."""

    def __init__(self, dynamodb: Any, domain: Domain, *, table: str, pens: str, fences: int) -> None:
        self._dynamodb, self._domain, self._table, self._pens, self._fences = dynamodb, domain, table, pens, fences
        self.why = ""

    def fence(self, user: str) -> Pen | None:
        """The fence guarding this user, read strongly consistent; None = there is none, or it couldn't be read."""
        item = self._read(self._pens, pen_key(self._domain, fence_of(user, self._fences)), consistent=True)
        return Pen.of(item) if item else None

    def read(self, key: Item, *, consistent: bool) -> dict[str, Any] | None:
        """What is stored; None = nothing, or it couldn't be read: then `why` says so."""
        return self._read(self._table, key, consistent=consistent)

    def commit(
        self, items: Sequence[Guarded], receipt: Item, bucket: int, epoch: Epoch
    ) -> Refused | Closed | Conflict | Unknown | None:
        """One transaction of all items, the fence open with this epoch, and the receipt; None = it is done."""
        acts = [self._check(bucket, epoch), {"Put": {"TableName": self._pens, "Item": wire(receipt)}}]
        try:
            self._dynamodb.transact_write_items(TransactItems=[*acts, *map(self._put, items)])
        except ClientError as refused:
            return _cancelled(refused)
        except BotoCoreError as error:
            return Unknown(type(error).__name__)
        return None

    def _check(self, bucket: int, epoch: Epoch) -> dict[str, Any]:
        check = {
            "TableName": self._pens,
            "Key": wire(pen_key(self._domain, bucket)),
            "ConditionExpression": OPEN,
            "ExpressionAttributeNames": {"#state": "state", "#epoch": "epoch"},
            "ExpressionAttributeValues": wire({":open": str(PenState.OPEN), ":epoch": epoch}),
        }
        return {"ConditionCheck": check}

    def _put(self, guarded: Guarded) -> dict[str, Any]:
        put = {
            "TableName": self._table,
            "Item": wire(guarded.item),
            "ConditionExpression": guarded.condition,
            "ExpressionAttributeNames": {f"#{name}": name for name in guarded.item if f"#{name}" in guarded.condition},
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        }
        values = {"ExpressionAttributeValues": wire(guarded.values)} if guarded.values else {}
        return {"Put": {**put, **values}}

    def _read(self, table: str, key: Item, *, consistent: bool) -> dict[str, Any] | None:
        self.why = ""
        try:
            answer = self._dynamodb.get_item(TableName=table, Key=wire(key), ConsistentRead=consistent)
        except ClientError as refused:
            self.why = str(refused.response.get("Error", {}).get("Code", "")) or "ClientError"
            return None
        except BotoCoreError as error:
            self.why = type(error).__name__
            return None
        item = answer.get("Item")
        return plain(item) if item else None


def _cancelled(refused: ClientError) -> Refused | Closed | Conflict | Unknown:
    """The fence's no stands above all; a conflict says nothing of the fence."""
    code = str(refused.response.get("Error", {}).get("Code", ""))
    reasons: Sequence[Item] = refused.response.get("CancellationReasons", ())
    codes = [str(reason.get("Code")) for reason in reasons]
    if codes[:1] == [CONDITION]:
        return Closed()
    if CONFLICT in codes or code == "TransactionConflictException":
        return Conflict()
    if CONDITION in codes:
        return Refused(tuple(plain(reason["Item"]) if reason.get("Item") else None for reason in reasons[2:]))
    return Unknown(next((found for found in codes if found != "None"), code))


def wire(item: Item) -> dict[str, Any]:
    """As DynamoDB spells an item."""
    serialize = TypeSerializer().serialize
    return {name: serialize(value) for name, value in item.items()}


def plain(item: Item) -> dict[str, Any]:
    """As Python spells it."""
    deserialize = TypeDeserializer().deserialize
    return {name: deserialize(value) for name, value in item.items()}
