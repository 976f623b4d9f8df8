"""The source's stacks are deleted, last deployed first. What AWS keeps global in its region holds no data and stays."""

from dataclasses import dataclass, field

from landbridge.migrate import one_by_one
from landbridge.migrate.step import Context, Seen, State, Step
from landbridge.model.region import Region


@dataclass(frozen=True)
class DestroySource(Step):
    """Done when none of the platform's stacks stands at the source."""

    source: Region
    stacks: one_by_one.Removal  # the global ones are not among them
    name: str = field(default="destroy_source", init=False)

    @property
    def sentence(self) -> str:
        """What it does."""
        return f"delete the platform's stacks in {self.source} with everything in them, last one first"

    def before(self) -> dict[str, list[str]]:
        """What there was."""
        return {"standing": self.stacks.standing()}

    def check(self, context: Context) -> Seen:
        """One by one."""
        left = self.stacks.standing()[::-1]
        return one_by_one.look(self.stacks, left, f"still stands in {self.source}") or Seen(
            State.DONE, f"no stack of the platform stands in {self.source}"
        )

    def apply(self, context: Context) -> None:
        """Deletes the last one."""
        one_by_one.begin(self.stacks, self.stacks.standing()[::-1], self.stacks.remove)

    def revert(self, context: Context) -> Seen:
        """Only what was never deleted."""
        return one_by_one.refuse_back(self.stacks, context.before)
