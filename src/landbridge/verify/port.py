"""What every store's comparison can do."""

from dataclasses import dataclass
from typing import Protocol

from landbridge.model.measure import Difference


@dataclass(frozen=True, slots=True)
class Result:
    """One whole comparison: when it began, what it read, what differs."""

    began: float
    seconds: float
    compared: int
    differences: tuple[Difference, ...]


class Verifier(Protocol):
    """One store's comparison of both sides under live writes."""

    def compare(self) -> Result:
        """Reads both sides whole; a difference counts only when it outlives the replication lag."""

    def newest(self) -> Result | None:
        """The newest whole comparison of this process; None = none yet."""
