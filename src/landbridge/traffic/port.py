"""What the migration needs to know and to move about traffic."""

from dataclasses import dataclass
from typing import Protocol

from landbridge.traffic.window import Window


class Traffic(Protocol):
    """The weighted records of one origin name. Setting is not fenceable: callers need more lease left than it takes."""

    @property
    def takes_at_most(self) -> float:
        """How many seconds setting the weights can last."""

    def percent(self) -> int | None:
        """The share of reads the target's record gets, as read back from DNS's control plane; None = it has no record."""

    def send(self, percent: int) -> None:
        """Set both records in one change; idempotent, never retried by itself."""

    def add_target(self) -> None:
        """Give the target a record at weight 0, with its region's health check; idempotent."""

    def remove_target(self) -> None:
        """Take the target's record away; idempotent."""


@dataclass(frozen=True, slots=True)
class Sample:
    """Answers seen in a window: how many, how many of them errors, and the 99th percentile of their seconds."""

    total: int
    errors: int
    p99: float | None

    @property
    def error_rate(self) -> float:
        """Share of errors; 0 when nothing was seen."""
        return self.errors / self.total if self.total else 0.0


class Users(Protocol):
    """What real users were answered by one region's API."""

    def sample(self, now: float) -> Sample:
        """The newest window; probes are not in it. Raises Unreachable when nothing can be known."""


class Probes(Protocol):
    """Requests of our own straight to one region's API, past every shared name."""

    def sample(self, now: float) -> Window:
        """Sends a few and gives the newest window of them, those included."""
