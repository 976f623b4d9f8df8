"""Each region's whole state table as it stands, for the ledger to be held against."""

from landbridge.aws.clients import speaking
from landbridge.migrate.adapters.compose import Migration
from landbridge.migrate.adapters.regional import plain
from landbridge.model.errors import Refused
from landbridge.model.region import Region
from landbridge.model.state import StateItem, is_reserved
from landbridge.rehearse.settle import Key


def copies(migration: Migration) -> dict[Region, dict[Key, StateItem]]:
    """The copies that exist; a region without the table has none."""
    found = {}
    for region in migration.regions:
        try:
            found[region] = _whole(migration, region)
        except Refused as no:
            if "ResourceNotFoundException" not in no.why:
                raise
    return found


def _whole(migration: Migration, region: Region) -> dict[Key, StateItem]:
    pages = migration.clients.client("dynamodb", region).get_paginator("scan")
    with speaking(region, "Scan"):
        items = [
            StateItem.of(plain(item))
            for page in pages.paginate(TableName=migration.named("state"), ConsistentRead=True)
            for item in page["Items"]
        ]
    return {item.key: item for item in items if not is_reserved(item.user)}
