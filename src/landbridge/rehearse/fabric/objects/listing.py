"""What a bucket holds, version by version, and the rules it is copied by."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from landbridge.aws.clients import Clients, said, speaking
from landbridge.model.region import Region
from landbridge.rehearse.fabric.objects.ledger import Place
from landbridge.rehearse.fabric.objects.rules import Rule, rules

NONE = frozenset({"ReplicationConfigurationNotFoundError", "NoSuchBucket"})


@dataclass(frozen=True, slots=True)
class Listed:
    """One version, or a delete marker."""

    place: Place
    marker: bool
    latest: bool
    modified: float
    size: int
    storage_class: str


def of_key(clients: Clients, region: Region, bucket: str, key: str) -> list[Listed]:
    """Every version of one key, the newest first."""
    return [each for each in every(clients, region, bucket, key) if each.place.key == key]


def every(clients: Clients, region: Region, bucket: str, prefix: str = "") -> Iterator[Listed]:
    """Every version, in the order of keys, the newest first."""
    paginator = clients.client("s3", region).get_paginator("list_object_versions")
    with speaking(region, f"ListObjectVersions {bucket}"):
        for page in paginator.paginate(Bucket=bucket, Prefix=prefix):
            found = [_listed(region, bucket, each) for each in (*page.get("Versions", ()), *page.get("DeleteMarkers", ()))]
            yield from (each for _, each in sorted(enumerate(found), key=lambda pair: _order(*pair)))


def rules_of(clients: Clients, region: Region, bucket: str) -> tuple[Rule, ...]:
    """The enabled rules; none where there is no bucket."""
    with speaking(region, f"GetBucketReplication {bucket}"):
        try:
            told = clients.client("s3", region).get_bucket_replication(Bucket=bucket)
        except ClientError as error:
            if said(error) in NONE:
                return ()
            raise
    return rules(told["ReplicationConfiguration"])


def _order(number: int, each: Listed) -> tuple[bytes, bool, float, int]:
    return each.place.key.encode(), not each.latest, -each.modified, number


def _listed(region: Region, bucket: str, each: dict[str, Any]) -> Listed:
    place = Place(region, bucket, each["Key"], each["VersionId"])
    modified = each["LastModified"].timestamp()
    return Listed(place, "Size" not in each, each["IsLatest"], modified, each.get("Size", 0), each.get("StorageClass", ""))
