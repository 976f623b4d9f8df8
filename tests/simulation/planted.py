"""Bugs planted one at a time. Each is a mistake somebody could make; the checker must find every one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from landbridge.migrate.journal import Journal
from landbridge.migrate.record import Kind, Record
from landbridge.migrate.step import Context, Seen, State, Step
from landbridge.migrate.steps.close_source import CloseSource
from landbridge.migrate.steps.open_target import OpenTarget
from landbridge.migrate.steps.prove_copy import ProveCopy
from landbridge.model.pen import Epoch, PenState
from landbridge.model.region import Region
from landbridge.model.state import StateItem
from tests.simulation.ports import SimCopies, SimJournal
from tests.simulation.run import Variant
from tests.simulation.world import Bugs, World

Key = tuple[str, str]


def _swapped(kind: type[Step], make: Callable[[Step], Step]) -> Callable[[World, tuple[Step, ...]], tuple[Step, ...]]:
    return lambda _world, steps: tuple(make(step) if isinstance(step, kind) else step for step in steps)


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


@dataclass
class EarlyReceipts:
    """What was accepted when the close was intended, before the last writes have drained; any later version will do."""

    world: World
    copies: SimCopies
    captured: dict[Key, StateItem] | None = None

    def accepted(self, region: Region, epoch: Epoch, since: float) -> dict[str, str]:
        """Looked up once."""
        if self.captured is None:
            before = self.world.kernel.now - 1.0
            early = [item for at, item in self.world.sides[region].receipts if since <= at < before and item.epoch == epoch]
            self.captured = {item.key: item for item in early if not item.user.startswith("~")}
        return {"/".join(key): str(item.version) for key, item in self.captured.items()}

    def lacking(self, region: Region, wanted: Mapping[str, str]) -> list[str]:
        """By version."""
        keys = {name: (name.partition("/")[0], name.partition("/")[2]) for name in wanted}
        have = self.copies.items(region, keys.values())
        return [name for name, key in keys.items() if key not in have or have[key].version < int(wanted[name])]


def _captured_early(world: World, steps: tuple[Step, ...]) -> tuple[Step, ...]:
    return tuple(
        replace(step, copies=EarlyReceipts(world, SimCopies(world))) if isinstance(step, ProveCopy) else step for step in steps
    )


class LeaseBesideTheChain(Journal):
    """Believes its lease without looking at the chain."""

    def append(self, kind: Kind, step: str = "", why: str = "", data: object = None) -> Record:
        """Adds wherever there is room."""
        while True:
            term = self.lease.term if self.lease else 1
            if added := self._try(kind, term, step, why, data or {}):  # type: ignore[arg-type]
                return added

    def hold_lease(self) -> None:
        """Took it once, has it for ever."""
        if not any(record.who == self.who for record in self.records):
            super().hold_lease()
        elif self.lease:
            self.lease = replace(self.lease, who=self.who, until=self.clock() + 60)


class Unconditional(SimJournal):
    """A table on which the last put wins."""

    def _put(self, record: Record) -> bool:
        if record.number <= len(self.world.journal):
            self.world.journal[record.number - 1] = record
            return True
        return super()._put(record)


class _Eager(OpenTarget):
    """Opens as soon as the source is closed, whatever the clocks say."""

    def _may_open(self, context: Context, source: object) -> Seen:
        return Seen(State.READY, "why wait")


def _eager(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    return tuple(_as(_Eager, step) if isinstance(step, OpenTarget) else step for step in steps)


def _master_only(_world: World, steps: tuple[Step, ...]) -> tuple[Step, ...]:
    return tuple(_as(MasterOnly, step) if isinstance(step, CloseSource) else step for step in _eager(steps))


def _blind(_world: World, steps: tuple[Step, ...]) -> tuple[Step, ...]:
    swaps: dict[type[Step], type[Step]] = {OpenTarget: Unbarred, CloseSource: ReopensBlindly}
    return tuple(_as(swaps[type(step)], step) if type(step) in swaps else step for step in steps)


PLANTED: dict[str, Variant] = {
    "fence skipped": Variant(bugs=Bugs(fence_skipped=True)),
    "act without a turn": Variant(bugs=Bugs(act_without_turn=True)),
    "fences left open": Variant(bugs=Bugs(master_only=True), steps=_master_only),
    "reopened without barring": Variant(steps=_blind),
    "epoch ignored on open": Variant(steps=_swapped(OpenTarget, lambda s: _as(SameEpoch, s))),
    "captured before the drain": Variant(steps=_captured_early),
    "opened before the skew bound": Variant(steps=lambda _w, s: _eager(s), skew=1.9),
    "lease beside the chain": Variant(journal=LeaseBesideTheChain),
    "journal without a condition": Variant(store=Unconditional),
}
