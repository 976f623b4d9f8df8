"""A table's copy speaks DynamoDB's own JSON: binary keys, keys left unanswered, what a page consumed."""

import base64
from dataclasses import dataclass, field
from math import inf
from types import SimpleNamespace
from typing import Any, cast

import orjson
from tests.fakes import TARGET, Clock

from landbridge.aws.clients import BODY, Clients
from landbridge.verify.budget import Budget
from landbridge.verify.tables.canonical import digest
from landbridge.verify.tables.wire import TableCopy, key_of

NAMES = ("id",)


@dataclass
class FakeDynamo:
    """A table whose key is binary; it answers two keys at a time."""

    items: dict[bytes, dict[str, Any]] = field(default_factory=dict)
    asked: int = 0

    def describe_table(self, TableName: str) -> dict[str, Any]:  # noqa: N803 AWS's own name
        """Its key."""
        return {"Table": {"KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}], "TableName": TableName}}

    def scan(self, **asked: Any) -> dict[str, bytes]:
        """One item a page, in the order of the keys."""
        after = asked.get("ExclusiveStartKey", {"id": {"B": b""}})["id"]["B"]
        key = min(each for each in self.items if each > after)
        more = {"LastEvaluatedKey": {"id": self.items[key]["id"]}} if key != max(self.items) else {}
        return {BODY: orjson.dumps({"Items": [self.items[key]], "ConsumedCapacity": {"CapacityUnits": 2.5}, **more})}

    def batch_get_item(self, **asked: Any) -> dict[str, bytes]:
        """The first two; the rest it leaves."""
        self.asked += 1
        ((table, wanted),) = asked["RequestItems"].items()
        assert wanted["ConsistentRead"]
        now, later = wanted["Keys"][:2], wanted["Keys"][2:]
        found = [self.items[key["id"]["B"]] for key in now if key["id"]["B"] in self.items]
        left = [{"id": {"B": base64.b64encode(key["id"]["B"]).decode()}} for key in later]
        unanswered = {table: {"Keys": left}} if left else {}
        units = [{"CapacityUnits": 1.0}]
        return {BODY: orjson.dumps({"Responses": {table: found}, "UnprocessedKeys": unanswered, "ConsumedCapacity": units})}


def item(number: int) -> dict[str, Any]:
    """Under a key that is no text."""
    return {"id": {"B": base64.b64encode(bytes([255, number])).decode()}, "value": {"N": str(number)}}


def made(dynamo: FakeDynamo) -> TableCopy:
    """Five items."""
    dynamo.items = {bytes([255, number]): item(number) for number in range(5)}
    clients = SimpleNamespace(client=lambda *_: dynamo, unparsed=lambda *_: dynamo)
    return TableCopy(cast("Clients", clients), "state", TARGET, Budget(inf, Clock(), lambda _seconds: None))


def test_every_key_is_answered_however_many_are_left() -> None:
    """What is not there is left out."""
    dynamo = FakeDynamo()
    copy = made(dynamo)
    keys = [key_of(item(number), NAMES) for number in range(7)]
    assert copy.look(keys) == {key: digest(item(number)).hex() for number, key in enumerate(keys[:5])}
    assert dynamo.asked == 4
    assert copy.budget.spent == 4


def test_a_scan_goes_on_behind_a_binary_key() -> None:
    """Each item once, and every page is paid for."""
    copy, start, found = made(FakeDynamo()), None, []
    while True:
        items, start = copy.page(0, 1, start)
        found += items
        if start is None:
            break
    assert found == [item(number) for number in range(5)]
    assert copy.budget.spent == 12.5
