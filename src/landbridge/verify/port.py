"""What every store's comparison can do, what comes out of it, and where that is kept."""

from dataclasses import dataclass
from typing import Protocol

from landbridge.model.errors import LandbridgeError
from landbridge.model.measure import Difference


@dataclass(frozen=True, slots=True)
class Result:
    """One comparison: when it began, what it read, what differs, and how much of the store it covers."""

    began: float
    seconds: float
    compared: int
    differences: tuple[Difference, ...]
    coverage: float = 1.0  # the share of what there is that was compared
    stopped: str = ""  # the sentence why it ended early; empty = it did not
    notes: tuple[str, ...] = ()  # what a reader must know to judge it
    of: str = ""  # what was compared, where a configuration says so
    expected: tuple[Difference, ...] = ()  # what differs by a recorded decision, and is held against nobody

    @property
    def whole(self) -> bool:
        """Whether everything was compared; a gate takes nothing less."""
        return not self.stopped and self.coverage >= 1


@dataclass(frozen=True, slots=True)
class Estimate:
    """What comparing one part of a store would read, and what that costs; said without reading it."""

    what: str
    reads: int
    unit: str
    size: int  # bytes
    note: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a comparison is."""

    store: str
    what: str
    coverage: float
    compared: int
    differences: int


@dataclass
class Unfinished(LandbridgeError):
    """A comparison can't go on; what it found so far is kept."""

    where: str
    what: str
    fix: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}; {self.fix}"


class Verifier(Protocol):
    """One store's comparison of both sides under live writes."""

    def compare(self) -> Result:
        """Reads both sides whole; a difference counts only when it outlives the replication lag."""

    def newest(self) -> Result | None:
        """The newest comparison; None = none yet."""


class Comparison(Verifier, Protocol):
    """A comparison that the command line can ask what it would cost."""

    def explain(self) -> tuple[Estimate, ...]:
        """What `compare` would read; reads no data itself."""


class Results(Protocol):
    """Where comparisons are kept, so that a gate can refuse what is stale or partial."""

    def keep(self, store: str, result: Result) -> None:
        """Keeps the newest comparison of a store in place of the one before."""

    def newest(self, store: str) -> Result | None:
        """The newest comparison kept; None = none, or one that can't be read any more."""
