"""Empties what keeps a stack from being deleted: its buckets of every version and marker, its vaults of every backup."""

from collections.abc import Callable
from typing import Any

from landbridge.aws.clients import Clients
from landbridge.deploy.buckets import empty
from landbridge.deploy.live_stack import LiveStack
from landbridge.model.region import Region


def empty_stack(clients: Clients, region: Region, live: LiveStack, tell: Callable[[str], None]) -> None:
    """Everything in the stack's buckets and vaults goes, page by page, with a word on each."""
    for resource in live.resources():
        name = str(resource["PhysicalResourceId"])
        match resource["ResourceType"]:
            case "AWS::S3::Bucket":
                empty(clients.client("s3", region), name, region, tell)
            case "AWS::Backup::BackupVault":
                _empty_vault(clients.client("backup", region), name, tell)


def _empty_vault(backup: Any, vault: str, tell: Callable[[str], None]) -> None:
    gone = 0
    for page in backup.get_paginator("list_recovery_points_by_backup_vault").paginate(BackupVaultName=vault):
        for point in page["RecoveryPoints"]:
            backup.delete_recovery_point(BackupVaultName=vault, RecoveryPointArn=point["RecoveryPointArn"])
            gone += 1
    if gone:
        tell(f"{vault}: {gone} backups deleted")
