"""The engine's ports over the simulated world: one call an item, as in DynamoDB, over wires that fail."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from landbridge.migrate.record import Record
from landbridge.model.errors import Overtaken
from landbridge.model.pen import Domain, Epoch, Pen, PenSet, PenState
from landbridge.model.region import Region
from landbridge.model.state import StateItem, is_reserved
from tests.simulation.history import Key
from tests.simulation.world import FENCES, JOURNAL, World


@dataclass
class SimJournal:
    """A linearizable chain reached over wires that fail."""

    world: World
    chain: str = "simulated"

    def after(self, number: int) -> list[Record]:
        """Every record above this number."""
        return self.world.call(JOURNAL, lambda: self.world.journal[number:], replace(self.world.odds, late=0, twice=0))

    def put(self, record: Record) -> bool:
        """Write the record if its number is free."""
        return self.world.call(JOURNAL, lambda: self._put(record))

    def _put(self, record: Record) -> bool:
        if record.number != len(self.world.journal) + 1:
            return False
        self.world.journal.append(record)
        line = f"{record.number} {record.who} {record.kind} {record.step} {record.why}"
        self.world.history.note(self.world.kernel.now, "journal", line)
        self.world.legs_done += record.data.get("outcome") == "done"
        self.world.on_record(record)
        return True


@dataclass
class SimPens:
    """The engine's hand on the pens: one call an item, as in DynamoDB."""

    world: World

    def read(self, region: Region, domain: Domain) -> PenSet:
        """One consistent read."""
        del domain
        side = self.world.sides[region]
        return self.world.call(region, lambda: PenSet(side.pens[None], tuple(side.pens[n] for n in range(FENCES))))

    def close(self, region: Region, domain: Domain, turn: int) -> None:
        """Master, then fences."""
        self._all(region, domain, PenState.CLOSED, turn, None)

    def open(self, region: Region, domain: Domain, epoch: Epoch, turn: int) -> None:
        """Master, then fences."""
        self._all(region, domain, PenState.OPEN, turn, epoch)

    def bar(self, region: Region, domain: Domain, turn: int) -> bool:
        """Closed to closed with a newer turn."""
        del domain
        if self._act(region, None, PenState.CLOSED, turn, None, closed_only=True).state is PenState.OPEN:
            return False
        for fence in range(FENCES):
            self._act(region, fence, PenState.CLOSED, turn, None)
        return True

    def _all(self, region: Region, domain: Domain, state: PenState, turn: int, epoch: Epoch | None) -> None:
        fences = [] if self.world.bugs.master_only and state is PenState.CLOSED else range(FENCES)
        for fence in (None, *fences):
            pen = self._act(region, fence, state, turn, epoch)
            if pen.turn > turn or pen.state is not state:
                raise Overtaken(region, f"the {domain} pen", turn, pen.turn)

    def _act(
        self, region: Region, fence: int | None, state: PenState, turn: int, epoch: Epoch | None, *, closed_only: bool = False
    ) -> Pen:
        side = self.world.sides[region]
        return self.world.call(region, lambda: self.world.act(side, fence, state, turn, epoch, closed_only=closed_only))


@dataclass
class SimCopies:
    """Receipts and items as the engine reads them."""

    world: World

    def accepted(self, region: Region, epoch: Epoch, since: float) -> dict[str, str]:
        """The newest receipt of each key."""
        newest: dict[Key, StateItem] = {}
        for item in self.receipts(region, epoch, since):
            newest[item.key] = max(item, newest.get(item.key, item), key=lambda each: each.version)
        return {"/".join(key): item.digest() for key, item in newest.items() if not is_reserved(item.user)}

    def lacking(self, region: Region, wanted: Mapping[str, str]) -> list[str]:
        """By digest."""
        keys = {name: (name.partition("/")[0], name.partition("/")[2]) for name in wanted}
        have = self.items(region, keys.values())
        return [name for name, key in keys.items() if key not in have or have[key].digest() != wanted[name]]

    def receipts(self, region: Region, epoch: Epoch, since: float) -> list[StateItem]:
        """A consistent read of what was accepted in the epoch."""
        side = self.world.sides[region]
        return self.world.call(region, lambda: [item for at, item in side.receipts if item.epoch == epoch and at >= since])

    def items(self, region: Region, keys: Iterable[Key]) -> dict[Key, StateItem]:
        """A consistent read of the region's own copy."""
        wanted, side = list(keys), self.world.sides[region]
        return self.world.call(region, lambda: {key: side.items[key] for key in wanted if key in side.items})

    def write_mark(self, region: Region, mark: StateItem) -> None:
        """A plain put."""
        self.world.call(region, lambda: self.world.store_item(self.world.sides[region], mark))


@dataclass
class SimRegions:
    """Preflight's view: the clocks."""

    world: World

    def obstacles(self) -> list[str]:
        """None here."""
        return []

    def skew(self) -> timedelta:
        """What a good measurement would say."""
        one, other = self.world.skews.values()
        return timedelta(seconds=abs(one - other))
