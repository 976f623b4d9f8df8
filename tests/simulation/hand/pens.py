"""The engine's hand on the pens: one call an item, as in DynamoDB; the fence of `effects` is the database's row."""

from dataclasses import dataclass

from landbridge.model.errors import Overtaken, Unreachable
from landbridge.model.pen import Domain, Epoch, Pen, PenSet, PenState
from landbridge.model.region import Region
from tests.simulation.world.database import FenceRow
from tests.simulation.world.place import FENCES
from tests.simulation.world.world import World


@dataclass
class SimPens:
    """Each region's own pens."""

    world: World

    def read(self, region: Region, domain: Domain) -> PenSet:
        """One consistent read, and for `effects` one of the database."""
        pens = self.world.pens[region]
        master, *fences = self.world.place.call(region, lambda: [pens.pens[domain, which] for which in pens.items(domain)])
        if domain is Domain.EFFECTS:
            row = self.world.database.transact(None, lambda rows: rows.fence)
            return PenSet(master, (_seen_from(region, row),))
        return PenSet(master, tuple(fences))

    def close(self, region: Region, domain: Domain, turn: int) -> None:
        """Master, then fences."""
        self._all(region, domain, Act(PenState.CLOSED, turn, None))

    def open(self, region: Region, domain: Domain, epoch: Epoch, turn: int) -> None:
        """Master, then fences."""
        self._all(region, domain, Act(PenState.OPEN, turn, epoch))

    def bar(self, region: Region, domain: Domain, turn: int) -> bool:
        """Closed to closed with a newer turn."""
        bar = Act(PenState.CLOSED, turn, None, closed_only=True)
        if self._act(region, domain, None, bar).state is PenState.OPEN:
            return False
        for fence in self._fences(domain):
            self._act(region, domain, fence, Act(PenState.CLOSED, turn, None))
        if domain is Domain.EFFECTS:
            self._row(region, bar)
        return True

    def _fences(self, domain: Domain) -> range:
        return range(FENCES) if domain in {Domain.STATE, Domain.COMMANDS} else range(0)

    def _all(self, region: Region, domain: Domain, act: "Act") -> None:
        skipped = self.world.place.bugs.master_only and act.state is PenState.CLOSED
        for fence in (None, *(() if skipped else self._fences(domain))):
            pen = self._act(region, domain, fence, act)
            if pen.turn > act.turn or pen.state is not act.state:
                raise Overtaken(region, f"the {domain} pen", act.turn, pen.turn)
        if domain is Domain.EFFECTS and not skipped:
            row = self._row(region, act)
            if row.turn > act.turn:
                raise Overtaken(region, "the database's fence row", act.turn, row.turn)

    def _row(self, region: Region, act: "Act") -> FenceRow:
        database = self.world.database
        row = database.transact(None, lambda _rows: database.set_fence(region, act.state, act.epoch, act.turn))
        if act.state is PenState.CLOSED and row.holder not in {region, None} and row.turn < act.turn:
            raise Unreachable(region, "the other side holds the database's fence row")
        return row

    def _act(self, region: Region, domain: Domain, fence: int | None, act: "Act") -> Pen:
        table, pen = self.world.pens[region], Pen(act.state, act.epoch or Epoch(0), act.turn, 0.0)
        keep = act.epoch is None
        return self.world.place.call(region, lambda: table.act(domain, fence, pen, keep_epoch=keep, closed_only=act.closed_only))


@dataclass(frozen=True)
class Act:
    """What is done to a pen; no epoch = it keeps the one it has."""

    state: PenState
    turn: int
    epoch: Epoch | None
    closed_only: bool = False


def _seen_from(region: Region, row: FenceRow) -> Pen:
    holds = row.holder == region
    return Pen(PenState.OPEN if holds else PenState.CLOSED, row.epoch if holds else Epoch(0), row.turn, 0.0)
