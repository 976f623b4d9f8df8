"""One stack as CloudFormation has it: read, never changed."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from landbridge.aws.clients import said
from landbridge.deploy.changes import STATEFUL
from landbridge.deploy.standing import NOTHING


@dataclass(frozen=True, slots=True)
class Holding:
    """A resource that holds data: its logical id, its type, and what it is called in AWS."""

    resource: str
    kind: str
    name: str


@dataclass(frozen=True)
class LiveStack:
    """A stack by name, through the client of its region."""

    cloudformation: Any
    name: str

    def find(self, *, leftovers: bool = False) -> Mapping[str, Any] | None:
        """Its description; None when there is none, or only the shell of a change set, which counts as a leftover."""
        try:
            found: Mapping[str, Any] = self.cloudformation.describe_stacks(StackName=self.name)["Stacks"][0]
        except ClientError as error:
            if said(error) == "ValidationError":
                return None
            raise
        gone = NOTHING - {"REVIEW_IN_PROGRESS"} if leftovers else NOTHING
        return None if found["StackStatus"] in gone else found

    def template(self) -> Mapping[str, Any]:
        """The template it was made of, as it was sent."""
        body = self.cloudformation.get_template(StackName=self.name, TemplateStage="Original")["TemplateBody"]
        carried: Mapping[str, Any] = json.loads(body) if isinstance(body, str) else body
        return carried

    def resources(self) -> Iterator[Mapping[str, Any]]:
        """What it holds now; what is deleted, or was never made, is left out."""
        for page in self.cloudformation.get_paginator("list_stack_resources").paginate(StackName=self.name):
            for resource in page["StackResourceSummaries"]:
                if resource.get("PhysicalResourceId") and resource.get("ResourceStatus") != "DELETE_COMPLETE":
                    yield resource

    def holding(self) -> tuple["Holding", ...]:
        """Its resources that hold data."""
        held = (each for each in self.resources() if each["ResourceType"] in STATEFUL)
        return tuple(
            Holding(str(each["LogicalResourceId"]), str(each["ResourceType"]), str(each["PhysicalResourceId"])) for each in held
        )


def outputs_of(found: Mapping[str, Any]) -> dict[str, str]:
    """The outputs in a stack's description."""
    return {entry["OutputKey"]: entry["OutputValue"] for entry in found.get("Outputs", ())}


def makes(template: Mapping[str, Any]) -> tuple[Any, ...]:
    """What of a template decides what is made; descriptions don't."""
    outputs = {name: (output.get("Value"), output.get("Export")) for name, output in template.get("Outputs", {}).items()}
    return template.get("Resources"), template.get("Conditions", {}), outputs
