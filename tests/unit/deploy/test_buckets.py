"""A bucket is emptied of every version and marker, or the reason is told."""

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from landbridge.deploy.buckets import empty
from landbridge.model.errors import Refused


class Bucket:
    """Versions and markers, a page at a time."""

    def __init__(self, *pages: dict[str, Any], fails: str = "", errors: list[dict[str, str]] | None = None) -> None:
        self.pages, self.fails, self.errors = pages, fails, errors
        self.deleted: list[tuple[str, str]] = []

    def get_paginator(self, name: str) -> "Bucket":
        """This bucket lists itself."""
        assert name == "list_object_versions"
        return self

    def paginate(self, Bucket: str) -> Iterator[dict[str, Any]]:  # noqa: N803 - as AWS spells it
        """The pages, or a failure."""
        if self.fails:
            raise ClientError({"Error": {"Code": self.fails}}, "ListObjectVersions")
        yield from self.pages

    def delete_objects(self, Bucket: str, Delete: dict[str, Any]) -> dict[str, Any]:  # noqa: N803 - as AWS spells it
        """Deletes, or says why not."""
        self.deleted += [(entry["Key"], entry["VersionId"]) for entry in Delete["Objects"]]
        return {"Errors": self.errors} if self.errors else {}


VERSION, MARKER = {"Key": "a", "VersionId": "1"}, {"Key": "a", "VersionId": "2"}


def test_every_version_and_marker_goes() -> None:
    """Over all pages, empty ones among them."""
    bucket = Bucket({"Versions": [VERSION]}, {}, {"DeleteMarkers": [MARKER]})
    empty(bucket, "b", "us-east-1")
    assert bucket.deleted == [("a", "1"), ("a", "2")]


def test_a_bucket_that_is_gone_is_empty() -> None:
    """But one that may not be listed isn't."""
    empty(Bucket(fails="NoSuchBucket"), "b", "us-east-1")
    with pytest.raises(ClientError):
        empty(Bucket(fails="AccessDenied"), "b", "us-east-1")


def test_what_will_not_go_is_told() -> None:
    """S3 answers 200 with errors in it; they are not overlooked."""
    with pytest.raises(Refused, match="emptying b was refused in us-east-1"):
        empty(Bucket({"Versions": [VERSION]}, errors=[{"Code": "AccessDenied", "Message": "held"}]), "b", "us-east-1")
