"""Empties a bucket or a vault when its stack is deleted: a custom resource that always answers.

Only a stack on its way out is obeyed: a custom resource that merely left its template must not cost a bucket its objects.
This file lies in a template as it stands, so it imports nothing of ours.
"""

import json
import time
import urllib.request
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import boto3

KINDS = ("Versions", "DeleteMarkers")
LEAVING = ("DELETE_IN_PROGRESS", "ROLLBACK_IN_PROGRESS")
ROUNDS = 4  # of 15 minutes: CloudFormation waits an hour for an answer
SPARE_MS = 60_000
TRIES = 3
PAUSE = 5  # seconds: a backup goes some time after it was told to
ROOM = 1_500  # characters of a reason; an answer may have 4,096 bytes


def handler(event: Mapping[str, Any], context: Any) -> None:
    """What Lambda calls."""
    Emptier(boto3.client, _send, time.sleep).handle(event, context)


@dataclass(frozen=True)
class Emptier:
    """Does what an event of CloudFormation asks for."""

    client: Callable[[str], Any]
    send: Callable[[str, bytes], None]
    sleep: Callable[[float], None]

    def handle(self, event: Mapping[str, Any], context: Any) -> None:
        """Answers the event, or hands it on to another round; what can't be done is told as the reason."""
        try:
            status, reason = "SUCCESS", self._act(event, context)
        except Exception as error:  # whatever it is: silence would hang the stack for an hour
            status, reason = "FAILED", f"{type(error).__name__}: {error}"
        if reason:
            self._answer(event, status, reason)

    def _act(self, event: Mapping[str, Any], context: Any) -> str:
        """What came of it in words; nothing when another round goes on with it."""
        properties = event["ResourceProperties"]
        vault = properties.get("VaultName")
        name = str(vault or properties["BucketName"])
        if event["RequestType"] != "Delete":
            return f"{name} will be emptied when its stack is deleted"
        found = self.client("cloudformation").describe_stacks(StackName=event["StackId"])["Stacks"]
        if found[0]["StackStatus"] not in LEAVING:
            return f"{name} was left as it is: its stack is {found[0]['StackStatus']}"
        clear = self._clear_vault if vault else self._clear_bucket
        done, empty = self._empty(name, clear, context.get_remaining_time_in_millis)
        return f"{name} is empty: {done} deleted" if empty else self._go_on(event, name, context.invoked_function_arn)

    def _empty(self, name: str, clear: Callable[[str], int | None], remaining_ms: Callable[[], int]) -> tuple[int, bool]:
        """Clears page after page while there is time; how much, and whether nothing is left."""
        done = 0
        while remaining_ms() > SPARE_MS:
            cleared = clear(name)
            if cleared is None:
                return done, True
            done += cleared
            print(json.dumps({"emptied": name, "deleted": done}))  # noqa: T201 - a function's log is what it prints
        return done, False

    def _clear_bucket(self, bucket: str) -> int | None:
        """Deletes a page of versions and markers; None when there is none."""
        s3 = self.client("s3")
        try:
            page = s3.list_object_versions(Bucket=bucket, MaxKeys=1000)
        except s3.exceptions.NoSuchBucket:
            return None
        keys = [{"Key": each["Key"], "VersionId": each["VersionId"]} for kind in KINDS for each in page.get(kind, ())]
        if not keys:
            return None
        if errors := s3.delete_objects(Bucket=bucket, Delete={"Objects": keys, "Quiet": True}).get("Errors"):
            raise PermissionError(f"{bucket}: {len(errors)} can't be deleted, the first because {errors[0]['Code']}")
        return len(keys)

    def _clear_vault(self, vault: str) -> int | None:
        """Deletes a page of backups and waits for those on their way out; None when there is none."""
        backup = self.client("backup")
        try:
            found = backup.list_recovery_points_by_backup_vault(BackupVaultName=vault)["RecoveryPoints"]
        except backup.exceptions.ResourceNotFoundException:
            return None
        staying = [each["RecoveryPointArn"] for each in found if each["Status"] != "DELETING"]
        for point in staying:
            backup.delete_recovery_point(BackupVaultName=vault, RecoveryPointArn=point)
        if found and not staying:
            self.sleep(PAUSE)
        return len(staying) if found else None

    def _go_on(self, event: Mapping[str, Any], name: str, function: str) -> str:
        rounds = event.get("Rounds", 1)
        if rounds >= ROUNDS:
            raise TimeoutError(f"{name} is not empty after an hour; delete the stack again to go on")
        again = json.dumps({**event, "Rounds": rounds + 1}).encode()
        self.client("lambda").invoke(FunctionName=function, InvocationType="Event", Payload=again)
        return ""

    def _answer(self, event: Mapping[str, Any], status: str, reason: str) -> None:
        """Tells CloudFormation; the id follows from the name, so that only another bucket or vault is another resource."""
        properties = event.get("ResourceProperties", {})
        name = properties.get("VaultName") or properties.get("BucketName", "a bucket without a name")
        known = event.get("PhysicalResourceId") if event.get("RequestType") == "Delete" else None
        told = {
            "Status": status,
            "Reason": reason[:ROOM],
            "PhysicalResourceId": known or f"emptied {name}",
            **{name: event.get(name) for name in ("StackId", "RequestId", "LogicalResourceId")},
        }
        body = json.dumps(told).encode()
        for _ in range(TRIES - 1):
            with suppress(OSError):
                self.send(event["ResponseURL"], body)
                return
        self.send(event["ResponseURL"], body)  # where this fails too, Lambda gives the event again, twice


def _send(url: str, body: bytes) -> None:
    request = urllib.request.Request(url, body, {"Content-Type": ""}, method="PUT")  # noqa: S310 - CloudFormation's address
    urllib.request.urlopen(request, timeout=10).close()  # noqa: S310
