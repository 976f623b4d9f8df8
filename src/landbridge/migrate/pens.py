"""The pens as the engine holds them: acts conditional on their turn, and the copies a move is proved by."""

from collections.abc import Iterable, Mapping
from typing import Protocol

from landbridge.model.pen import Domain, Epoch, PenSet
from landbridge.model.region import Region
from landbridge.model.state import StateItem


class Pens(Protocol):
    """Each region's own pens. Every act is conditional on a newer turn, so a late one changes nothing."""

    def read(self, region: Region, domain: Domain) -> PenSet:
        """Master and all fences, strongly consistent."""

    def close(self, region: Region, domain: Domain, turn: int) -> None:
        """Master first, then every fence; makes closed pens where there were none. Idempotent; Overtaken by a newer turn."""

    def open(self, region: Region, domain: Domain, epoch: Epoch, turn: int) -> None:
        """Master first (the pivot), then every fence. Idempotent; Overtaken by a newer turn."""

    def bar(self, region: Region, domain: Domain, turn: int) -> bool:
        """Closed to closed with a newer turn, so that no older act can open it; False when the master is found open."""


class StateCopies(Protocol):
    """The state table and its receipts, as each region has them."""

    def receipts(self, region: Region, epoch: Epoch, since: float) -> Iterable[StateItem]:
        """What the region accepted in this epoch from `since` on, strongly consistent; final once its fences are closed."""

    def items(self, region: Region, keys: Iterable[tuple[str, str]]) -> Mapping[tuple[str, str], StateItem]:
        """The region's own copy of these keys, strongly consistent; what is missing is left out."""

    def write_mark(self, region: Region, mark: StateItem) -> None:
        """Put an item of a reserved user straight into the region's copy."""


def place(domain: Domain, region: Region) -> str:
    """How the journal names one region's pen."""
    return f"{domain}@{region}"
