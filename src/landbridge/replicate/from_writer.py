"""A store with one writer is copied one way at a time: away from whoever writes, which a move turns round."""

from collections.abc import Callable
from dataclasses import dataclass

from landbridge.model.measure import Lag, Position
from landbridge.replicate.port import Replicator


@dataclass(frozen=True)
class FromWriter:
    """One copy, made as `there` makes it, and measured the way it goes now."""

    there: Replicator
    back: Replicator
    turned: Callable[[], bool]  # whether the writer is where `there` leads; Unreachable while nobody knows

    def copied(self) -> bool:
        """It is one and the same, whichever way it goes."""
        return self.there.copied()

    def begun(self) -> bool:
        """As it is made."""
        return self.there.begun()

    def start(self) -> None:
        """As it is made."""
        self.there.start()

    def stop(self) -> None:
        """As it is made."""
        self.there.stop()

    def beat(self) -> None:
        """Where it is written."""
        self._way().beat()

    def lag(self) -> Lag | None:
        """Where it is only read."""
        return self._way().lag()

    def position(self) -> Position:
        """Where it is only read."""
        return self._way().position()

    def _way(self) -> Replicator:
        return self.back if self.turned() else self.there
