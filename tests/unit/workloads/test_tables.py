"""What DynamoDB says becomes an outcome that is never more certain than the answer."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from boto3.dynamodb.types import TypeSerializer
from botocore.exceptions import ClientError, ReadTimeoutError

from landbridge.model.pen import Epoch, Pen, PenState
from landbridge.model.state import StateItem
from landbridge.workloads.trading.ports import Closed, Committed, Conflict, Unknown
from landbridge.workloads.trading.state import Outcome, Stale
from landbridge.workloads.trading.tables import StateTables

ITEM = StateItem("u", "v", 2, "w", Epoch(1), "value")
OLD = StateItem("u", "v", 3, "x", Epoch(1), "newer", deleted=True)


def _wire(item: dict[str, Any]) -> dict[str, Any]:
    return {name: TypeSerializer().serialize(value) for name, value in item.items()}


def _cancelled(*codes: str, item: StateItem | None = None) -> ClientError:
    reasons: list[dict[str, Any]] = [{"Code": code} for code in codes]
    if item:
        reasons[2]["Item"] = _wire(item.item())
    response: Any = {"Error": {"Code": "TransactionCanceledException"}, "CancellationReasons": reasons}
    return ClientError(response, "TransactWriteItems")


def _refused(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code}}, "GetItem")


@dataclass
class Dynamo:
    """Holds one item, keeps what it was asked, and fails on demand."""

    item: dict[str, Any] | None = None
    fails: Exception | None = None
    unreadable: Exception | None = None
    asked: list[dict[str, Any]] = field(default_factory=list)

    def transact_write_items(self, **call: Any) -> None:
        """Commits, or fails."""
        self.asked.append(call)
        if self.fails:
            raise self.fails

    def get_item(self, **call: Any) -> dict[str, Any]:
        """The item, or a failure."""
        self.asked.append(call)
        if self.unreadable:
            raise self.unreadable
        return {"Item": _wire(self.item)} if self.item else {}


def _tables(dynamo: Dynamo) -> StateTables:
    return StateTables(dynamo, state="state", pens="pens", fences=4)


def test_a_commit_is_one_transaction_of_item_fence_and_receipt() -> None:
    """Three acts, each in its table, under its condition."""
    dynamo = Dynamo()
    assert _tables(dynamo).commit(ITEM, 3, 12.5) == Committed(ITEM)
    check, kept, put = dynamo.asked[0]["TransactItems"]
    assert put["Put"]["TableName"] == "state"
    assert "#version < :version" in put["Put"]["ConditionExpression"]
    assert check["ConditionCheck"]["Key"] == {"pk": {"S": "pen#state"}, "sk": {"S": "fence#003"}}
    assert check["ConditionCheck"]["ExpressionAttributeValues"] == {":open": {"S": "open"}, ":epoch": {"N": "1"}}
    assert kept["Put"]["TableName"] == "pens"
    assert kept["Put"]["Item"]["pk"]["S"].startswith("receipt#state#000001#003")


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (_cancelled("ConditionalCheckFailed", "None", "None"), Closed()),
        (_cancelled("ConditionalCheckFailed", "None", "ConditionalCheckFailed"), Closed()),
        (_cancelled("ConditionalCheckFailed", "None", "TransactionConflict"), Closed()),
        (_cancelled("None", "TransactionConflict", "None"), Conflict()),
        (_cancelled("TransactionConflict", "None", "ConditionalCheckFailed"), Conflict()),
        (_refused("TransactionConflictException"), Conflict()),
        (_cancelled("None", "None", "ConditionalCheckFailed", item=OLD), Stale(OLD)),
        (_cancelled("ThrottlingError", "None", "None"), Unknown("ThrottlingError")),
        (_cancelled("None", "None", "ProvisionedThroughputExceeded"), Unknown("ProvisionedThroughputExceeded")),
        (_refused("InternalServerError"), Unknown("InternalServerError")),
        (ReadTimeoutError(endpoint_url="http://here"), Unknown("ReadTimeoutError")),
    ],
)
def test_every_failure_becomes_what_it_proves(error: Exception, outcome: Outcome) -> None:
    """The fence's no stands above all; a conflict is no 'closed'; the rest is unknown."""
    assert _tables(Dynamo(fails=error)).commit(ITEM, 0, 1.0) == outcome


def test_stale_without_the_item_reads_it() -> None:
    """Where the refusal doesn't carry what stands, it is read; unreadable, the outcome is unknown."""
    stale = _cancelled("None", "None", "ConditionalCheckFailed")
    assert _tables(Dynamo(OLD.item(), fails=stale)).commit(ITEM, 0, 1.0) == Stale(OLD)
    assert _tables(Dynamo(fails=stale, unreadable=_refused("X"))).commit(ITEM, 0, 1.0) == Unknown("StaleUnread")


def test_the_fence_is_read_strongly_consistent_or_not_at_all() -> None:
    """A fence, none, or one that couldn't be read: the last two look the same to whoever wants to write."""
    pen = Pen(PenState.OPEN, Epoch(2), 5, 1.5)
    dynamo = Dynamo(pen.item())
    assert _tables(dynamo).fence("u") == pen
    assert dynamo.asked[0]["ConsistentRead"] is True
    assert dynamo.asked[0]["TableName"] == "pens"
    assert _tables(Dynamo()).fence("u") is None
    assert _tables(Dynamo(unreadable=_refused("AccessDenied"))).fence("u") is None


FAILURES = [(_refused("Throttled"), "Throttled"), (ReadTimeoutError(endpoint_url="x"), "ReadTimeoutError")]


@pytest.mark.parametrize(("error", "why"), FAILURES)
def test_nothing_there_and_unreadable_are_told_apart(error: Exception, why: str) -> None:
    """`why` says whether there was nothing or nobody knows, and is forgotten by the next good read."""
    dynamo = Dynamo(unreadable=error)
    tables = _tables(dynamo)
    assert (tables.current("u", "v"), tables.why) == (None, why)
    dynamo.unreadable = None
    assert (tables.current("u", "v"), tables.why) == (None, "")
    dynamo.item = OLD.item()
    assert tables.current("u", "v", consistent=False) == OLD
    assert dynamo.asked[-1]["ConsistentRead"] is False
