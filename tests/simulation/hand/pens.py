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
        master, *fences = self.world.place.call(region, lambda: [pens.read(domain, which) for which in pens.items(domain)])
        if domain is Domain.EFFECTS:
            row = self.world.database.transact(None, lambda rows: rows.fence)
            return PenSet(master, (_seen_from(region, row),))
        return PenSet(master, tuple(fences))

    def close(self, region: Region, domain: Domain, turn: int) -> None:
        """Master, then fences."""
        self._all(region, domain, PenState.CLOSED, turn, None)

    def open(self, region: Region, domain: Domain, epoch: Epoch, turn: int) -> None:
        """Master, then fences."""
        self._all(region, domain, PenState.OPEN, turn, epoch)

    def bar(self, region: Region, domain: Domain, turn: int) -> bool:
        """Closed to closed with a newer turn."""
        if self._act(region, domain, None, PenState.CLOSED, turn, None, closed_only=True).state is PenState.OPEN:
            return False
        for fence in self._fences(domain):
            self._act(region, domain, fence, PenState.CLOSED, turn, None)
        if domain is Domain.EFFECTS:
            self._row(region, PenState.CLOSED, turn, None)
        return True

    def _fences(self, domain: Domain) -> range:
        return range(FENCES) if domain in {Domain.STATE, Domain.COMMANDS} else range(0)

    def _all(self, region: Region, domain: Domain, state: PenState, turn: int, epoch: Epoch | None) -> None:
        skipped = self.world.place.bugs.master_only and state is PenState.CLOSED
        for fence in (None, *(() if skipped else self._fences(domain))):
            pen = self._act(region, domain, fence, state, turn, epoch)
            if pen.turn > turn or pen.state is not state:
                raise Overtaken(region, f"the {domain} pen", turn, pen.turn)
        if domain is Domain.EFFECTS and not skipped:
            row = self._row(region, state, turn, epoch)
            if row.turn > turn:
                raise Overtaken(region, "the database's fence row", turn, row.turn)

    def _row(self, region: Region, state: PenState, turn: int, epoch: Epoch | None) -> FenceRow:
        database = self.world.database
        row = database.transact(None, lambda _rows: database.set_fence(region, state, epoch, turn))
        if state is PenState.CLOSED and row.holder not in {region, None} and row.turn < turn:
            raise Unreachable(region, "the other side holds the database's fence row")
        return row

    def _act(
        self,
        region: Region,
        domain: Domain,
        fence: int | None,
        state: PenState,
        turn: int,
        epoch: Epoch | None,
        *,
        closed_only: bool = False,
    ) -> Pen:
        table, pen = self.world.pens[region], Pen(state, Epoch(0) if epoch is None else epoch, turn, 0.0)
        act = lambda: table.act(domain, fence, pen, keep_epoch=epoch is None, closed_only=closed_only)  # noqa: E731
        return self.world.place.call(region, act)


def _seen_from(region: Region, row: FenceRow) -> Pen:
    holds = row.holder == region
    return Pen(PenState.OPEN if holds else PenState.CLOSED, row.epoch if holds else Epoch(0), row.turn, 0.0)
