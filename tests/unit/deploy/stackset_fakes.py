"""StackSets as an account would keep them, and a platform deployed by them."""

import json
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError
from tests.fakes import Clock
from tests.unit.deploy.fakes import PENS, PLATFORM, CloudFormation, Routed, reaching

from landbridge.config.deployment import Deployment
from landbridge.deploy.artifacts import Artifact
from landbridge.deploy.by_sets import deploy_by_sets, instances
from landbridge.deploy.deployer import Deployer
from landbridge.deploy.manifest import Feed, Home, Manifest, StackSpec
from landbridge.deploy.run import Patience
from landbridge.deploy.stacksets import StackSets
from landbridge.model.region import Region

SOURCE, TARGET = Region(PLATFORM.source), Region(PLATFORM.target)
ACCOUNT = "123456789012"
ROLES_MADE = {"Outputs": {"AdministrationRoleArn": {"Value": "arn:admin"}, "ExecutionRoleName": {"Value": "exec"}}}


def body_of(**resources: Any) -> str:
    parameters: dict[str, Any] = {"EnvironmentSuffix": {}, "VpcCidr": {}}
    return json.dumps({"Parameters": parameters, "Resources": resources, "Outputs": {"Id": {"Value": "net"}}})


def stacks_of(**resources: Any) -> tuple[StackSpec, ...]:
    tables = json.dumps({"Parameters": {"Net": {}}, "Resources": {}})
    return (
        StackSpec("network", Home.BOTH, "sha", body_of(**resources)),
        StackSpec("tables", Home.SOURCE, "sha", tables, {"Net": Feed("network", "Id")}),
        StackSpec("stacksets", Home.TARGET, "sha", json.dumps(ROLES_MADE)),
    )


def missing(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code}}, "Describe")


@dataclass
class Sets(Routed):
    """A region's CloudFormation that also keeps StackSets; one operation at a time, which takes a look."""

    stacks: dict[str, CloudFormation]
    regions: dict[Region, Routed]
    fails: set[str] = field(default_factory=set)
    sets: dict[str, dict[str, Any]] = field(default_factory=dict)
    told: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)
    operations: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)
    running: int = 0

    def create_stack_set(self, **call: Any) -> None:
        """A new one."""
        self.sets[call["StackSetName"]] = call

    def describe_stack_set(self, StackSetName: str) -> dict[str, Any]:  # noqa: N803 - as AWS spells it
        """What it carries."""
        if StackSetName not in self.sets:
            raise missing("StackSetNotFoundException")
        return {"StackSet": {"Status": "ACTIVE", "TemplateBody": self.sets[StackSetName]["TemplateBody"]}}

    def update_stack_set(self, **call: Any) -> dict[str, str]:
        """Another template for all."""
        self.sets[call["StackSetName"]] = call
        return self._begin("update", call)

    def delete_stack_set(self, StackSetName: str) -> None:  # noqa: N803 - as AWS spells it
        """Only an empty one goes."""
        assert not [key for key in self.told if key[0] == StackSetName]
        del self.sets[StackSetName]

    def create_stack_instances(self, **call: Any) -> dict[str, str]:
        """In one region."""
        return self._values("create", call)

    def update_stack_instances(self, **call: Any) -> dict[str, str]:
        """Other values for one region."""
        return self._values("change", call)

    def delete_stack_instances(self, **call: Any) -> dict[str, str]:
        """With their stacks."""
        for region in call["Regions"]:
            self.told.pop((call["StackSetName"], region))
            self.regions[region].stacks[f"id of {call['StackSetName']}"].status = None
        return self._begin("delete", call)

    def list_stack_instances(self, StackSetName: str, **where: str) -> dict[str, Any]:  # noqa: N803 - as AWS spells it
        """The one in a region."""
        if StackSetName not in self.sets:
            raise missing("StackSetNotFoundException")
        region = where["StackInstanceRegion"]
        one = {"Account": ACCOUNT, "Region": region, "Status": "CURRENT", "StackId": f"id of {StackSetName}"}
        return {"Summaries": [one] if (StackSetName, region) in self.told else []}

    def describe_stack_instance(self, StackSetName: str, StackInstanceAccount: str, StackInstanceRegion: str) -> dict[str, Any]:  # noqa: N803 - as AWS spells it
        """What one region was told."""
        assert StackInstanceAccount == ACCOUNT
        values = self.told[StackSetName, StackInstanceRegion]
        overrides = [{"ParameterKey": key, "ParameterValue": value} for key, value in values.items()]
        return {"StackInstance": {"ParameterOverrides": overrides}}

    def describe_stack_set_operation(self, **_: Any) -> dict[str, Any]:
        """Running at the first look."""
        self.running -= 1
        what, _name, call = self.operations[-1]
        failed = what != "delete" and self.fails & set(call.get("Regions", ()))
        return {"StackSetOperation": {"Status": "RUNNING" if self.running > 0 else "FAILED" if failed else "SUCCEEDED"}}

    def list_stack_set_operation_results(self, **_: Any) -> dict[str, Any]:
        """Region by region."""
        regions = self.operations[-1][2].get("Regions", ())
        told = [
            {"Region": region, "Status": "FAILED" if region in self.fails else "SUCCEEDED", "StatusReason": "no such zone"}
            for region in regions
        ]
        return {"Summaries": told}

    def _values(self, what: str, call: dict[str, Any]) -> dict[str, str]:
        (region,) = call["Regions"]
        if region not in self.fails:
            values = {each["ParameterKey"]: each["ParameterValue"] for each in call["ParameterOverrides"]}
            self.told[call["StackSetName"], region] = values
            made = self.regions[region].stacks[f"id of {call['StackSetName']}"]
            made.status, made.body = "CREATE_COMPLETE", self.sets[call["StackSetName"]]["TemplateBody"]
        return self._begin(what, call)

    def _begin(self, what: str, call: dict[str, Any]) -> dict[str, str]:
        assert self.running <= 0, "one operation at a time"
        self.operations.append((what, call["StackSetName"], call))
        self.running = 2
        return {"OperationId": str(len(self.operations))}


@dataclass
class Platform:
    """A platform by sets."""

    preferences: Deployment = field(default_factory=Deployment)
    resources: dict[str, Any] = field(default_factory=dict)
    replace: frozenset[str] = frozenset()
    source: Routed = field(default_factory=Routed)

    def __post_init__(self) -> None:
        plain = Routed()
        regions: dict[Region, Routed] = {SOURCE: self.source}
        self.sets = Sets(plain.stacks, regions)
        regions[TARGET] = self.sets
        self.use(self.resources)

    def use(self, resources: dict[str, Any], **network: str) -> None:
        """Templates and values from now on."""
        clients = reaching({SOURCE: self.source, TARGET: self.sets})
        manifest, artifact = Manifest("trading", stacks_of(**resources)), Artifact("functions/x.zip", b"")
        cidrs = {SOURCE: {"VpcCidr": "10.0"}, TARGET: {"VpcCidr": network.get("target", "10.1")}}
        self.deployer = Deployer(
            clients,
            manifest,
            PLATFORM,
            PENS,
            sleep=lambda _: None,
            artifact=artifact,
            regional=lambda region: cidrs.get(region, {}),
            address=instances(clients, TARGET, ACCOUNT),
        )
        clock = Clock()
        self.patience = Patience(clock, clock.sleep, limit_seconds=50)
        self.made = StackSets(self.deployer, self.preferences, self.patience, ACCOUNT, self.replace)

    def deploy(self) -> Any:
        """All of it."""
        return deploy_by_sets(self.deployer, self.deployer.graph, self.made, self.patience)

    def begun(self) -> list[str]:
        """What operations there were, by region, since the last question."""
        told = [f"{what} {','.join(call.get('Regions', ['all']))}" for what, _, call in self.sets.operations]
        self.sets.operations.clear()
        return told
