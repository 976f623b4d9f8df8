"""Stacks of one platform: looked at, begun, removed. Every call may come any number of times.

A stack counts as current when what its template makes and the parameters it was given are ours, read back from
CloudFormation itself; a tag that says so would also be stuck on every resource of the stack. Descriptions don't count:
CloudFormation finds nothing to change in them, so a stack would never become current again.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, replace
from typing import Any

from landbridge.aws.clients import GLOBAL_HOME, Clients, speaking
from landbridge.config.spec import Pens, Platform
from landbridge.deploy import handover, parameters
from landbridge.deploy.artifacts import Artifact
from landbridge.deploy.changes import ResourceChange, of_template
from landbridge.deploy.changeset import Change, bring_about, foresee
from landbridge.deploy.contents import empty_stack
from landbridge.deploy.events import Progress, first_cause
from landbridge.deploy.graph import Graph, Place, regions_of
from landbridge.deploy.guard import refuse_harm, refuse_remains, refuse_turning_global
from landbridge.deploy.live_stack import Holding, LiveStack, outputs_of
from landbridge.deploy.manifest import Home, Manifest, StackSpec
from landbridge.deploy.peering import join, joined
from landbridge.deploy.standing import KEPT_OLD, ONLY_ANEW, SETTLED, Look, Standing
from landbridge.deploy.wanted import Wanted
from landbridge.model.errors import Refused
from landbridge.model.region import Region

__all__ = ["Deployer", "Liberties", "Look", "Standing"]

PEERING = "PeeringConnectionId"  # the output of the stack that asks for a peering
Tell = Callable[[Place, str], None]


@dataclass(frozen=True)
class Liberties:
    """What a deployer may do beyond the ordinary, and whom it tells what it does."""

    replace: frozenset[str] = frozenset()  # logical ids that may lose what they hold
    tell: Tell = lambda _place, _what: None
    watch_minutes: int = 5  # an alarm of ours that rings until so long after an update rolls it back


class Deployer:
    """Puts a platform's stacks where they belong, and takes them out."""

    def __init__(
        self,
        clients: Clients,
        manifest: Manifest,
        platform: Platform,
        pens: Pens | None,
        *,
        sleep: Callable[[float], None],
        artifact: Artifact | None = None,
        regional: Callable[[Region], Mapping[str, str]] = lambda _: {},
        address: Callable[[str, Region], str] = lambda name, _: name,
        liberties: Liberties | None = None,
    ) -> None:
        self.clients, self.manifest, self.platform = clients, manifest, platform
        self._sleep, self._liberties = sleep, liberties or Liberties()
        code = artifact or Artifact.of()
        known = parameters.settings(platform, pens, code.key)
        sides = {home: Region(getattr(platform, home)) for home in (Home.SOURCE, Home.TARGET, Home.JOURNAL)}
        self.roles = {**sides, Home.GLOBAL: GLOBAL_HOME}
        self.graph = Graph.of(manifest, self.roles)
        watch = self._liberties.watch_minutes
        self.given: Callable[[Region], Mapping[str, str]] = lambda at: {**known, **regional(at)}  # what stacks there are told
        self._wanted = Wanted(clients, manifest, platform, self.given, code, self.roles, watch, address)

    @property
    def journal(self) -> Region:
        """The region that outlives both sides."""
        return self.roles[Home.JOURNAL]

    def stacks(self, region: Region) -> tuple[StackSpec, ...]:
        """The stacks that belong into a region, in the order they are deployed."""
        return tuple(stack for stack in self.manifest.stacks if region in regions_of(stack, self.roles))

    def stack(self, name: str) -> StackSpec:
        """The stack of this name."""
        return self.manifest.stack(name)

    def stack_name(self, stack: StackSpec) -> str:
        """What the stack is called in CloudFormation."""
        return self._wanted.name(stack)

    def look(self, stack: StackSpec, region: Region) -> Look:
        """How the stack stands; changes nothing."""
        with self.calls(stack, region) as live:
            found = live.find()
            if found is None:
                return Look(Standing.ABSENT, f"{stack.name} is not deployed in {region}")
            return self._judge(live, stack, region, found)

    def outputs(self, stack: StackSpec, region: Region) -> Mapping[str, str]:
        """What the stack tells about itself; empty while it is absent."""
        return self._wanted.outputs(stack, region)

    def begin(self, stack: StackSpec, region: Region) -> bool:
        """Starts what makes the stack current, or what leads out of a state it is stuck in, and returns.

        A stack that moves or is current is left alone. True when a change set was made.
        """
        look = self.look(stack, region)
        if look.standing in {Standing.MOVING, Standing.CURRENT}:
            return False
        with self.calls(stack, region) as live:
            if look.status and look.status not in SETTLED | KEPT_OLD:
                self._lead_out(live, stack, region, look.status)
                return False
            if look.status:
                self._refuse_frozen(stack, region)
                refuse_turning_global(live.name, region, live.template(), stack.template)
            change = self._wanted.change(stack, region, update=bool(look.status))
            bring_about(live.cloudformation, change, self._sleep, lambda changes: self._approve(stack, region, changes))
            return True

    def change(self, stack: StackSpec, region: Region) -> Change:
        """What would make the stack from nothing."""
        return self._wanted.change(stack, region, update=False)

    def settled(self, region: Region, outputs: Mapping[str, str]) -> bool:
        """Whether nothing is left to do of what CloudFormation can't do for a stack that stands; changes nothing."""
        return PEERING not in outputs or joined(self.clients, outputs[PEERING], region, self._accepter(region))

    def settle(self, region: Region, outputs: Mapping[str, str]) -> None:
        """Does what CloudFormation can't; again until it is settled."""
        if PEERING in outputs:
            join(self.clients, outputs[PEERING], region, self._accepter(region))

    def _accepter(self, region: Region) -> Region:
        return self.roles[Home.SOURCE] if region != self.roles[Home.SOURCE] else self.roles[Home.TARGET]

    def adopt(self, stack: StackSpec, region: Region) -> bool:
        """Starts to take over what exists there; False when the stack is there already."""
        with self.calls(stack, region) as live:
            if live.find() is not None:
                return False
            change = self._wanted.change(stack, region, update=False)
            taken = handover.imports(stack, change.parameters, region)
            change = replace(change, kind="IMPORT", body=handover.reduced(stack), imports=taken, digest=f"import-{change.digest}")
            return bring_about(live.cloudformation, change, self._sleep, lambda changes: self._approve(stack, region, changes))

    def without(self, regions: frozenset[Region]) -> "Deployer":
        """The same, as things should be once these regions are gone."""
        made = copy(self)
        made._wanted = replace(self._wanted, leaving=regions)  # noqa: SLF001 - our own
        return made

    def handed_over(self) -> dict[Place, Place]:
        """Stacks of one side that the other side has taken over."""
        found = {}
        for stack in self.manifest.stacks:
            here = self.roles.get(stack.home)
            there = handover.other_side(stack, here, self.roles) if here else None
            if here and there and self._stands(stack, there):
                found[Place(stack.name, here)] = Place(stack.name, there)
        return found

    def foresee(self, stack: StackSpec, region: Region) -> Sequence[ResourceChange]:
        """What a begin would do; nothing is done. What another stack must tell first is refused by its name."""
        look = self.look(stack, region)
        if look.standing is Standing.CURRENT:
            return ()
        with self.calls(stack, region) as live:
            if look.status not in SETTLED | KEPT_OLD:
                return of_template(stack.template)
            return foresee(live.cloudformation, self._wanted.change(stack, region, update=True), self._sleep)

    def remove(self, stack: StackSpec, region: Region) -> None:
        """Empties what keeps the stack from going and starts its removal; absent or already leaving is fine."""
        with self.calls(stack, region) as live:
            found = live.find(leftovers=True)
            if found is None or found["StackStatus"] == "DELETE_IN_PROGRESS":
                return
            empty_stack(self.clients, region, live, lambda what: self._tell(stack, region, what))
            live.cloudformation.delete_stack(StackName=live.name)

    def holding(self, place: Place) -> tuple[Holding, ...] | None:
        """What of a stack holds data; None when there is no stack."""
        with self.calls(self.stack(place.stack), place.region) as live:
            return live.holding() if live.find(leftovers=True) else None

    def news(self, stack: StackSpec, region: Region) -> Callable[[], Iterator[str]]:
        """The stack's events from the first call on, each once."""
        progress = Progress(self.clients.client("cloudformation", region), self.stack_name(stack))

        def told() -> Iterator[str]:
            with speaking(region, self.stack_name(stack)):
                yield from progress.news()

        return told

    @contextmanager
    def calls(self, stack: StackSpec, region: Region) -> Iterator[LiveStack]:
        """The live stack; what AWS says no to inside comes out in our words."""
        with speaking(region, self.stack_name(stack)):
            yield self._wanted.live(stack, region)

    def _tell(self, stack: StackSpec, region: Region, what: str) -> None:
        self._liberties.tell(Place(stack.name, region), what)

    def _approve(self, stack: StackSpec, region: Region, changes: Sequence[ResourceChange]) -> None:
        refuse_harm(self.stack_name(stack), region, changes, self._liberties.replace)
        for change in changes:
            self._tell(stack, region, str(change))

    def _stands(self, stack: StackSpec, region: Region) -> bool:
        with self.calls(stack, region) as live:
            return live.find() is not None

    def _refuse_frozen(self, stack: StackSpec, region: Region) -> None:
        there = handover.other_side(stack, region, self.roles)
        if there and self._stands(stack, there):
            why = f"{there} has taken it over, and this stack is frozen; destroy it when the region is retired"
            raise Refused(region, f"the change of {self.stack_name(stack)}", why)

    def _lead_out(self, live: LiveStack, stack: StackSpec, region: Region, status: str) -> None:
        """Out of a state in which a stack takes no change set."""
        match status:
            case "UPDATE_ROLLBACK_FAILED":
                self._tell(stack, region, f"is {status}: its rollback goes on")
                live.cloudformation.continue_update_rollback(StackName=live.name)
            case "UPDATE_FAILED":
                self._tell(stack, region, f"is {status}: it is rolled back")
                live.cloudformation.rollback_stack(StackName=live.name)
            case _ if status in ONLY_ANEW:
                remains = [held.resource for held in live.holding()]
                refuse_remains(live.name, region, remains, self._liberties.replace)
                self._tell(stack, region, f"is {status}, which can't be updated: it is deleted and made anew")
                live.cloudformation.delete_stack(StackName=live.name)
            case _:
                raise Refused(region, f"deploying {stack.name}", f"it is {status}; settle it by hand, then deploy")

    def _judge(self, live: LiveStack, stack: StackSpec, region: Region, found: Mapping[str, Any]) -> Look:
        status, outputs = str(found["StackStatus"]), outputs_of(found)
        if status.endswith("_IN_PROGRESS"):
            return Look(Standing.MOVING, f"{stack.name} in {region} is {status}", outputs, status)
        differs = self._wanted.differs(stack, region, found) if status in SETTLED | KEPT_OLD else ""
        if status not in SETTLED and (differs or status not in KEPT_OLD):
            why = f"{stack.name} in {region} is {status}: {first_cause(live.cloudformation, live.name)}"
            return Look(Standing.BROKEN, why, outputs, status)
        if differs:
            return Look(Standing.STALE, f"{stack.name} in {region}: {differs}", outputs, status)
        return Look(Standing.CURRENT, f"{stack.name} in {region} is as it should be", outputs, status)
