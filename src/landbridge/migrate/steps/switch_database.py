"""The effects' database gets its writer at the target: a planned switchover, which loses nothing."""

from dataclasses import dataclass, field
from typing import Protocol

from landbridge.migrate.step import Context, Seen, State, Step
from landbridge.migrate.steps.budget import Budget
from landbridge.model.region import Region


class Database(Protocol):
    """One database over both regions, with one writer."""

    @property
    def takes_at_most(self) -> float:
        """After how many seconds no act of ours can arrive any more."""

    def writer(self) -> Region | None:
        """Where the one writer is; None = it is being switched, or there is not exactly one."""

    def switch(self, to: Region) -> None:
        """Begin a planned switchover; nothing when it writes there, or is being switched there already."""


@dataclass(frozen=True)
class SwitchDatabase(Step):
    """Done when exactly one writer is reported, at the target."""

    source: Region
    target: Region
    database: Database
    budget: Budget
    name: str = field(default="switch_database", init=False)

    @property
    def sentence(self) -> str:
        """What it does."""
        return f"switch the database's writer from {self.source} to {self.target} as planned, until exactly one is reported"

    @property
    def lasts(self) -> float:
        """As long as its port says."""
        return self.database.takes_at_most

    def check(self, context: Context) -> Seen:
        """A switchover that fails leaves the old writer, and is begun again while there is time."""
        writer = self.database.writer()
        if writer == self.target:
            return Seen(State.DONE, f"{self.target} writes the database")
        if context.done and writer:
            return Seen(State.BLOCKED, f"{writer} writes the database, though it was switched: see by whom")
        if not context.done and (late := self.budget.overdue(context)):
            return late
        if writer is None:
            return Seen(State.WAITING, "the database is being switched")
        return Seen(State.READY, f"{writer} writes the database")

    def apply(self, context: Context) -> None:
        """Begins it."""
        context.sure()
        self.database.switch(self.target)

    def revert(self, context: Context) -> Seen:
        """Back to the source, and no further than one switchover at a time."""
        writer = self.database.writer()
        if writer == self.source:
            return Seen(State.DONE, f"{self.source} writes the database")
        if writer is None:
            return Seen(State.WAITING, "the database is being switched: what it comes to will be seen")
        context.sure()
        self.database.switch(self.source)
        return Seen(State.WAITING, f"the database is being switched back to {self.source}")
