"""What already runs in a region under the names our stacks give: whose it is, and what would stop a stack from taking it over.

Read, never changed. A stack takes over all of its data or none: CloudFormation imports what exists and makes the rest anew,
so a stack of which half exists would get an empty other half.
"""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from landbridge.aws.clients import said, speaking
from landbridge.deploy import handover
from landbridge.deploy.deployer import Deployer, Look, Standing
from landbridge.deploy.graph import Place
from landbridge.deploy.manifest import StackSpec
from landbridge.deploy.standing import SETTLED
from landbridge.deploy.stops import HOURS, LOOKS, SHARDS, AbsentError, strange_apis
from landbridge.deploy.walk import AT_ONCE
from landbridge.model.errors import BadInput
from landbridge.model.region import Region

ABSENT = {"ResourceNotFoundException", "404", "NoSuchBucket", "DBClusterNotFoundFault", "GlobalClusterNotFoundFault"}
OTHERS = {"403", "AccessDenied", "AccessDeniedException", "Forbidden"}
API = "AWS::ApiGateway::RestApi"
IMPORTED = "IMPORT_COMPLETE"  # the data is the stack's, and the rest of its template not made yet
GONE = {"DELETE_COMPLETE", "DELETE_SKIPPED"}  # of a resource that a stack has let go


@dataclass(frozen=True, slots=True)
class Thing:
    """One resource that holds data, under its name; `stops` says why it can't be taken over as it is, with the fix."""

    kind: str
    name: str
    stops: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Held:
    """What of one stack's data runs at its place, and how the stack stands; where it stands, all of it is its own."""

    place: Place
    look: Look
    found: tuple[Thing, ...]
    lacking: tuple[str, ...] = ()
    stops: tuple[str, ...] = ()  # what a stack can't import at all
    beside: tuple[str, ...] = ()  # what is in the way of the stack itself, whoever owns the data

    @property
    def owned(self) -> bool:
        """Whether the stack owns what runs."""
        return self.look.standing is not Standing.ABSENT

    @property
    def foreign(self) -> bool:
        """Whether something runs there that the stack does not own, or not with the rest of its template yet."""
        half = self.look.standing is Standing.STALE and self.look.status == IMPORTED
        return bool(self.found) and (half or not self.owned)

    def obstacles(self) -> tuple[str, ...]:
        """Everything that stands in the way of taking it over."""
        if self.owned or not self.found:
            return self.beside
        half = [f"{name} is not there, and the stack would make it anew and empty: make it first" for name in self.lacking]
        return (*self.beside, *self.stops, *half, *(why for thing in self.found for why in thing.stops))


@dataclass(frozen=True)
class Estate:
    """What runs in one region."""

    deployer: Deployer
    region: Region
    retention_hours: int  # how long streams must keep a record

    def held(self) -> tuple[Held, ...]:
        """Stack by stack, in the order they are deployed; those without data or an API are left out."""
        with ThreadPoolExecutor(AT_ONCE) as pool:
            return tuple(held for held in pool.map(self._of, self.deployer.stacks(self.region)) if held)

    def _of(self, stack: StackSpec) -> Held | None:
        """Things of a kind nobody can look at by name (keys, secrets) are made anew by whoever needs them."""
        named = list(handover.data(stack, self.deployer.given(self.region), self.region))
        seen = [(logical, kind, name) for logical, kind, name in named if name and kind in LOOKS]
        apis = [logical for logical, made in stack.template["Resources"].items() if made["Type"] == API]
        if not seen and not apis:
            return None
        place, look = Place(stack.name, self.region), self._stands(stack)
        beside = tuple(self._strange(stack, apis, stands=look.standing is not Standing.ABSENT))
        if look.standing is not Standing.ABSENT:
            return Held(place, look, tuple(Thing(kind, name) for _, kind, name in seen), beside=beside)
        looked = {name: self._look(stack, logical, kind, name) for logical, kind, name in seen}
        found = tuple(thing for thing in looked.values() if thing is not None)
        lacking = tuple(name for name, thing in looked.items() if thing is None)
        return Held(place, look, found, lacking, self._leans(stack), beside)

    def _stands(self, stack: StackSpec) -> Look:
        """One call for a stack that has settled: it owns its data, whatever its template should be by now."""
        with self.deployer.calls(stack, self.region) as live:
            found = live.find()
        status = str(found["StackStatus"]) if found else ""
        if status in SETTLED - {IMPORTED}:
            return Look(Standing.CURRENT, f"{stack.name} in {self.region} is {status}", status=status)
        return self.deployer.look(stack, self.region)

    def _strange(self, stack: StackSpec, apis: list[str], *, stands: bool) -> Iterator[str]:
        known = {**stack.defaults, **self.deployer.given(self.region), "AWS::Region": self.region}
        for logical in apis:
            name = handover.text(stack.template["Resources"][logical]["Properties"]["Name"], known)
            with self.deployer.calls(stack, self.region) as live:
                own = [each["PhysicalResourceId"] for each in live.resources() if each["ResourceType"] == API] if stands else []
                yield from strange_apis(self.deployer.clients, self.region, str(name), own)

    def _leans(self, stack: StackSpec) -> tuple[str, ...]:
        """Why CloudFormation could not import it."""
        try:
            handover.imports(stack, self.deployer.given(self.region), self.region)
            handover.reduced(stack)
        except BadInput as no:
            return (str(no),)
        return ()

    def _look(self, stack: StackSpec, logical: str, kind: str, name: str) -> Thing | None:
        with speaking(self.region, f"looking at {name}"):
            try:
                stops = tuple(LOOKS[kind](self.deployer.clients, self.region, name, self._wanted(stack, logical)))
                return Thing(kind, name, (*self._others(name), *stops))
            except AbsentError:
                return None
            except ClientError as error:
                if said(error) in ABSENT:
                    return None
                if said(error) in OTHERS:
                    return Thing(kind, name, (f"{name} belongs to somebody else, or may not be looked at",))
                raise

    def _wanted(self, stack: StackSpec, logical: str) -> Mapping[str, Any]:
        known = {**stack.defaults, **self.deployer.given(self.region)}
        said_of = {HOURS: self.retention_hours, SHARDS: known.get("ShardCount", "")}
        return {**stack.template["Resources"][logical]["Properties"], **said_of}

    def _others(self, name: str) -> Iterator[str]:
        """CloudFormation imports nothing that a stack has."""
        cloudformation = self.deployer.clients.client("cloudformation", self.region)
        try:
            resources = cloudformation.describe_stack_resources(PhysicalResourceId=name)["StackResources"]
        except ClientError as error:
            if said(error) != "ValidationError":  # no stack has it
                raise
            return
        for owner in sorted({each["StackName"] for each in resources if _is(each, name)}):
            fix = "give it DeletionPolicy Retain there, then take it out of that template"
            yield f"{name} belongs to the stack {owner}: {fix}"


def _is(resource: Mapping[str, Any], name: str) -> bool:
    return resource.get("PhysicalResourceId") == name and resource.get("ResourceStatus") not in GONE
