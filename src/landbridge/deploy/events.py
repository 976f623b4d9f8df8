"""A stack's events: the first cause of a failure, and what has happened since the last look."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Any

from botocore.exceptions import ClientError

from landbridge.aws.clients import said

BEGINNINGS = frozenset({"CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS", "DELETE_IN_PROGRESS", "IMPORT_IN_PROGRESS"})


def first_cause(cloudformation: Any, stack: str) -> str:
    """Why the last attempt failed: its first failed resource, else what CloudFormation says of the stack itself."""
    resource = own = ""
    invalid = False
    for event in _events(cloudformation, stack):
        status, why = str(event["ResourceStatus"]), str(event.get("ResourceStatusReason") or "")
        if event.get("PhysicalResourceId") == event["StackId"]:
            if status in BEGINNINGS:
                break
            own = why or own
            invalid = invalid or event.get("DetailedStatus") == "VALIDATION_FAILED"
        elif status.endswith("_FAILED"):
            resource = f"{event['LogicalResourceId']}: {why or status}"
    return resource or (_invalid(cloudformation, stack) if invalid else "") or own or "CloudFormation gives no reason"


def _invalid(cloudformation: Any, stack: str) -> str:
    """What CloudFormation found wrong before it made anything; it tells that in a list of its own."""
    pages = cloudformation.get_paginator("describe_events").paginate(StackName=stack, Filters={"FailedEvents": True})
    for event in (event for page in pages for event in page["OperationEvents"]):
        if event.get("EventType") == "VALIDATION_ERROR":
            return f"{event.get('LogicalResourceId', stack)}: {event.get('ValidationStatusReason', 'is not valid')}"
    return ""


@dataclass
class Progress:
    """Tells each event of a stack once, from its first call on."""

    cloudformation: Any
    stack: str
    _seen: str | None = field(default=None, init=False)

    def news(self) -> Iterator[str]:
        """What has happened since the last call, oldest first; nothing at the first."""
        began = self._seen is None
        new = list(takewhile(lambda event: not began and event["EventId"] != self._seen, self._found()))
        if began:
            self._seen = next((str(event["EventId"]) for event in self._found()), "")
        elif new:
            self._seen = str(new[0]["EventId"])
        for event in reversed(new):
            why = f": {event['ResourceStatusReason']}" if event.get("ResourceStatusReason") else ""
            yield f"{event['LogicalResourceId']} {event['ResourceStatus']}{why}"

    def _found(self) -> Iterator[Mapping[str, Any]]:
        try:
            yield from _events(self.cloudformation, self.stack)
        except ClientError as error:
            if said(error) != "ValidationError":  # there is no such stack, so nothing happens to it
                raise


def _events(cloudformation: Any, stack: str) -> Iterator[Mapping[str, Any]]:
    """Newest first, as CloudFormation lists them."""
    for page in cloudformation.get_paginator("describe_stack_events").paginate(StackName=stack):
        yield from page["StackEvents"]
