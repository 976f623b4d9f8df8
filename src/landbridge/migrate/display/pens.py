"""Pens, copies and writers, imagined: each act is told in one sentence, and counts as done."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from landbridge.migrate.display.world import Tell
from landbridge.model.pen import Domain, Epoch, Pen, PenSet, PenState
from landbridge.model.region import Region
from landbridge.model.state import StateItem

Key = tuple[str, str]


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
        return PenSet(pen, (pen,) * self.fences)

    def close(self, region: Region, domain: Domain, turn: int) -> None:
        """Tells it."""
        self.tell(f"close the {domain} pen of {region} and its {self.fences} fences")
        self._set(region, domain, PenState.CLOSED, self.read(region, domain).epoch, turn)

    def open(self, region: Region, domain: Domain, epoch: Epoch, turn: int) -> None:
        """Tells it."""
        self.tell(f"open the {domain} pen of {region} and its {self.fences} fences, in epoch {epoch}")
        self._set(region, domain, PenState.OPEN, epoch, turn)

    def bar(self, region: Region, domain: Domain, turn: int) -> bool:
        """Tells it, unless the pen is open."""
        standing = self.read(region, domain)
        if standing.any_is(PenState.OPEN):
            return False
        self.tell(f"bar the {domain} pen of {region} against acts that are still under way")
        self._set(region, domain, PenState.CLOSED, standing.epoch, turn)
        return True

    def _set(self, region: Region, domain: Domain, state: PenState, epoch: Epoch, turn: int) -> None:
        self.pens[region, domain] = Pen(state, epoch, turn, self.clock())


@dataclass
class Copies:
    """One copy for both regions: what is written in one is in the other at once. Users write nothing."""

    tell: Tell
    kept: dict[Key, StateItem] = field(default_factory=dict)

    def receipts(self, region: Region, epoch: Epoch, since: float) -> list[StateItem]:
        """None: no user wrote."""
        del region, epoch, since
        return []

    def items(self, region: Region, keys: Iterable[Key]) -> Mapping[Key, StateItem]:
        """The marks that were told."""
        del region
        return {key: self.kept[key] for key in keys if key in self.kept}

    def write_mark(self, region: Region, mark: StateItem) -> None:
        """Tells it."""
        self.tell(f"write a mark of our own into the state of {region}")
        self.kept[mark.key] = mark


@dataclass(frozen=True)
class Writers:
    """Both APIs, as a user writes through them."""

    tell: Tell
    copies: Copies

    def write(self, region: Region, user: str, view: str, version: int, write_id: str) -> None:
        """Tells it."""
        self.tell(f"write a mark of our own through the API of {region}")
        self.copies.kept[user, view] = StateItem(user, view, version, write_id, Epoch(0), "mark")
