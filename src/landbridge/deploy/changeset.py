"""One change set: made, waited for, looked through, executed. Nothing reaches a stack any other way."""

import contextlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from landbridge.aws.clients import said
from landbridge.model.errors import Refused

PREFIX = "landbridge-"
STATEFUL = frozenset({"AWS::DynamoDB::GlobalTable", "AWS::DynamoDB::Table", "AWS::KMS::Key", "AWS::S3::Bucket"})
UNCHANGED = ("didn't contain changes", "No updates are to be performed")
LOOKS, PAUSE = 120, 0.5


@dataclass(frozen=True)
class Change:
    """What a change set is to bring about."""

    stack: str
    region: str
    kind: str  # CREATE or UPDATE
    body: str
    parameters: Mapping[str, str]
    tags: Mapping[str, str]
    digest: str

    @property
    def name(self) -> str:
        """The same change has the same name, so a repeated call makes no second one."""
        return f"{PREFIX}{self.digest[:24]}"


def bring_about(cloudformation: Any, change: Change, sleep: Callable[[float], None]) -> bool:
    """Starts the change and returns; False when there was nothing to change."""
    clear(cloudformation, change.stack)
    _create(cloudformation, change)
    if not _ready(cloudformation, change, sleep):
        clear(cloudformation, change.stack)
        return False
    if harm := sorted(_harms(cloudformation, change)):
        clear(cloudformation, change.stack)
        raise Refused(change.region, f"the change of {change.stack}", f"it would destroy {', '.join(harm)}")
    cloudformation.execute_change_set(StackName=change.stack, ChangeSetName=change.name)
    return True


def clear(cloudformation: Any, stack: str) -> None:
    """Deletes change sets of ours that were made and never executed: a killed run leaves them."""
    pages = cloudformation.get_paginator("list_change_sets").paginate(StackName=stack)
    try:
        left = [found["ChangeSetName"] for page in pages for found in page["Summaries"] if _ours(found)]
    except ClientError as error:
        if said(error) != "ValidationError":
            raise
        return  # there is no such stack, so nothing is left of it
    for name in left:
        cloudformation.delete_change_set(StackName=stack, ChangeSetName=name)


def _ours(found: Mapping[str, Any]) -> bool:
    executed = found.get("ExecutionStatus") in {"EXECUTE_IN_PROGRESS", "EXECUTE_COMPLETE"}
    return str(found["ChangeSetName"]).startswith(PREFIX) and not executed


def _create(cloudformation: Any, change: Change) -> None:
    with contextlib.suppress(cloudformation.exceptions.AlreadyExistsException):  # a lost answer: our own, just made
        cloudformation.create_change_set(
            StackName=change.stack,
            ChangeSetName=change.name,
            ChangeSetType=change.kind,
            TemplateBody=change.body,
            Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in sorted(change.parameters.items())],
            Tags=[{"Key": key, "Value": value} for key, value in sorted(change.tags.items())],
            Capabilities=["CAPABILITY_NAMED_IAM"],
        )


def _ready(cloudformation: Any, change: Change, sleep: Callable[[float], None]) -> bool:
    for _ in range(LOOKS):
        found = cloudformation.describe_change_set(StackName=change.stack, ChangeSetName=change.name)
        if found["Status"] == "CREATE_COMPLETE":
            return True
        if found["Status"] == "FAILED":
            why = str(found.get("StatusReason", ""))
            if any(words in why for words in UNCHANGED):
                return False
            raise Refused(change.region, f"the change of {change.stack}", why)
        sleep(PAUSE)
    raise Refused(change.region, f"the change of {change.stack}", "its change set was not ready in time; try again")


def _harms(cloudformation: Any, change: Change) -> Iterator[str]:
    pages = cloudformation.get_paginator("describe_change_set").paginate(StackName=change.stack, ChangeSetName=change.name)
    for page in pages:
        for entry in page.get("Changes", ()):
            found = entry.get("ResourceChange", {})
            if found.get("ResourceType") in STATEFUL and _destroys(found):
                yield f"{found['LogicalResourceId']} ({found['ResourceType']})"


def _destroys(found: Mapping[str, Any]) -> bool:
    """Removed, replaced, or perhaps replaced because a property that can't change depends on something that did."""
    needs = {detail.get("Target", {}).get("RequiresRecreation") for detail in found.get("Details", ())}
    return found.get("Action") == "Remove" or found.get("Replacement") == "True" or "Always" in needs
