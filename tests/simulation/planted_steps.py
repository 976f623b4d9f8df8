"""Steps and copies with a mistake somebody could make, and how each gets into a plan."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from landbridge.migrate.pens import Copies
from landbridge.migrate.plan import Plan
from landbridge.migrate.step import Context, Seen, State, Step
from landbridge.migrate.steps.close_source import CloseSource
from landbridge.migrate.steps.keep_place import KeepPlace
from landbridge.migrate.steps.mark_end import MarkEnd
from landbridge.migrate.steps.move_feeds import MoveFeeds
from landbridge.migrate.steps.open_target import OpenTarget
from landbridge.migrate.steps.prove_copy import ProveCopy
from landbridge.migrate.steps.reach_regions import ReachRegions
from landbridge.migrate.steps.switch_database import SwitchDatabase
from landbridge.model.errors import Unreachable
from landbridge.model.pen import Domain, Epoch, PenState
from landbridge.model.region import Region
from tests.simulation.hand.copies import StreamCopies, TableCopies, named
from tests.simulation.hand.market import SimStreams
from tests.simulation.world.world import World

Change = Callable[[World, Plan], Plan]


def swapped(kind: type[Step], make: Callable[[World, Step], Step]) -> Change:
    """A plan with every step of a kind made anew."""

    def change(world: World, plan: Plan) -> Plan:
        phases = [
            replace(phase, steps=tuple(make(world, step) if isinstance(step, kind) else step for step in phase.steps))
            for phase in plan.phases
        ]
        return replace(plan, phases=tuple(phases))

    return change


def turned_into(*classes: type[Step]) -> Change:
    """A plan whose steps are of these classes wherever they are of what those derive from."""

    def change(world: World, plan: Plan) -> Plan:
        for cls in classes:
            plan = swapped(cls.__bases__[0], lambda _world, step, cls=cls: _as(cls, step))(world, plan)  # type: ignore[misc]
        return plan

    return change


def _as(cls: type[Step], step: Step) -> Step:
    """The same step with another class's mistakes."""
    made = object.__new__(cls)
    for name in step.__dataclass_fields__:  # type: ignore[attr-defined]
        object.__setattr__(made, name, getattr(step, name))
    return made


class MasterOnly(CloseSource):
    """Believes the master and leaves the fences unread."""

    def check(self, context: Context) -> Seen:
        """One pen of many."""
        master = self.pens.read(self.source, self.domain).master
        if context.turn and master and master.state is PenState.CLOSED:
            return Seen(State.DONE, "the master is closed")
        return Seen(State.READY, "the master is open")


class Unbarred(OpenTarget):
    """Goes back without barring the target."""

    def revert(self, context: Context) -> Seen:
        """Trusts that nothing is under way."""
        return Seen(State.DONE, "nothing should be under way")


class ReopensBlindly(CloseSource):
    """Opens the source again without looking at the target."""

    def revert(self, context: Context) -> Seen:
        """Only its own side counts."""
        self.pens.open(self.source, self.domain, self.pens.read(self.source, self.domain).epoch, context.turn)
        return Seen(State.DONE, "open again")


class SameEpoch(OpenTarget):
    """Opens the target in the epoch the source had."""

    def check(self, context: Context) -> Seen:
        """Any open target will do."""
        if self.pens.read(self.target, self.domain).all_are(PenState.OPEN):
            return Seen(State.DONE, "open")
        return super().check(context)

    def apply(self, context: Context) -> None:
        """Forgets to count."""
        epoch = Epoch(self.pens.read(self.source, self.domain).epoch)
        self.pens.open(self.target, self.domain, epoch, context.turn)


class Eager(OpenTarget):
    """Opens as soon as the source is closed, whatever the clocks say."""

    def _may_open(self, context: Context, source: object) -> Seen:
        return Seen(State.READY, "why wait")


class Unclocked(ReachRegions):
    """Asks no clock before anything moves."""

    def check(self, context: Context) -> Seen:
        """Trusts them."""
        return Seen(State.DONE, "clocks are right")


class TurnsRound(MoveFeeds):
    """Going back sends the feeds away from wherever they are sent: right once, wrong twice."""

    def _send_to(self, to: Region, context: Context) -> None:
        self.feeds.restore(to)
        for side in (self.source, self.target):
            self.feeds.point(side, self.target if self.feeds.address(side) == self.source else self.source)

    def revert(self, context: Context) -> Seen:
        """Not told before, it is not told now."""
        self._send_to(self.source, context)
        return super().revert(context)


@dataclass
class EarlyCopies:
    """What was accepted until a second before the first look: some of it had not drained by then. Newer will do as well."""

    copies: TableCopies
    captured: dict[tuple[Region, Epoch], list[Any]] = field(default_factory=dict)

    def accepted(self, region: Region, epoch: Epoch, since: float) -> dict[str, str]:
        """Looked up once."""
        world = self.copies.world
        before, receipts = world.place.now - 1.0, world.pens[region].receipts[self.copies.domain]
        early = [item for at, item in receipts if item.epoch == epoch and since <= at < before]
        items = self.captured.setdefault((region, epoch), early)
        return {name: str(number) for item in items for name, (number, _) in named(item).items()}

    def lacking(self, region: Region, wanted: Mapping[str, str]) -> list[str]:
        """By number."""
        return [name for name, number in wanted.items() if self._number(region, name) < int(number)]

    def _number(self, region: Region, name: str) -> int:
        item = self.copies.world.table.get(region, tuple(name.split("/")))
        return 0 if item is None else getattr(item, "version", item[0] if isinstance(item, tuple) else 1)


@dataclass
class TrustingCopies:
    """Whatever can't be read is nothing, and nothing is lacking."""

    copies: Copies

    def accepted(self, region: Region, epoch: Epoch, since: float) -> Mapping[str, str]:
        """No answer, no keys."""
        try:
            return self.copies.accepted(region, epoch, since)
        except Unreachable:
            return {}

    def lacking(self, region: Region, wanted: Mapping[str, str]) -> list[str]:
        """No answer, no complaint."""
        try:
            return self.copies.lacking(region, wanted)
        except Unreachable:
            return []


@dataclass
class FirstPage(SimStreams):
    """Reads one page of the list of shards, and takes it for all."""

    def shards(self, region: Region) -> frozenset[str]:
        """Some."""
        return frozenset(sorted(super().shards(region))[:1])


def some_shards(world: World, plan: Plan) -> Plan:
    """A plan that knows of some shards only."""

    def told(step: Step) -> Step:
        if isinstance(step, KeepPlace | MoveFeeds | MarkEnd):
            return replace(step, streams=FirstPage(world))
        if isinstance(step, ProveCopy) and step.domain is Domain.MARKET:
            return replace(step, copies=StreamCopies(FirstPage(world)))
        return step

    phases = [replace(phase, steps=tuple(map(told, phase.steps))) for phase in plan.phases]
    return replace(plan, phases=tuple(phases))


def opened_first(_world: World, plan: Plan) -> Plan:
    """The effects' pivot stands before their database is switched."""

    def reordered(steps: tuple[Step, ...]) -> tuple[Step, ...]:
        late = [step for step in steps if isinstance(step, SwitchDatabase)]
        rest = [step for step in steps if not isinstance(step, SwitchDatabase)]
        return (*rest[:-1], *late, rest[-1]) if late else steps

    return replace(plan, phases=tuple(replace(phase, steps=reordered(phase.steps)) for phase in plan.phases))


def believing(make: Callable[[Any], Copies], *domains: Domain) -> Change:
    """A plan that proves the copies of these domains by other means."""

    def believed(step: Step) -> Step:
        mistaken = isinstance(step, ProveCopy) and step.domain in domains
        return replace(step, copies=make(step.copies)) if mistaken else step  # type: ignore[attr-defined,type-var]

    return swapped(ProveCopy, lambda _world, step: believed(step))
