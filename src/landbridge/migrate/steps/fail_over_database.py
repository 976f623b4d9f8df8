"""The effects' database gets its writer at the region that stays, with what has arrived there: data loss allowed."""

from dataclasses import dataclass, field
from typing import ClassVar, Protocol

from landbridge.migrate.step import Context, Seen, State, Step
from landbridge.model.region import Region


class Failover(Protocol):
    """One database over both regions, when the one with the writer is gone."""

    @property
    def takes_at_most(self) -> float:
        """After how many seconds no act of ours can arrive any more."""

    def writer(self) -> Region | None:
        """Where the one writer is; None = it is being changed, or there is not exactly one."""

    def fail_over(self, to: Region) -> None:
        """Begin a failover that may lose data; nothing when it writes there, or is being failed over there already."""


@dataclass(frozen=True)
class FailOverDatabase(Step):
    """Done when exactly one writer is reported, at the region that stays."""

    stays: Region
    database: Failover
    name: str = field(default="fail_over_database", init=False)
    pivot: ClassVar[bool] = True

    @property
    def sentence(self) -> str:
        """What it does."""
        return f"fail the database over to {self.stays}, data loss allowed, until exactly one writer is reported"

    @property
    def lasts(self) -> float:
        """As long as its port says."""
        return self.database.takes_at_most

    def check(self, context: Context) -> Seen:
        """One that fails leaves the old writer, and is begun again."""
        writer = self.database.writer()
        if writer == self.stays:
            return Seen(State.DONE, f"{self.stays} writes the database")
        if writer is None:
            return Seen(State.WAITING, "the database has no writer yet")
        return Seen(State.READY, f"{writer} is still said to write the database")

    def apply(self, context: Context) -> None:
        """Begins it."""
        self.database.fail_over(self.stays)

    def revert(self, context: Context) -> Seen:
        """What a failover lost does not come back by undoing it."""
        if self.database.writer() == self.stays:
            return Seen(State.FAILED, f"{self.stays} writes the database already: going on")
        return Seen(State.DONE, "the database was not failed over")
