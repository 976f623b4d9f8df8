"""A store that is copied there and back at once: what is written at the target after the move must reach the source too."""

from dataclasses import dataclass

from landbridge.model.measure import Lag, Position
from landbridge.replicate.port import Replicator


@dataclass(frozen=True)
class BothWays:
    """Two copies as one; begun together and ended together."""

    there: Replicator
    back: Replicator

    def copied(self) -> bool:
        """Whether either way is."""
        return self.there.copied() or self.back.copied()

    def begun(self) -> bool:
        """Whether both ways are."""
        return self.there.begun() and self.back.begun()

    def start(self) -> None:
        """Both; neither waits for the other."""
        self.there.start()
        self.back.start()

    def stop(self) -> None:
        """Both."""
        self.there.stop()
        self.back.stop()

    def beat(self) -> None:
        """At both sides; the way back is not there before the target is."""
        self.there.beat()
        self.back.beat()

    def lag(self) -> Lag | None:
        """Of the way that is further behind; None until both are heard."""
        lags = [lag for lag in (self.there.lag(), self.back.lag()) if lag is not None]
        return max(lags) if len(lags) == 2 else None

    def position(self) -> Position:
        """Of both."""
        return Position(f"there: {self.there.position()}; back: {self.back.position()}")
