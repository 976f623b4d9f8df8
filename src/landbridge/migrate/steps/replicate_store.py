"""A store gets its copy at the target, and the copy keeps up."""

from dataclasses import dataclass, field
from datetime import timedelta

from landbridge.migrate.step import Context, Seen, State, Step
from landbridge.replicate.port import Replicator


@dataclass(frozen=True)
class ReplicateStore(Step):
    """Done while the target stays within `max_lag` of the source."""

    store: str
    replicator: Replicator
    max_lag: timedelta
    name: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", f"replicate_store.{self.store}")

    @property
    def sentence(self) -> str:
        """What it does."""
        return f"copy {self.store} to the target and keep the copy within {self.max_lag.total_seconds():g} s"

    def before(self) -> dict[str, bool]:
        """Whether a copy stood already: revert leaves that one alone."""
        return {"copied": self.replicator.copied()}

    def check(self, context: Context) -> Seen:
        """Never copied, or something of it left to begin: ready; behind or silent: waiting."""
        if not self.replicator.begun():
            return Seen(State.READY, f"{self.store} is not being copied yet")
        lag = self.replicator.lag()
        if lag is None:
            return Seen(State.WAITING, f"{self.store} is being copied for the first time")
        if lag > self.max_lag:
            return Seen(State.WAITING, f"{self.store} is {_seconds(lag)} behind, limit {_seconds(self.max_lag)}")
        why = f"{self.store} is {_seconds(lag)} behind, limit {_seconds(self.max_lag)}"
        return Seen(State.DONE, why, {"lag_ms": round(lag / timedelta(milliseconds=1)), "position": self.replicator.position()})

    def apply(self, context: Context) -> None:
        """Starts the copy."""
        self.replicator.start()

    def revert(self, context: Context) -> Seen:
        """Takes away a copy that was not there before, and waits until it is gone."""
        if context.before["copied"] or not self.replicator.copied():
            return Seen(State.DONE, f"{self.store} is copied as it was before")
        self.replicator.stop()
        return Seen(State.WAITING, f"the copy of {self.store} is being removed")


def _seconds(lag: timedelta) -> str:
    return f"{lag.total_seconds():.1f} s"
