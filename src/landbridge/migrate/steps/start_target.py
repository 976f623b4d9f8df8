"""Writes that came to either region are seen to commit at the target: the move is whole for its users."""

from dataclasses import dataclass, field
from typing import Protocol

from landbridge.migrate.pens import StateCopies
from landbridge.migrate.step import Context, Seen, State, Step
from landbridge.model.region import Region
from landbridge.model.state import RESERVED


class Writers(Protocol):
    """The dashboard APIs, as a user writes through them."""

    def write(self, region: Region, user: str, view: str, version: int, write_id: str) -> None:
        """One write through this region's API; its outcome is looked up, not trusted."""


@dataclass(frozen=True)
class StartTarget(Step):
    """Done when a write through each region's API is read at the target in the target's epoch."""

    source: Region
    target: Region
    writers: Writers
    copies: StateCopies
    name: str = field(default="start_target.state", init=False)

    @property
    def sentence(self) -> str:
        """What it does."""
        return f"write through the APIs of {self.source} and {self.target} and find both writes in {self.target}"

    def _marks(self) -> dict[Region, tuple[str, str]]:
        return {region: (f"{RESERVED}canary", f"start-{region}") for region in (self.source, self.target)}

    def check(self, context: Context) -> Seen:
        """Only this turn's marks count."""
        if context.done:
            return Seen(State.DONE, "writes through both regions were seen")
        if not context.turn:
            return Seen(State.READY, "no write through both regions was seen yet")
        marks = self._marks()
        seen = self.copies.items(self.target, marks.values())
        late = [region for region, key in marks.items() if key not in seen or seen[key].version < context.turn]
        if late:
            return Seen(State.READY, f"the write through {late[0]} is not in {self.target} yet")
        return Seen(State.DONE, f"writes through {self.source} and {self.target} commit in {self.target}")

    def apply(self, context: Context) -> None:
        """Writes through both."""
        for region, (user, view) in self._marks().items():
            self.writers.write(region, user, view, context.turn, f"turn-{context.turn}")

    def revert(self, context: Context) -> Seen:
        """Marks of a reserved user are counted nowhere."""
        return Seen(State.DONE, "the marks are counted nowhere")
