"""Every region and the journal answer, and their clocks agree, before anything is touched."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

from landbridge.migrate.step import Context, Look, Seen, State
from landbridge.model.region import Region


class Regions(Protocol):
    """What can be asked of a region before landbridge has anything in it."""

    def obstacles(self) -> list[str]:
        """What would stop the migration, each a sentence with the way out; empty = nothing."""

    def skew(self) -> timedelta:
        """How far the clocks of source and target are apart, as measured now."""


@dataclass(frozen=True)
class ReachRegions(Look):
    """Done when nothing stands in the way."""

    source: Region
    target: Region
    regions: Regions
    skew_bound: timedelta
    name: str = field(default="reach_regions", init=False)

    @property
    def sentence(self) -> str:
        """What it does."""
        return (
            f"see that {self.source}, {self.target} and the journal answer, that nothing is in the way, and that the clocks agree"
        )

    def check(self, context: Context) -> Seen:
        """Blocked by the first obstacle, named with its way out."""
        if context.done:
            return Seen(State.DONE, "was seen")
        obstacles = self.regions.obstacles()
        if obstacles:
            return Seen(State.BLOCKED, obstacles[0], {"obstacles": obstacles})
        skew = self.regions.skew()
        if skew > self.skew_bound / 2:
            return Seen(State.BLOCKED, f"the clocks are {skew} apart, more than half of {self.skew_bound}: set them first")
        return Seen(
            State.DONE, "both regions answer and nothing is in the way", {"skew_ms": round(skew / timedelta(milliseconds=1))}
        )
