"""The region's own tables behind the `Store` port: the state table, and the table of pens and receipts.

Never raises: what goes wrong becomes an outcome that says whether anything can have been written.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from botocore.exceptions import BotoCoreError, ClientError

from landbridge.model.pen import Domain, Pen, PenState, fence_of, pen_key
from landbridge.model.state import StateItem, receipt
from landbridge.workloads.trading.ports import Closed, Committed, Conflict, Unknown
from landbridge.workloads.trading.state import Outcome, Stale

NEWER = "attribute_not_exists(#version) OR (#version < :version AND #epoch <= :epoch)"
OPEN = "#state = :open AND #epoch = :epoch"
CONDITION, CONFLICT = "ConditionalCheckFailed", "TransactionConflict"


class StateTables:
    """Dashboard state and its fences in one region."""

    def __init__(self, dynamodb: Any, *, state: str, pens: str, fences: int) -> None:
        self._dynamodb, self._state, self._pens, self._fences = dynamodb, state, pens, fences
        self.why = ""

    def fence(self, user: str) -> Pen | None:
        """The fence guarding this user, read strongly consistent; None = there is none, or it couldn't be read."""
        item = self._get(self._pens, pen_key(Domain.STATE, fence_of(user, self._fences)), consistent=True)
        return Pen.of(item) if item else None

    def current(self, user: str, view: str, *, consistent: bool = True) -> StateItem | None:
        """What is stored; None = nothing, or it couldn't be read: then `why` says so."""
        item = self._get(self._state, {"user": user, "view": view}, consistent=consistent)
        return StateItem.of(item) if item else None

    def commit(self, item: StateItem, bucket: int, at: float) -> Outcome:
        """One transaction: item if newer, fence open with the item's epoch, receipt. Safe to repeat with the same item."""
        try:
            self._dynamodb.transact_write_items(TransactItems=self._acts(item, bucket, at))
        except ClientError as refused:
            return self._cancelled(refused, item)
        except BotoCoreError as error:
            return Unknown(type(error).__name__)
        return Committed(item)

    def _acts(self, item: StateItem, bucket: int, at: float) -> list[dict[str, Any]]:
        numbers = {":version": item.version, ":epoch": item.epoch}
        put = {
            "TableName": self._state,
            "Item": _wire(item.item()),
            "ConditionExpression": NEWER,
            "ExpressionAttributeNames": {"#version": "version", "#epoch": "epoch"},
            "ExpressionAttributeValues": _wire(numbers),
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        }
        check = {
            "TableName": self._pens,
            "Key": _wire(pen_key(Domain.STATE, bucket)),
            "ConditionExpression": OPEN,
            "ExpressionAttributeNames": {"#state": "state", "#epoch": "epoch"},
            "ExpressionAttributeValues": _wire({":open": str(PenState.OPEN), ":epoch": item.epoch}),
        }
        kept = {"TableName": self._pens, "Item": _wire(receipt(item, bucket, at))}
        return [{"Put": put}, {"ConditionCheck": check}, {"Put": kept}]

    def _cancelled(self, refused: ClientError, item: StateItem) -> Outcome:
        code = str(refused.response.get("Error", {}).get("Code", ""))
        reasons: Sequence[Mapping[str, Any]] = refused.response.get("CancellationReasons", ())
        codes = [str(reason.get("Code")) for reason in reasons]
        if codes[1:2] == [CONDITION]:
            return Closed()
        if CONFLICT in codes or code == "TransactionConflictException":
            return Conflict()
        if codes[:1] == [CONDITION]:
            return self._stale(reasons[0].get("Item"), item)
        return Unknown(next((found for found in codes if found != "None"), code))

    def _stale(self, found: Mapping[str, Any] | None, item: StateItem) -> Outcome:
        current = StateItem.of(_plain(found)) if found else self.current(item.user, item.view)
        return Stale(current) if current else Unknown("StaleUnread")

    def _get(self, table: str, key: Mapping[str, Any], *, consistent: bool) -> dict[str, Any] | None:
        self.why = ""
        try:
            answer = self._dynamodb.get_item(TableName=table, Key=_wire(key), ConsistentRead=consistent)
        except ClientError as refused:
            self.why = str(refused.response.get("Error", {}).get("Code", "")) or "ClientError"
            return None
        except BotoCoreError as error:
            self.why = type(error).__name__
            return None
        item = answer.get("Item")
        return _plain(item) if item else None


def _wire(item: Mapping[str, Any]) -> dict[str, Any]:
    serialize = TypeSerializer().serialize
    return {name: serialize(value) for name, value in item.items()}


def _plain(item: Mapping[str, Any]) -> dict[str, Any]:
    deserialize = TypeDeserializer().deserialize
    return {name: deserialize(value) for name, value in item.items()}
