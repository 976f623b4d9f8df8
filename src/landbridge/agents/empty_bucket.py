"""Empties a bucket when its stack is deleted: a custom resource that always answers, and never empties by mistake.

Only a stack on its way out is obeyed: a custom resource that merely left its template must not cost a bucket its objects.
This file lies in a template as it stands, so it imports nothing of ours.
"""

import json
import urllib.request
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import boto3

LEAVING = ("DELETE_IN_PROGRESS", "ROLLBACK_IN_PROGRESS")
ROUNDS = 4  # of 15 minutes: CloudFormation waits an hour for an answer
SPARE_MS = 60_000
TRIES = 3
ROOM = 1_500  # characters of a reason; an answer may have 4,096 bytes


def handler(event: Mapping[str, Any], context: Any) -> None:
    """What Lambda calls."""
    Emptier(boto3.client, _send).handle(event, context)


@dataclass(frozen=True)
class Emptier:
    """Does what an event of CloudFormation asks for."""

    client: Callable[[str], Any]
    send: Callable[[str, bytes], None]

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
        bucket = str(event["ResourceProperties"]["BucketName"])
        if event["RequestType"] != "Delete":
            return f"{bucket} will be emptied when its stack is deleted"
        found = self.client("cloudformation").describe_stacks(StackName=event["StackId"])["Stacks"]
        if found[0]["StackStatus"] not in LEAVING:
            return f"{bucket} was left as it is: its stack is {found[0]['StackStatus']}"
        done, empty = self._empty(bucket, context.get_remaining_time_in_millis)
        return f"{bucket} is empty: {done} deleted" if empty else self._go_on(event, bucket, context.invoked_function_arn)

    def _empty(self, bucket: str, remaining_ms: Callable[[], int]) -> tuple[int, bool]:
        """Deletes versions and markers while there is time; how many, and whether none is left."""
        s3, done = self.client("s3"), 0
        while remaining_ms() > SPARE_MS:
            try:
                page = s3.list_object_versions(Bucket=bucket, MaxKeys=1000)
            except s3.exceptions.NoSuchBucket:
                return done, True
            found = [*page.get("Versions", ()), *page.get("DeleteMarkers", ())]
            if not found:
                return done, True
            keys = [{"Key": each["Key"], "VersionId": each["VersionId"]} for each in found]
            if errors := s3.delete_objects(Bucket=bucket, Delete={"Objects": keys, "Quiet": True}).get("Errors"):
                raise PermissionError(f"{bucket}: {len(errors)} can't be deleted, the first because {errors[0]['Code']}")
            done += len(keys)
            print(json.dumps({"bucket": bucket, "deleted": done}))  # noqa: T201 - a function's log is what it prints
        return done, False

    def _go_on(self, event: Mapping[str, Any], bucket: str, function: str) -> str:
        rounds = event.get("Rounds", 1)
        if rounds >= ROUNDS:
            raise TimeoutError(f"{bucket} is not empty after an hour; delete the stack again to go on")
        again = json.dumps({**event, "Rounds": rounds + 1}).encode()
        self.client("lambda").invoke(FunctionName=function, InvocationType="Event", Payload=again)
        return ""

    def _answer(self, event: Mapping[str, Any], status: str, reason: str) -> None:
        """Tells CloudFormation; the id follows from the bucket, so that only another bucket is another resource."""
        bucket = event.get("ResourceProperties", {}).get("BucketName", "a bucket without a name")
        known = event.get("PhysicalResourceId") if event.get("RequestType") == "Delete" else None
        told = {
            "Status": status,
            "Reason": reason[:ROOM],
            "PhysicalResourceId": known or f"emptied {bucket}",
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
