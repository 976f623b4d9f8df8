"""Pens, copies and marks, imagined: each act is told in one sentence, and counts as done."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from landbridge.migrate.display.world import Tell
from landbridge.model.pen import Domain, Epoch, Pen, PenSet, PenState
from landbridge.model.region import Region

GUARDS = {Domain.MARKET: "", Domain.EFFECTS: " and the row in their database"}


@dataclass
class Pens:
    """Each region's pens. The holder's begin open, in the first epoch."""

    tell: Tell
    clock: Callable[[], float]
    fences: int
    holder: Region
    pens: dict[tuple[Region, Domain], Pen] = field(default_factory=dict)

    def read(self, region: Region, domain: Domain) -> PenSet:
        """As they were told."""
        first = Pen(PenState.OPEN, Epoch(1), 0, self.clock()) if region == self.holder else None
        pen = self.pens.get((region, domain), first)
        return PenSet(pen, (pen,))

    def close(self, region: Region, domain: Domain, turn: int) -> None:
        """Tells it."""
        self.tell(f"close the {domain} pen of {region}{self._guards(domain)}")
        self._set(region, domain, PenState.CLOSED, self.read(region, domain).epoch, turn)

    def open(self, region: Region, domain: Domain, epoch: Epoch, turn: int) -> None:
        """Tells it."""
        self.tell(f"open the {domain} pen of {region}{self._guards(domain)}, in epoch {epoch}")
        self._set(region, domain, PenState.OPEN, epoch, turn)

    def bar(self, region: Region, domain: Domain, turn: int) -> bool:
        """Tells it, unless the pen is open."""
        standing = self.read(region, domain)
        if standing.any_is(PenState.OPEN):
            return False
        self.tell(f"bar the {domain} pen of {region} against acts that are still under way")
        self._set(region, domain, PenState.CLOSED, standing.epoch, turn)
        return True

    def _guards(self, domain: Domain) -> str:
        return GUARDS.get(domain, f" and its {self.fences} fences")

    def _set(self, region: Region, domain: Domain, state: PenState, epoch: Epoch, turn: int) -> None:
        self.pens[region, domain] = Pen(state, epoch, turn, self.clock())


@dataclass(frozen=True)
class Copies:
    """Nobody writes, so nothing is lacking."""

    def accepted(self, region: Region, epoch: Epoch, since: float) -> Mapping[str, str]:
        """Nothing."""
        del region, epoch, since
        return {}

    def lacking(self, region: Region, wanted: Mapping[str, str]) -> list[str]:
        """Nothing."""
        del region, wanted
        return []


@dataclass
class Marks:
    """One domain's marks: what is written in one region is in the other at once."""

    tell: Tell
    domain: Domain
    kept: dict[str, int] = field(default_factory=dict)

    def put(self, region: Region, mark: str, turn: int) -> None:
        """Tells it."""
        self.tell(f"write a mark of our own into the {self.domain} of {region}")
        self.kept[mark] = turn

    def send(self, region: Region, mark: str, turn: int) -> None:
        """Tells it."""
        self.tell(f"send a mark of our own of {self.domain} through {region}")
        self.kept[mark] = turn

    def read(self, region: Region, mark: str) -> int:
        """As it was told."""
        del region
        return self.kept.get(mark, 0)
