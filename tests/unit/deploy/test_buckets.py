"""A bucket is emptied of every version and marker, or the reason is told."""

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError
from tests.unit.deploy.fakes import SOURCE, CloudFormation

from landbridge.aws.clients import Clients
from landbridge.deploy.buckets import empty
from landbridge.deploy.contents import empty_stack
from landbridge.deploy.live_stack import LiveStack
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


class Vault:
    """Backups, a page at a time."""

    def __init__(self) -> None:
        self.left = ["a", "b", "c"]

    def get_paginator(self, name: str) -> "Vault":
        """It lists itself."""
        assert name == "list_recovery_points_by_backup_vault"
        return self

    def paginate(self, BackupVaultName: str) -> Iterator[dict[str, Any]]:  # noqa: N803 - as AWS spells it
        """Two and one."""
        assert BackupVaultName == "v"
        for part in (self.left[:2], self.left[2:]):
            yield {"RecoveryPoints": [{"RecoveryPointArn": arn} for arn in part]}

    def delete_recovery_point(self, BackupVaultName: str, RecoveryPointArn: str) -> None:  # noqa: N803 - as AWS spells it
        """One goes."""
        self.left.remove(RecoveryPointArn)


def test_what_keeps_a_stack_from_going_is_emptied_and_told() -> None:
    """Its buckets and its vaults, and nothing else of it."""
    kinds = {"b": "AWS::S3::Bucket", "v": "AWS::Backup::BackupVault", "t": "AWS::DynamoDB::Table"}
    holds = [
        {"LogicalResourceId": name, "ResourceType": kind, "PhysicalResourceId": name, "ResourceStatus": "CREATE_COMPLETE"}
        for name, kind in kinds.items()
    ]
    clients, vault, bucket = Clients(), Vault(), Bucket({"Versions": [VERSION]}, {"DeleteMarkers": [MARKER]})
    clients._made["s3", SOURCE, True], clients._made["backup", SOURCE, True] = bucket, vault
    told: list[str] = []
    empty_stack(clients, SOURCE, LiveStack(CloudFormation("CREATE_COMPLETE", holds=holds), "stack"), told.append)
    assert told == ["b: 1 versions and markers deleted", "b: 2 versions and markers deleted", "v: 3 backups deleted"]
    assert (vault.left, len(bucket.deleted)) == ([], 2)
