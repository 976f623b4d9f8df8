"""A table's items and definition, read and written as a replica needs them."""

import asyncio
from collections.abc import Sequence
from typing import Any

from landbridge.aws.clients import Clients
from landbridge.model.errors import Refused, Unreachable
from landbridge.model.region import Region
from landbridge.rehearse.fabric.ask import ask
from landbridge.rehearse.fabric.last_writer import Change, Image

BATCH = 25  # what BatchWriteItem takes
WAIT_SECONDS = 0.1
INDEX_MEMBERS = ("IndexName", "KeySchema", "Projection", "ProvisionedThroughput")


async def describe(clients: Clients, region: Region, table: str) -> dict[str, Any] | None:
    """The table's description, or None where there is no such table."""
    try:
        found = await ask(clients, "dynamodb", region, "describe_table", TableName=table)
    except Refused as refused:
        if "ResourceNotFoundException" in refused.why:
            return None
        raise
    description: dict[str, Any] = found["Table"]
    return description


def definition(described: dict[str, Any]) -> dict[str, Any]:
    """What makes a replica of a described table: the same keys, indexes and billing, and a stream of both images."""
    billing = described.get("BillingModeSummary", {}).get("BillingMode", "PROVISIONED")
    made: dict[str, Any] = {
        "TableName": described["TableName"],
        "KeySchema": described["KeySchema"],
        "AttributeDefinitions": described["AttributeDefinitions"],
        "BillingMode": billing,
        "StreamSpecification": {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    }
    if billing == "PROVISIONED":
        made["ProvisionedThroughput"] = _throughput(described)
    for kind in ("GlobalSecondaryIndexes", "LocalSecondaryIndexes"):
        if described.get(kind):
            made[kind] = [_index(index, billing) for index in described[kind]]
    return made


async def scan(clients: Clients, region: Region, table: str) -> list[Image]:
    """Every item of a table, read consistently."""
    items: list[Image] = []
    start: dict[str, Any] = {}
    while True:
        page = await ask(clients, "dynamodb", region, "scan", TableName=table, ConsistentRead=True, **start)
        items += page["Items"]
        if "LastEvaluatedKey" not in page:
            return items
        start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}


async def write(clients: Clients, region: Region, table: str, changes: Sequence[Change]) -> None:
    """Writes at most 25 changes of different keys; what the table leaves undone is written again."""
    requests = {table: [_request(change) for change in changes]}
    while requests:
        answer = await ask(clients, "dynamodb", region, "batch_write_item", RequestItems=requests)
        requests = answer.get("UnprocessedItems") or {}
        if requests:
            await asyncio.sleep(WAIT_SECONDS)


async def delete(clients: Clients, region: Region, table: str) -> None:
    """The table is gone, now or already; waits while the region can't be reached."""
    while True:
        try:
            if await describe(clients, region, table) is None:
                return
            await ask(clients, "dynamodb", region, "delete_table", TableName=table)
        except (Unreachable, Refused):
            await asyncio.sleep(WAIT_SECONDS)


def _request(change: Change) -> dict[str, Any]:
    if change.image is None:
        return {"DeleteRequest": {"Key": change.keys}}
    return {"PutRequest": {"Item": change.image}}


def _throughput(described: dict[str, Any]) -> dict[str, int]:
    provisioned = described.get("ProvisionedThroughput", {})
    return {name: int(provisioned.get(name) or 1) for name in ("ReadCapacityUnits", "WriteCapacityUnits")}


def _index(index: dict[str, Any], billing: str) -> dict[str, Any]:
    made = {name: index[name] for name in INDEX_MEMBERS[:3] if name in index}
    if billing == "PROVISIONED" and "ProvisionedThroughput" in index:
        made["ProvisionedThroughput"] = _throughput(index)
    return made
