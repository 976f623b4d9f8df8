"""The pivot: the target may write. From here on only forward."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import ClassVar

from landbridge.migrate.pens import Pens, place
from landbridge.migrate.step import Context, Seen, State, Step, Verb
from landbridge.migrate.steps.budget import Budget
from landbridge.migrate.steps.reach_regions import Regions
from landbridge.model.pen import Domain, Epoch, PenSet, PenState
from landbridge.model.region import Region


@dataclass(frozen=True)
class OpenTarget(Step):
    """Done when master and every fence of the target are open in an epoch above the source's."""

    domain: Domain
    source: Region
    target: Region
    pens: Pens
    regions: Regions
    skew_bound: timedelta
    budget: Budget
    name: str = field(init=False)
    pivot: ClassVar[bool] = True

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", f"open_target.{self.domain}")

    @property
    def sentence(self) -> str:
        """What it does."""
        return f"open the {self.domain} pen of {self.target} in the next epoch: the point of no return, from here only forward"

    def opens(self, verb: Verb) -> str | None:
        """Applying opens the target."""
        return place(self.domain, self.target) if verb is Verb.APPLY else None

    def check(self, context: Context) -> Seen:
        """A target found open by its master is past the pivot, whatever the budget says; never tried, it need not even answer."""
        late = self.budget.overdue(context)
        if late and not context.history.intents(self.name, Verb.APPLY):
            return late
        target = self.pens.read(self.target, self.domain)
        source = self.pens.read(self.source, self.domain)
        if target.master and target.master.state is PenState.OPEN and target.master.epoch > source.epoch:
            if target.all_are(PenState.OPEN):
                return Seen(State.DONE, f"{self.target} writes {self.domain}", {"epoch": target.epoch, "turn": target.turn})
            return Seen(State.READY, "the master is open, some fences are not")
        if target.epoch > source.epoch:  # going back now would lose what was written there
            return Seen(State.BLOCKED, f"{self.target} was open in epoch {target.epoch} and was closed by somebody: see by whom")
        return late or self._may_open(context, source)

    def _may_open(self, context: Context, source: PenSet) -> Seen:
        opening = context.history.last_opening(place(self.domain, self.source))
        if not source.all_are(PenState.CLOSED) or source.oldest_turn <= opening:
            return Seen(State.BLOCKED, f"{self.source} is not closed against the intent {opening} to open it")
        closed = context.history.found_done(f"close_source.{self.domain}")
        if closed is None or context.now - closed < self.skew_bound.total_seconds():
            return Seen(
                State.WAITING, f"{self.target} opens no sooner than {self.skew_bound.total_seconds():g} s after the close"
            )
        skew = self.regions.skew()
        if skew > self.skew_bound / 2:
            return Seen(State.WAITING, f"the clocks are {skew} apart, more than half of {self.skew_bound}")
        return Seen(State.READY, f"{self.source} is closed and {self.target} has everything")

    def apply(self, context: Context) -> None:
        """Opens one epoch above the source's, master first."""
        epoch = Epoch(self.pens.read(self.source, self.domain).epoch + 1)
        self.pens.open(self.target, self.domain, epoch, context.turn)

    def revert(self, context: Context) -> Seen:
        """Bars the target against the intents to open it; found open, there is no way back."""
        if self.pens.bar(self.target, self.domain, context.turn):
            return Seen(State.DONE, f"{self.target} is barred")
        return Seen(State.FAILED, f"{self.target} is open already: going on")
