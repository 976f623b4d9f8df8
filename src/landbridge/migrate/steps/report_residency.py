"""Where everything lives now: every store, key, log, backup and processor, in the journal and as a report."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Protocol

from landbridge.migrate.step import Context, Seen, State, Step
from landbridge.model.region import Region


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """One thing and where it lives; `excuse` says why what AWS keeps global there may stay: it holds no trading data."""

    kind: str  # store, key, log, backup, processor ...
    thing: str
    region: Region
    excuse: str = ""


class Residency(Protocol):
    """Where the platform's things live, as asked of AWS, and the report of it."""

    def places(self) -> Sequence[Place]:
        """Everything that is ours, in every region."""

    def reported(self, turn: int) -> bool:
        """Whether the report of this turn or a later one lies where reports lie."""

    def report(self, places: Sequence[Place], turn: int) -> None:
        """Write it; idempotent."""


@dataclass(frozen=True)
class ReportResidency(Step):
    """Done when the report is written and names nothing of ours at the source."""

    source: Region
    residency: Residency
    name: str = field(default="report_residency", init=False)

    @property
    def sentence(self) -> str:
        """What it does."""
        return f"report where every store, key, log, backup and processor lives, and that none of them is in {self.source}"

    def check(self, context: Context) -> Seen:
        """What is left behind is named, and a person decides."""
        if context.done:
            return Seen(State.DONE, "was reported")
        places = sorted(self.residency.places())
        if left := [place for place in places if place.region == self.source and not place.excuse]:
            named = ", ".join(f"{place.kind} {place.thing}" for place in left)
            return Seen(State.BLOCKED, f"still in {self.source}: {named}", {"left": len(left)})
        if not context.turn or not self.residency.reported(context.turn):
            return Seen(State.READY, "the report is not written yet")
        figures = {"places": [asdict(place) for place in places]}
        return Seen(State.DONE, f"{len(places)} things are reported, none of ours in {self.source}", figures)

    def apply(self, context: Context) -> None:
        """Writes the report."""
        self.residency.report(sorted(self.residency.places()), context.turn)

    def revert(self, context: Context) -> Seen:
        """A report harms nobody."""
        return Seen(State.DONE, "the report stays")
