"""Stacks of one platform in one region: looked at, begun, removed. Every call may come any number of times.

A stack counts as current when what its template makes and the parameters it was given are ours, read back from
CloudFormation itself; a tag that says so would also be stuck on every resource of the stack. Descriptions don't count:
CloudFormation finds nothing to change in them, so a stack would never become current again.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from botocore.exceptions import ClientError

from landbridge.aws.clients import Clients, said, speaking
from landbridge.config.spec import Pens, Platform
from landbridge.deploy import parameters
from landbridge.deploy.artifacts import Artifact, upload
from landbridge.deploy.buckets import empty
from landbridge.deploy.changeset import Change, bring_about
from landbridge.deploy.manifest import Feed, Home, Manifest, StackSpec
from landbridge.model.region import Region

SETTLED = frozenset({"CREATE_COMPLETE", "UPDATE_COMPLETE", "IMPORT_COMPLETE"})
KEPT_OLD = frozenset({"UPDATE_ROLLBACK_COMPLETE", "IMPORT_ROLLBACK_COMPLETE"})  # failed, but what was there still stands
NOTHING = frozenset({"DELETE_COMPLETE", "REVIEW_IN_PROGRESS"})


class Standing(StrEnum):
    """How a stack stands to what it should be."""

    ABSENT = "absent"
    STALE = "stale"
    MOVING = "moving"
    CURRENT = "current"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Look:
    """What a look at a stack found."""

    standing: Standing
    why: str
    outputs: Mapping[str, str] = field(default_factory=dict)


class Deployer:
    """Puts a platform's stacks into a region, and takes them out."""

    def __init__(
        self,
        clients: Clients,
        manifest: Manifest,
        platform: Platform,
        pens: Pens,
        *,
        sleep: Callable[[float], None],
        artifact: Artifact | None = None,
    ) -> None:
        self._clients, self._manifest, self._platform, self._sleep = clients, manifest, platform, sleep
        self._artifact = artifact or Artifact.of()
        self._known = parameters.settings(platform, pens, self._artifact.key)

    def stacks(self, region: Region) -> tuple[StackSpec, ...]:
        """The stacks that belong into a region, in the order they are deployed."""
        homes = {Home.BOTH} if region in {self._platform.source, self._platform.target} else set()
        for home in (Home.SOURCE, Home.TARGET, Home.JOURNAL):
            if region == getattr(self._platform, home):
                homes.add(home)
        return tuple(stack for stack in self._manifest.stacks if stack.home in homes)

    def stack(self, name: str) -> StackSpec:
        """The stack of this name."""
        return self._manifest.stack(name)

    def stack_name(self, stack: StackSpec) -> str:
        """What the stack is called in CloudFormation."""
        return f"trading-analytics-{stack.name}-{self._platform.environment_suffix}"

    def look(self, stack: StackSpec, region: Region) -> Look:
        """How the stack stands; changes nothing."""
        with self._calls(stack, region) as cloudformation:
            found = self._find(cloudformation, stack)
            if found is None:
                return Look(Standing.ABSENT, f"{stack.name} is not deployed in {region}")
            return self._judge(cloudformation, stack, region, found)

    def outputs(self, stack: StackSpec, region: Region) -> Mapping[str, str]:
        """What the stack tells about itself; empty while it is absent."""
        with self._calls(stack, region) as cloudformation:
            found = self._find(cloudformation, stack)
            return _outputs(found) if found else {}

    def begin(self, stack: StackSpec, region: Region) -> None:
        """Starts what makes the stack current and returns; a stack that moves or is current is left alone."""
        look = self.look(stack, region)
        if look.standing in {Standing.MOVING, Standing.CURRENT}:
            return
        with self._calls(stack, region) as cloudformation:
            found = self._find(cloudformation, stack)
            if found is not None and found["StackStatus"] not in SETTLED | KEPT_OLD:
                cloudformation.delete_stack(StackName=self.stack_name(stack))  # it can't be updated any more, only made anew
                return
            bring_about(cloudformation, self._change(stack, region, "UPDATE" if found else "CREATE"), self._sleep)

    def remove(self, stack: StackSpec, region: Region) -> None:
        """Empties the stack's buckets and starts its removal; absent or already leaving is fine."""
        with self._calls(stack, region) as cloudformation:
            found = self._find(cloudformation, stack, leftovers=True)
            if found is None or found["StackStatus"] == "DELETE_IN_PROGRESS":
                return
            for bucket in self._buckets(cloudformation, stack):
                empty(self._clients.client("s3", region), bucket, region)
            cloudformation.delete_stack(StackName=self.stack_name(stack))

    def _find(self, cloudformation: Any, stack: StackSpec, *, leftovers: bool = False) -> Mapping[str, Any] | None:
        try:
            found: Mapping[str, Any] = cloudformation.describe_stacks(StackName=self.stack_name(stack))["Stacks"][0]
        except ClientError as error:
            if said(error) == "ValidationError":
                return None
            raise
        gone = NOTHING - {"REVIEW_IN_PROGRESS"} if leftovers else NOTHING
        return None if found["StackStatus"] in gone else found

    def _judge(self, cloudformation: Any, stack: StackSpec, region: Region, found: Mapping[str, Any]) -> Look:
        status, outputs = str(found["StackStatus"]), _outputs(found)
        if status.endswith("_IN_PROGRESS"):
            return Look(Standing.MOVING, f"{stack.name} in {region} is {status}", outputs)
        differs = self._differs(cloudformation, stack, region, found) if status in SETTLED | KEPT_OLD else ""
        if status not in SETTLED and (differs or status not in KEPT_OLD):
            return Look(Standing.BROKEN, f"{stack.name} in {region} is {status}: {self._failure(cloudformation, stack)}", outputs)
        if differs:
            return Look(Standing.STALE, f"{stack.name} in {region}: {differs}", outputs)
        return Look(Standing.CURRENT, f"{stack.name} in {region} is as it should be", outputs)

    def _differs(self, cloudformation: Any, stack: StackSpec, region: Region, found: Mapping[str, Any]) -> str:
        wanted = parameters.values(stack, self._known, lambda feed: self._output(feed, region))
        if isinstance(wanted, str):
            return wanted
        given = {entry["ParameterKey"]: entry.get("ParameterValue") for entry in found.get("Parameters", ())}
        other = sorted(name for name, value in wanted.items() if given.get(name) != value)
        if other:
            return f"{', '.join(other)} changed"
        body = cloudformation.get_template(StackName=self.stack_name(stack), TemplateStage="Original")["TemplateBody"]
        carried = json.loads(body) if isinstance(body, str) else body
        return "" if _makes(carried) == _makes(stack.template) else "its template is another"

    def _change(self, stack: StackSpec, region: Region, kind: str) -> Change:
        given = parameters.values(stack, self._known, lambda feed: self._output(feed, region))
        if isinstance(given, str):
            raise parameters.missing(region, stack, given)
        if "FunctionsKey" in given:
            upload(self._clients, region, given["ArtifactBucket"], self._artifact)
        tags = {"CostCenter": self._platform.cost_center, "Environment": self._platform.environment, "Region": region}
        digest = hashlib.sha256(json.dumps([stack.sha256, given], sort_keys=True).encode()).hexdigest()
        return Change(self.stack_name(stack), region, kind, stack.body, given, tags, digest)

    def _output(self, feed: Feed, region: Region) -> str | None:
        return self.outputs(self._manifest.stack(feed.stack), region).get(feed.output)

    def _failure(self, cloudformation: Any, stack: StackSpec) -> str:
        """The reason of the first failure of the last attempt, which CloudFormation lists last."""
        pages = cloudformation.get_paginator("describe_stack_events").paginate(StackName=self.stack_name(stack))
        said_why = ""
        for event in (event for page in pages for event in page["StackEvents"]):
            status, own = str(event["ResourceStatus"]), event.get("PhysicalResourceId") == event["StackId"]
            if own and status in {"CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS", "DELETE_IN_PROGRESS"}:
                break
            if status.endswith("_FAILED") and not own:
                said_why = f"{event['LogicalResourceId']}: {event.get('ResourceStatusReason', status)}"
        return said_why or "CloudFormation gives no reason"

    def _buckets(self, cloudformation: Any, stack: StackSpec) -> Iterator[str]:
        for page in cloudformation.get_paginator("list_stack_resources").paginate(StackName=self.stack_name(stack)):
            for resource in page["StackResourceSummaries"]:
                if resource["ResourceType"] == "AWS::S3::Bucket" and resource.get("PhysicalResourceId"):
                    yield str(resource["PhysicalResourceId"])

    @contextmanager
    def _calls(self, stack: StackSpec, region: Region) -> Iterator[Any]:
        with speaking(region, self.stack_name(stack)):
            yield self._clients.client("cloudformation", region)


def _outputs(found: Mapping[str, Any]) -> dict[str, str]:
    return {entry["OutputKey"]: entry["OutputValue"] for entry in found.get("Outputs", ())}


def _makes(template: Mapping[str, Any]) -> tuple[Any, ...]:
    outputs = {name: (output.get("Value"), output.get("Export")) for name, output in template.get("Outputs", {}).items()}
    return template.get("Resources"), template.get("Conditions", {}), outputs
