"""One change set: made, waited for, looked through, executed. Nothing reaches a stack any other way."""

import contextlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from landbridge.aws.clients import said
from landbridge.deploy.changes import ResourceChange, listed
from landbridge.model.errors import Refused

PREFIX = "landbridge-"
UNCHANGED = ("didn't contain changes", "No updates are to be performed")
LOOKS, PAUSE = 120, 0.5

Sleep = Callable[[float], None]
Approve = Callable[[Sequence[ResourceChange]], None]  # raises when these changes must not be made


@dataclass(frozen=True)
class Change:
    """What a change set is to bring about."""

    stack: str
    region: str
    kind: str  # CREATE, UPDATE or IMPORT
    body: str
    parameters: Mapping[str, str]
    tags: Mapping[str, str]
    digest: str
    alarms: Sequence[str] = ()  # ARNs; one that rings while the stack changes, or for `watch_minutes` after, rolls it back
    watch_minutes: int = 0
    imports: Sequence[Mapping[str, Any]] = ()  # what is taken over, as CloudFormation's ResourcesToImport

    @property
    def name(self) -> str:
        """The same change has the same name, so a repeated call makes no second one."""
        return f"{PREFIX}{self.digest[:24]}"


def bring_about(cloudformation: Any, change: Change, sleep: Sleep, approve: Approve) -> bool:
    """Starts the change and returns; False when there was nothing to change. What is refused or interrupted leaves nothing."""
    try:
        clear(cloudformation, change.stack)
        changes = _prepared(cloudformation, change, sleep)
        if changes is None:
            clear(cloudformation, change.stack)
            return False
        approve(changes)
        cloudformation.execute_change_set(StackName=change.stack, ChangeSetName=change.name)
    except BaseException:
        with contextlib.suppress(BotoCoreError, ClientError):  # the next begin clears it away too
            clear(cloudformation, change.stack)
        raise
    return True


def foresee(cloudformation: Any, change: Change, sleep: Sleep) -> Sequence[ResourceChange]:
    """What the change would do; nothing of it is left, and a change set of a deploy under way is left alone."""
    look = replace(change, digest=f"look-{change.digest}")
    try:
        return _prepared(cloudformation, look, sleep) or ()
    finally:
        cloudformation.delete_change_set(StackName=look.stack, ChangeSetName=look.name)


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


def _prepared(cloudformation: Any, change: Change, sleep: Sleep) -> Sequence[ResourceChange] | None:
    with contextlib.suppress(cloudformation.exceptions.AlreadyExistsException):  # a lost answer: our own, just made
        cloudformation.create_change_set(**_call(change))
    if not _ready(cloudformation, change, sleep):
        return None
    pages = cloudformation.get_paginator("describe_change_set").paginate(StackName=change.stack, ChangeSetName=change.name)
    return tuple(found for page in pages for found in listed(page))


def _call(change: Change) -> dict[str, Any]:
    call: dict[str, Any] = {
        "StackName": change.stack,
        "ChangeSetName": change.name,
        "ChangeSetType": change.kind,
        "TemplateBody": change.body,
        "Parameters": [{"ParameterKey": key, "ParameterValue": value} for key, value in sorted(change.parameters.items())],
        "Tags": [{"Key": key, "Value": value} for key, value in sorted(change.tags.items())],
        "Capabilities": ["CAPABILITY_NAMED_IAM"],
    }
    if change.alarms:
        triggers = [{"Arn": arn, "Type": "AWS::CloudWatch::Alarm"} for arn in change.alarms]
        call["RollbackConfiguration"] = {"RollbackTriggers": triggers, "MonitoringTimeInMinutes": change.watch_minutes}
    if change.imports:
        call["ResourcesToImport"] = list(change.imports)
        del call["Tags"]  # an import takes none; the update after it brings them
    return call


def _ready(cloudformation: Any, change: Change, sleep: Sleep) -> bool:
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
