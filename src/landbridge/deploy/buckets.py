"""Empties a bucket: every version and every delete marker, because a bucket that holds one can't be deleted."""

from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError

from landbridge.aws.clients import said
from landbridge.model.errors import Refused


def empty(s3: Any, bucket: str, region: str, tell: Callable[[str], None] = lambda _: None) -> None:
    """Deletes all there is in the bucket, and tells how far it is; a bucket that is gone is empty."""
    gone = 0
    pages = s3.get_paginator("list_object_versions").paginate(Bucket=bucket)
    try:
        for page in pages:
            found = [*page.get("Versions", ()), *page.get("DeleteMarkers", ())]
            _delete(s3, bucket, region, [{"Key": entry["Key"], "VersionId": entry["VersionId"]} for entry in found])
            gone += len(found)
            if found:
                tell(f"{bucket}: {gone} versions and markers deleted")
    except ClientError as error:
        if said(error) != "NoSuchBucket":
            raise


def _delete(s3: Any, bucket: str, region: str, objects: list[dict[str, str]]) -> None:
    if not objects:
        return
    answer = s3.delete_objects(Bucket=bucket, Delete={"Objects": objects, "Quiet": True})
    if errors := answer.get("Errors"):
        first = errors[0]
        raise Refused(region, f"emptying {bucket}", f"{first.get('Code')}: {first.get('Message')}")
