"""The pens as the engine holds them: acts conditional on their turn, and the copies and marks a move is proved by."""

from collections.abc import Mapping
from typing import Protocol

from landbridge.model.pen import Domain, Epoch, PenSet
from landbridge.model.region import Region


class Pens(Protocol):
    """Each region's own pens. Every act is conditional on a newer turn, so a late one changes nothing.

    The market's pen has no fences. The one fence of the effects is the row in their database: open in its epoch for its
    holder, closed in epoch 0 for anybody else, at the row's turn for all.
    """

    def read(self, region: Region, domain: Domain) -> PenSet:
        """Master and all fences, strongly consistent."""

    def close(self, region: Region, domain: Domain, turn: int) -> None:
        """Master first, then every fence; makes closed pens where there were none. Idempotent; Overtaken by a newer turn."""

    def open(self, region: Region, domain: Domain, epoch: Epoch, turn: int) -> None:
        """Master first (the pivot), then every fence. Idempotent; Overtaken by a newer turn."""

    def bar(self, region: Region, domain: Domain, turn: int) -> bool:
        """Closed to closed with a newer turn, so that no older act can open it; False when the master is found open."""


class Copies(Protocol):
    """What one domain's holder accepted, and what a region's own copy has of it. Reserved users are left out."""

    def accepted(self, region: Region, epoch: Epoch, since: float) -> Mapping[str, str]:
        """Each key the region wrote in this epoch from `since` on, with what tells its newest value from any other.

        Strongly consistent; final once the region's fences are closed.
        """

    def lacking(self, region: Region, wanted: Mapping[str, str]) -> list[str]:
        """Those of the wanted keys that the region's own copy does not have just so, strongly consistent."""


class Marks(Protocol):
    """One domain's marks of our own: reserved, overwritten, left out of every count and comparison."""

    def put(self, region: Region, mark: str, turn: int) -> None:
        """Straight into the region's own copy."""

    def send(self, region: Region, mark: str, turn: int) -> None:
        """Through the region's own front, as a user would; the outcome is looked up, not trusted."""

    def read(self, region: Region, mark: str) -> int:
        """The newest turn of this mark that the region's own copy has; 0 = none."""


def place(domain: Domain, region: Region) -> str:
    """How the journal names one region's pen."""
    return f"{domain}@{region}"
