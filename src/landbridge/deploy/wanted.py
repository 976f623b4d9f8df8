"""What each stack should be: its name, its parameters from configuration and other stacks' outputs, its change set."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from landbridge.aws.clients import Clients, speaking
from landbridge.config.spec import Platform
from landbridge.deploy import alarms, handover, parameters
from landbridge.deploy.artifacts import Artifact, upload
from landbridge.deploy.changeset import Change
from landbridge.deploy.graph import Roles, region_of
from landbridge.deploy.live_stack import LiveStack, makes, outputs_of
from landbridge.deploy.manifest import Feed, Manifest, StackSpec
from landbridge.model.region import Region

SWITCHED = ("Reading", "Replication")  # parameters the migration gives another value, and a deploy must not take back
SECOND = "SecondRegion"  # the parameter that names where a table's other copy is
COPY = (SECOND, "SecondDataKeyArn")  # switched too, where the table was born


@dataclass(frozen=True)
class Wanted:
    """A platform as its manifest and configuration want it."""

    clients: Clients
    manifest: Manifest
    platform: Platform
    known: Callable[[Region], Mapping[str, str]]  # what the configuration says to stacks of a region
    artifact: Artifact
    roles: Roles
    watch_minutes: int
    address: Callable[[str, Region], str]  # a stack's name or id, where it is not called as we call it
    leaving: frozenset[Region] = frozenset()

    def name(self, stack: StackSpec) -> str:
        """What the stack is called in CloudFormation."""
        before, after = self.manifest.around(self.platform)
        return f"{before}{stack.name}{after}"

    def live(self, stack: StackSpec, region: Region) -> LiveStack:
        """The stack as CloudFormation has it."""
        return LiveStack(self.clients.client("cloudformation", region), self.address(self.name(stack), region))

    def outputs(self, stack: StackSpec, region: Region) -> Mapping[str, str]:
        """What the stack tells about itself; empty while it is absent."""
        with speaking(region, self.name(stack)):
            found = self.live(stack, region).find()
        return outputs_of(found) if found else {}

    def differs(self, stack: StackSpec, region: Region, found: Mapping[str, Any]) -> str:
        """What of a stack is not as it should be; empty when all is."""
        wanted = self._parameters(stack, region)
        if isinstance(wanted, str):
            return wanted
        given = {entry["ParameterKey"]: entry.get("ParameterValue") for entry in found.get("Parameters", ())}
        other = sorted(name for name, value in {**stack.defaults, **wanted}.items() if given.get(name, value) != value)
        if other:
            return f"{', '.join(other)} changed"
        return "" if makes(self.live(stack, region).template()) == makes(stack.template) else "its template is another"

    def change(self, stack: StackSpec, region: Region, *, update: bool) -> Change:
        """The change set that makes a stack what it should be; refused while another stack must tell something first."""
        given = self._parameters(stack, region)
        if isinstance(given, str):
            raise parameters.missing(region, stack, given)
        if "FunctionsKey" in given:
            upload(self.clients, region, given["ArtifactBucket"], self.artifact)
        if untold := sorted(set(stack.parameters) - given.keys() - stack.defaults.keys()):
            raise parameters.missing(region, stack, f"{', '.join(untold)} has no value: the configuration leaves it empty")
        digest = hashlib.sha256(json.dumps([stack.sha256, given], sort_keys=True).encode()).hexdigest()
        kind, watching = ("UPDATE", self._alarms(region)) if update else ("CREATE", ())
        return Change(
            self.name(stack), region, kind, stack.body, given, tags(self.platform, region), digest, watching, self.watch_minutes
        )

    def _parameters(self, stack: StackSpec, region: Region) -> dict[str, str] | str:
        known = {**self._switched(stack, region), **self.known(region), **self._second(stack, region)}
        return parameters.values(stack, known, lambda feed: self._output(feed, region))

    def _switched(self, stack: StackSpec, region: Region) -> dict[str, str]:
        """What was switched in the stack that stands."""
        born_here = handover.birthplace(stack, region, self.roles) is None
        switches = [name for name in (*SWITCHED, *(COPY if born_here else ())) if name in stack.parameters]
        if not switches:
            return {}
        with speaking(region, self.name(stack)):
            found = self.live(stack, region).find() or {}
        given = {entry["ParameterKey"]: entry.get("ParameterValue") for entry in found.get("Parameters", ())}
        return {name: given[name] for name in switches if given.get(name)}

    def _second(self, stack: StackSpec, region: Region) -> dict[str, str]:
        """A stack that took over from another region still has a copy there, until that region leaves."""
        first = handover.birthplace(stack, region, self.roles)
        if SECOND not in stack.parameters or first is None or first in self.leaving:
            return {}
        with speaking(first, self.name(stack)):
            if self.live(stack, first).find() is None:
                return {}
        there = {f"Second{name}": self._output(feed, first) for name, feed in stack.feeds.items()}
        return {SECOND: first, **{name: value for name, value in there.items() if value}}

    def _output(self, feed: Feed, region: Region) -> str | None:
        """None where nothing tells it, or what does is about to go."""
        where = region_of(feed, region, self.roles)
        return None if where in self.leaving else self.outputs(self.manifest.stack(feed.stack), where).get(feed.output)

    def _alarms(self, region: Region) -> tuple[str, ...]:
        with speaking(region, "DescribeAlarms"):
            return alarms.triggers(self.clients.client("cloudwatch", region), *self.manifest.around(self.platform))


def tags(platform: Platform, region: Region) -> dict[str, str]:
    """What every stack carries, and hands on to its resources; by the suffix a search finds what is left."""
    ours = {"CostCenter": platform.cost_center, "Environment": platform.environment}
    return {**ours, "EnvironmentSuffix": platform.environment_suffix, "Region": region}
