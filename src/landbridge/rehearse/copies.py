"""Each region's whole tables as they stand, for what is kept of users to be held against."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

from landbridge.aws.clients import Clients, speaking
from landbridge.migrate.adapters.regional import plain
from landbridge.model.errors import Refused
from landbridge.model.region import Region
from landbridge.model.state import StateItem, is_reserved
from landbridge.rehearse.settle import Key

T = TypeVar("T")
ABSENT = ("ResourceNotFoundException", "NoSuchBucket", "there is no cluster")


def standing(regions: Iterable[Region], read: Callable[[Region], T]) -> dict[Region, T]:
    """What each region holds; one without the table, bucket or cluster holds nothing, and is left out."""
    found = {}
    for region in regions:
        try:
            found[region] = read(region)
        except Refused as no:
            if not any(code in no.why for code in ABSENT):
                raise
    return found


def people(clients: Clients, region: Region, table: str) -> Iterator[dict[str, Any]]:
    """Every item of a user's; ours are left out."""
    with speaking(region, f"Scan {table}"):
        for page in clients.client("dynamodb", region).get_paginator("scan").paginate(TableName=table, ConsistentRead=True):
            yield from (item for item in map(plain, page["Items"]) if not is_reserved(item["user"]))


def state_copy(clients: Clients, region: Region, table: str) -> dict[Key, StateItem]:
    """A region's whole table of state."""
    return {item.key: item for item in map(StateItem.of, people(clients, region, table))}
