"""What every store's replication can do."""

from typing import Protocol

from landbridge.model.measure import Lag, Position


class Heart(Protocol):
    """By which it is measured how far a copy is behind."""

    def beat(self) -> None:
        """Write a heartbeat at the source; the lag is measured by it, never taken on a replicator's word."""

    def lag(self) -> Lag | None:
        """The age of the newest heartbeat readable at the target; None = no copy is readable there yet."""


class Replicator(Heart, Protocol):
    """One store's copy at the target. Every method may be called any number of times."""

    def copied(self) -> bool:
        """Whether a copy exists or is being made or removed."""

    def begun(self) -> bool:
        """Whether nothing is left to begin; until then `start` is called again."""

    def start(self) -> None:
        """Begin to copy; what exists is copied too. Idempotent."""

    def stop(self) -> None:
        """Take the copy away. Idempotent."""

    def position(self) -> Position:
        """Where the copy stands, in the store's own words."""
