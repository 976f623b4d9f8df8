"""A CloudFormation in memory, stack by stack, with the states that are hard to bring about in an emulator."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError

from landbridge.aws.clients import Clients
from landbridge.config.spec import Pens, Platform
from landbridge.deploy.artifacts import Artifact
from landbridge.deploy.deployer import Deployer, Liberties
from landbridge.deploy.manifest import Home, Manifest, StackSpec
from landbridge.model.region import Region

SOURCE = Region("us-east-1")
BODY = {"Parameters": {"EnvironmentSuffix": {}}, "Resources": {"Table": {"Type": "AWS::DynamoDB::Table"}}}
PLATFORM = Platform(
    environment_suffix="prod",
    environment="test",
    cost_center="x",
    source=SOURCE,
    target=Region("eu-central-1"),
    journal=Region("eu-west-1"),
    domain="origin.trading.example",
)
PENS = Pens(
    fences=4,
    budget_seconds=10,
    effects_budget_seconds=180,
    feeds_patience_seconds=60,
    stream_retention_hours=168,
    skew_bound_seconds=2,
    hold_seconds=20,
    route_cache_seconds=1,
)
NAME = "trading-analytics-tables-prod"


class AlreadyExistsError(ClientError):  # type: ignore[misc]  # botocore has no types
    """As CloudFormation says when a change set's name is taken."""


class Exceptions:
    """The errors a client knows by name."""

    AlreadyExistsException = AlreadyExistsError


@dataclass
class CloudFormation:
    """One stack and its change sets."""

    status: str | None = None
    body: str = "{}"
    parameters: dict[str, str] = field(default_factory=dict)
    sets: dict[str, dict[str, Any]] = field(default_factory=dict)
    events: list[dict[str, Any]] = field(default_factory=list)
    changes: list[dict[str, Any]] = field(default_factory=list)
    set_states: list[tuple[str, str]] = field(default_factory=lambda: [("CREATE_COMPLETE", "")])
    after_execute: str = "CREATE_COMPLETE"
    after_delete: str | None = None
    executed: list[str] = field(default_factory=list)
    exceptions: type[Exceptions] = Exceptions
    fails: ClientError | None = None
    lose_answer: bool = False
    holds: list[dict[str, Any]] = field(default_factory=list)
    moves: int = 0  # looks a change or a removal takes
    calls: list[dict[str, Any]] = field(default_factory=list)  # what each change set was made of
    deleted: list[str] = field(default_factory=list)  # as it was called by whoever deleted it
    _next: tuple[str | None, int] | None = None

    def describe_stacks(self, StackName: str) -> dict[str, Any]:  # noqa: N803 - as AWS spells it
        """The stack, or that there is none."""
        if self.fails:
            raise self.fails
        if self.status is None:
            raise ClientError({"Error": {"Code": "ValidationError", "Message": "does not exist"}}, "DescribeStacks")
        given = [{"ParameterKey": key, "ParameterValue": value} for key, value in self.parameters.items()]
        outputs = [{"OutputKey": key, "OutputValue": made["Value"]} for key, made in self._template().get("Outputs", {}).items()]
        told = {"StackId": f"id of {StackName}", "StackStatus": self.status, "Parameters": given, "Outputs": outputs}
        self._move()
        return {"Stacks": [told]}

    def get_template(self, **_: Any) -> dict[str, Any]:
        """What it was made of."""
        return {"TemplateBody": self.body}

    def get_paginator(self, name: str) -> "Pages":
        """Pages of anything."""
        return Pages(self, name)

    def create_change_set(self, ChangeSetName: str, TemplateBody: str, **call: Any) -> None:  # noqa: N803 - as AWS spells it
        """Makes one."""
        if ChangeSetName in self.sets:
            raise AlreadyExistsError({"Error": {"Code": "AlreadyExistsException"}}, "CreateChangeSet")
        given = {entry["ParameterKey"]: entry["ParameterValue"] for entry in call["Parameters"]}
        self.calls.append(call)
        self.sets[ChangeSetName] = {"body": TemplateBody, "parameters": given, "kind": call["ChangeSetType"]}
        self.status = self.status or "REVIEW_IN_PROGRESS"
        if self.lose_answer:
            raise AlreadyExistsError({"Error": {"Code": "AlreadyExistsException"}}, "CreateChangeSet")

    def describe_change_set(self, **_: Any) -> dict[str, Any]:
        """How far it is."""
        status, why = self.set_states.pop(0) if len(self.set_states) > 1 else self.set_states[0]
        return {"Status": status, "StatusReason": why}

    def execute_change_set(self, StackName: str, ChangeSetName: str) -> None:  # noqa: N803 - as AWS spells it
        """Carries it out."""
        made = self.sets.pop(ChangeSetName)
        self.body, self.parameters = made["body"], made["parameters"]
        self.executed.append(made["kind"])
        self._begin(f"{made['kind']}_IN_PROGRESS", self.after_execute)

    def delete_change_set(self, StackName: str, ChangeSetName: str) -> None:  # noqa: N803 - as AWS spells it
        """Forgets it."""
        del self.sets[ChangeSetName]

    def delete_stack(self, StackName: str) -> None:  # noqa: N803 - as AWS spells it
        """Forgets it all."""
        self.deleted.append(StackName)
        self._begin("DELETE_IN_PROGRESS", self.after_delete)

    def continue_update_rollback(self, StackName: str) -> None:  # noqa: N803 - as AWS spells it
        """Goes back to what was there."""
        self._begin("UPDATE_ROLLBACK_IN_PROGRESS", "UPDATE_ROLLBACK_COMPLETE")

    def rollback_stack(self, StackName: str) -> None:  # noqa: N803 - as AWS spells it
        """Goes back to what was there."""
        self.continue_update_rollback(StackName)

    def _template(self) -> dict[str, Any]:
        return dict(json.loads(self.body))

    def _begin(self, status: str, then: str | None) -> None:
        self.status, self._next = (status, (then, self.moves)) if self.moves else (then, None)

    def _move(self) -> None:
        if self._next:
            then, left = self._next
            self.status, self._next = (self.status, (then, left - 1)) if left > 1 else (then, None)


@dataclass
class Pages:
    """What CloudFormation lists, a page at a time."""

    cloudformation: CloudFormation
    name: str

    def paginate(self, **_: Any) -> Iterator[dict[str, Any]]:
        """The pages."""
        here = self.cloudformation
        if self.name == "list_change_sets" and here.status is None:
            raise ClientError({"Error": {"Code": "ValidationError"}}, "ListChangeSets")
        if here.fails:
            raise here.fails
        yield {
            "Summaries": [{"ChangeSetName": name, "ExecutionStatus": "AVAILABLE"} for name in here.sets],
            "Changes": [{"ResourceChange": change} for change in here.changes],
            "StackEvents": here.events,
            "StackResourceSummaries": here.holds,
        }


class Alarms:
    """The alarms of a region."""

    def __init__(self, *alarms: dict[str, str]) -> None:
        self.alarms = alarms

    def get_paginator(self, _: str) -> "Alarms":
        """They list themselves."""
        return self

    def paginate(self, **_: Any) -> Iterator[dict[str, Any]]:
        """One page."""
        yield {"MetricAlarms": self.alarms}


class Routed:
    """One region's CloudFormation: each call goes to the stack it names."""

    exceptions = Exceptions

    def __init__(self, make: Callable[[], CloudFormation] = CloudFormation) -> None:
        self.stacks: dict[str, CloudFormation] = defaultdict(make)

    def __getattr__(self, method: str) -> Callable[..., Any]:
        return lambda **call: getattr(self.stacks[call["StackName"]], method)(**call)

    def get_paginator(self, name: str) -> Any:
        """Pages of the stack that is named."""
        return RoutedPages(self, name)


@dataclass
class RoutedPages:
    """Pages of anything of any stack."""

    routed: Routed
    name: str

    def paginate(self, **call: Any) -> Iterator[dict[str, Any]]:
        """The named stack's."""
        return self.routed.stacks[call["StackName"]].get_paginator(self.name).paginate(**call)


def reaching(regions: Mapping[Region, Any], alarms: Alarms | None = None) -> Clients:
    """Clients that reach these CloudFormations; the platform's other regions are empty."""
    clients = Clients()
    empty = {Region(name): Routed() for name in (PLATFORM.source, PLATFORM.target, PLATFORM.journal)}
    for region, cloudformation in {**empty, **regions}.items():
        clients._made["cloudformation", region, True] = cloudformation
        clients._made["cloudwatch", region, True] = alarms or Alarms()
    return clients


def deployer(
    cloudformation: CloudFormation,
    pauses: list[float] | None = None,
    liberties: Liberties | None = None,
    alarms: Alarms | None = None,
) -> tuple[Deployer, StackSpec]:
    """A deployer of one stack into one region played by the fake."""
    clients = reaching({SOURCE: cloudformation}, alarms)
    stack = StackSpec("tables", Home.SOURCE, "sha", json.dumps(BODY))
    made = Deployer(
        clients,
        Manifest("trading", (stack,)),
        PLATFORM,
        PENS,
        sleep=(pauses if pauses is not None else []).append,
        artifact=Artifact("functions/x.zip", b""),
        liberties=liberties,
    )
    return made, stack
