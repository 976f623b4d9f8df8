"""Two-region templates as StackSets: one set a stack, an instance a region, what differs by region as overrides.

A set works on one operation at a time, and shows no change set before it. So the guard here is stricter: whatever
changes in a resource that holds data must be named. One-sided stacks stay ordinary stacks, between the sets.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from landbridge.aws.clients import Clients, said, speaking
from landbridge.config.deployment import Deployment
from landbridge.deploy.changes import STATEFUL, Act, ResourceChange
from landbridge.deploy.changeset import Change
from landbridge.deploy.deployer import Deployer
from landbridge.deploy.graph import Place
from landbridge.deploy.guard import refuse_harm
from landbridge.deploy.live_stack import makes
from landbridge.deploy.manifest import Home, StackSpec
from landbridge.deploy.run import Patience
from landbridge.model.errors import Refused
from landbridge.model.region import Region

ENDED = frozenset({"SUCCEEDED", "FAILED", "STOPPED"})
ROLES = "stacksets"  # the stack whose outputs name the two roles


@dataclass
class StackSets:
    """The sets of one platform, kept in the target's region: they must outlive the source."""

    deployer: Deployer
    preferences: Deployment
    patience: Patience
    account: str
    replace: frozenset[str] = frozenset()

    def make_current(self, stack: StackSpec, regions: tuple[Region, ...]) -> None:
        """The set is made or updated, then the instance of each region, until more fail than may."""
        changes = {region: self.deployer.change(stack, region) for region in regions}
        self._define(stack, changes[regions[0]])
        failed: list[str] = []
        for region in regions:
            if why := self._instance(stack, region, changes[region]):
                failed.append(why)
                self.patience.tell(Place(stack.name, region), f"failed: {why}")
            if len(failed) > self.preferences.stackset_failures:
                break
        if failed:  # a region that may fail keeps no other from being tried; it is not well for that
            raise Refused(self._home, f"the set of {stack.name}", "; ".join(failed))

    def remove(self, stack: StackSpec, regions: tuple[Region, ...]) -> None:
        """Every instance with its stack, then the set; what is not there is removed."""
        name = self.deployer.stack_name(stack)
        standing = [region for region in regions if self._overrides(name, region) is not None]
        with speaking(self._home, name):
            if standing:
                call = self._sets.delete_stack_instances
                why = self._wait(name, call(**self._targets(name, *standing), RetainStacks=False)["OperationId"])
                if why:
                    raise Refused(self._home, f"removing the set of {stack.name}", why)
            if self._found(name) is not None:
                self._sets.delete_stack_set(StackSetName=name)

    @property
    def _home(self) -> Region:
        return self.deployer.roles[Home.TARGET]

    @property
    def _sets(self) -> Any:
        return self.deployer.clients.client("cloudformation", self._home)

    def _define(self, stack: StackSpec, change: Change) -> None:
        """The set with its template; an update of the template reaches all its instances."""
        found = self._found(change.stack)
        call = {
            "StackSetName": change.stack,
            "TemplateBody": change.body,
            "Parameters": _listed(change.parameters),
            "Tags": [{"Key": key, "Value": value} for key, value in sorted(change.tags.items()) if key != "Region"],
            "Capabilities": ["CAPABILITY_NAMED_IAM"],
            **self._roles(),
        }
        with speaking(self._home, change.stack):
            if found is None:
                self._sets.create_stack_set(PermissionModel="SELF_MANAGED", **call)
                return
            if makes(found) == makes(stack.template):
                return
            refuse_harm(change.stack, self._home, touched(found, stack.template), self.replace)
            why = self._wait(change.stack, self._sets.update_stack_set(**call, OperationPreferences=self._order())["OperationId"])
        if why:
            raise Refused(self._home, f"the set of {stack.name}", why)

    def _instance(self, stack: StackSpec, region: Region, change: Change) -> str:
        """Made, or given other values; why it failed, or nothing."""
        overrides = self._overrides(change.stack, region)
        if overrides == dict(change.parameters):
            self.patience.tell(Place(stack.name, region), "unchanged")
            return ""
        call = self._sets.create_stack_instances if overrides is None else self._sets.update_stack_instances
        with speaking(self._home, change.stack):
            begun = call(**self._targets(change.stack, region), ParameterOverrides=_listed(change.parameters))
            why = self._wait(change.stack, begun["OperationId"])
        self.patience.tell(Place(stack.name, region), why or "changed")
        return why

    def _wait(self, name: str, operation: str) -> str:
        """Until the operation is over; the first reason in it, or nothing."""
        ends = self.patience.clock() + self.patience.limit_seconds
        while True:
            told = self._sets.describe_stack_set_operation(StackSetName=name, OperationId=operation)["StackSetOperation"]
            if told["Status"] in ENDED:
                break
            if self.patience.clock() > ends:
                return f"operation {operation} is still {told['Status']}"
            self.patience.sleep(self.patience.pause_seconds)
        results = self._sets.list_stack_set_operation_results(StackSetName=name, OperationId=operation)["Summaries"]
        bad = [each for each in results if each["Status"] in {"FAILED", "CANCELLED"}]
        reasons = [f"{each['Region']} {each.get('StatusReason', each['Status'])}" for each in bad]
        return "; ".join(reasons) or ("" if told["Status"] == "SUCCEEDED" else told["Status"])

    def _found(self, name: str) -> Mapping[str, Any] | None:
        with speaking(self._home, name):
            try:
                found = self._sets.describe_stack_set(StackSetName=name)["StackSet"]
            except ClientError as error:
                if said(error) == "StackSetNotFoundException":
                    return None
                raise
        return None if found["Status"] == "DELETED" else template_of(found)

    def _overrides(self, name: str, region: Region) -> dict[str, str] | None:
        """What the instance of a region was told, empty when it is not as its set wants it; None without one."""
        listed = instance(self.deployer.clients, self._home, self.account, name, region)
        if listed is None or listed["Status"] != "CURRENT":
            return None if listed is None else {}
        with speaking(self._home, name):
            where = {"StackInstanceAccount": self.account, "StackInstanceRegion": region}
            found = self._sets.describe_stack_instance(StackSetName=name, **where)["StackInstance"]
        return {each["ParameterKey"]: each["ParameterValue"] for each in found.get("ParameterOverrides", ())}

    def _targets(self, name: str, *regions: Region) -> dict[str, Any]:
        return {"StackSetName": name, "Accounts": [self.account], "Regions": list(regions), "OperationPreferences": self._order()}

    def _order(self) -> dict[str, Any]:
        at_once = self.preferences.stackset_at_once
        return {
            "FailureToleranceCount": self.preferences.stackset_failures,
            "MaxConcurrentCount": at_once,
            "RegionConcurrencyType": "PARALLEL" if at_once > 1 else "SEQUENTIAL",
        }

    def _roles(self) -> dict[str, str]:
        told = self.deployer.outputs(self.deployer.stack(ROLES), self._home)
        if "AdministrationRoleArn" not in told:
            raise Refused(self._home, "deploying by StackSets", f"the roles are not there; deploy --only {ROLES} first")
        return {"AdministrationRoleARN": told["AdministrationRoleArn"], "ExecutionRoleName": told["ExecutionRoleName"]}


def instance(clients: Clients, home: Region, account: str, name: str, region: Region) -> Mapping[str, Any] | None:
    """A set's instance in a region, or none."""
    with speaking(home, name):
        try:
            where = {"StackInstanceAccount": account, "StackInstanceRegion": region}
            listed = clients.client("cloudformation", home).list_stack_instances(StackSetName=name, **where)["Summaries"]
        except ClientError as error:
            if said(error) == "StackSetNotFoundException":
                return None
            raise
    return next((each for each in listed if (each["Account"], each["Region"]) == (account, region)), None)


def touched(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[ResourceChange]:
    """Resources that hold data and differ in any way: without a change set nobody knows whether they would be replaced."""
    was, is_ = old.get("Resources", {}), new.get("Resources", {})
    return [
        ResourceChange(Act.PERHAPS if name in is_ else Act.REMOVE, name, str(made["Type"]))
        for name, made in sorted(was.items())
        if made["Type"] in STATEFUL and made != is_.get(name)
    ]


def template_of(found: Mapping[str, Any]) -> Mapping[str, Any]:
    """The template a set carries."""
    body: Mapping[str, Any] = json.loads(found["TemplateBody"])
    return body


def _listed(parameters: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"ParameterKey": key, "ParameterValue": value} for key, value in sorted(parameters.items())]
