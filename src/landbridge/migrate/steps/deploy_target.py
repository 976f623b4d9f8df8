"""The target gets the platform's stacks, from the same templates the source has."""

from dataclasses import dataclass, field
from typing import Protocol

from landbridge.migrate import one_by_one
from landbridge.migrate.step import Context, Seen, State, Step
from landbridge.model.region import Region


class Stacks(one_by_one.Removal, Protocol):
    """The stacks of one region, in order."""

    def missing(self) -> list[str]:
        """What is not yet there as the templates want it, in the order it must come."""

    def begin(self, stack: str) -> None:
        """Start to create or update a stack; idempotent."""


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
        return one_by_one.look(self.stacks, self.stacks.missing(), f"is not in {self.target}") or Seen(
            State.DONE, f"every stack stands in {self.target}", {"stacks": self.stacks.standing()}
        )

    def apply(self, context: Context) -> None:
        """Starts the first stack that is missing."""
        one_by_one.begin(self.stacks, self.stacks.missing(), self.stacks.begin)

    def revert(self, context: Context) -> Seen:
        """Deletes what was not there before, last one first, waiting for each."""
        ours = [stack for stack in self.stacks.standing() if stack not in context.before["standing"]]
        return one_by_one.put_back(self.stacks, ours, self.stacks.remove, f"{self.target} is as it was")
