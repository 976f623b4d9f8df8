"""The target gets the platform's stacks, from the same templates the source has."""

from dataclasses import dataclass, field
from typing import Protocol

from landbridge.migrate.step import Context, Seen, State, Step
from landbridge.model.region import Region


class Stacks(Protocol):
    """The stacks of one region, in order."""

    def missing(self) -> list[str]:
        """What is not yet there as the templates want it, in the order it must come."""

    def moving(self) -> list[str]:
        """What is being created, updated or deleted right now."""

    def broken(self) -> list[str]:
        """What failed, each with its first cause."""

    def standing(self) -> list[str]:
        """What exists, in any state."""

    def begin(self, stack: str) -> None:
        """Start to create or update a stack; idempotent."""

    def remove(self, stack: str) -> None:
        """Start to delete a stack with everything in it; idempotent."""


@dataclass(frozen=True)
class DeployTarget(Step):
    """Done when every stack of the target stands as its template says."""

    target: Region
    stacks: Stacks
    name: str = field(default="deploy_target", init=False)

    @property
    def sentence(self) -> str:
        """What it does."""
        return f"deploy the platform's stacks in {self.target} by change sets"

    def before(self) -> dict[str, list[str]]:
        """Which stacks stood there already: revert leaves those alone."""
        return {"standing": self.stacks.standing()}

    def check(self, context: Context) -> Seen:
        """Waits for what moves, starts what is missing, holds on what failed."""
        if moving := self.stacks.moving():
            return Seen(State.WAITING, f"{', '.join(moving)} being made")
        if broken := self.stacks.broken():
            return Seen(State.BLOCKED, broken[0])
        if missing := self.stacks.missing():
            return Seen(State.READY, f"{missing[0]} is not in {self.target}")
        return Seen(State.DONE, f"every stack stands in {self.target}", {"stacks": self.stacks.standing()})

    def apply(self, context: Context) -> None:
        """Starts the first stack that is missing, unless one is on its way: the next may need what that one tells."""
        if not self.stacks.moving():
            for stack in self.stacks.missing()[:1]:
                self.stacks.begin(stack)

    def revert(self, context: Context) -> Seen:
        """Deletes what was not there before, last one first, waiting for each."""
        if moving := self.stacks.moving():
            return Seen(State.WAITING, f"{', '.join(moving)} being deleted")
        ours = [stack for stack in self.stacks.standing() if stack not in context.before["standing"]]
        if not ours:
            return Seen(State.DONE, f"{self.target} is as it was")
        self.stacks.remove(ours[-1])
        return Seen(State.WAITING, f"{ours[-1]} being deleted")
