"""Every region and the journal answer, and their clocks agree, before anything is touched."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Protocol

from landbridge.migrate.step import Context, Look, Seen, State
from landbridge.model.measure import Survey
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
    stores: tuple[Callable[[], Survey], ...] = ()  # what each holds; looked at once nothing else is in the way
    left: tuple[str, ...] = ()  # what may stay behind, by whose decision and why
    name: str = field(default="reach_regions", init=False)

    @property
    def sentence(self) -> str:
        """What it does."""
        sees = (
            f"see that {self.source}, {self.target} and the journal answer, that nothing is in the way, and that the clocks agree"
        )
        return "; ".join((sees, *self.left))

    def check(self, context: Context) -> Seen:
        """Blocked by the first obstacle, named with its way out."""
        if context.done:
            return Seen(State.DONE, "was seen")
        seen = [] if (standing := self.regions.obstacles()) else [look() for look in self.stores]
        held = {name: figure for each in seen for name, figure in each.figures.items()}
        if obstacles := [*standing, *(each for found in seen for each in found.obstacles)]:
            return Seen(State.BLOCKED, obstacles[0], {"obstacles": obstacles, **held})
        skew = self.regions.skew()
        if skew > self.skew_bound / 2:
            return Seen(State.BLOCKED, f"the clocks are {skew} apart, more than half of {self.skew_bound}: set them first")
        figures: dict[str, Any] = {"skew_ms": round(skew / timedelta(milliseconds=1)), **held}
        left = [each for found in seen for each in found.left]
        why = "; ".join(("both regions answer and nothing is in the way", *left))
        return Seen(State.DONE, why, {**figures, "left": left} if left else figures)
