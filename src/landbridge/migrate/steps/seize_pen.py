"""The region that stays may write, though the lost one was never read closed: what it did not copy is given up.

Which epoch is above anything the lost side has, or will get from an act that is still under way? The number of this
step's first intent in the chain. No pen was ever opened in an epoch above the number of the intent it was opened under:
the first epoch was laid before the chain's third record, a move opens one above an epoch that an older intent gave, an
unwinding opens the epoch that stood, and a seizure opens its own number. Every intent to open the lost side is already
in the one chain, so its number, and its epoch, is lower. A distance from the own epoch would not do: after one seizure
the two sides are any distance apart. The cost: epochs jump, and nobody may count on the next one being one above.
"""

from dataclasses import dataclass, field
from typing import ClassVar

from landbridge.migrate.pens import Pens, place
from landbridge.migrate.step import Context, Seen, State, Step, Verb
from landbridge.model.pen import Domain, Epoch, PenState
from landbridge.model.region import Region


@dataclass(frozen=True)
class SeizePen(Step):
    """Done when master and every fence of the region that stays are open, newer than any intent to open the lost one."""

    domain: Domain
    lost: Region
    stays: Region
    pens: Pens
    name: str = field(init=False)
    pivot: ClassVar[bool] = True

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", f"seize_pen.{self.domain}")

    @property
    def sentence(self) -> str:
        """What it does."""
        return (
            f"open the {self.domain} pen of {self.stays} above every epoch of {self.lost}, unasked: "
            f"what {self.lost} accepted and did not copy is given up"
        )

    def opens(self, verb: Verb) -> str | None:
        """Applying opens the region that stays."""
        return place(self.domain, self.stays) if verb is Verb.APPLY else None

    def check(self, context: Context) -> Seen:
        """The lost side is never read. An open pen that was itself seized from once is not the holder's."""
        pens, opened = self.pens.read(self.stays, self.domain), context.history.last_opening(place(self.domain, self.lost))
        if pens.master is None:
            return Seen(State.BLOCKED, f"{self.stays} has no {self.domain} pens: the platform does not stand there")
        if pens.all_are(PenState.OPEN) and pens.oldest_turn >= opened:
            figures = {"epoch": pens.epoch, "turn": pens.turn}
            return Seen(State.DONE, f"{self.stays} writes {self.domain} in epoch {pens.epoch}", figures)
        if context.turn and pens.master.state is PenState.CLOSED and pens.epoch >= self._epoch(context):
            return Seen(State.BLOCKED, f"{self.stays} was opened in epoch {pens.epoch} and closed by somebody: see by whom")
        return Seen(State.READY, f"{self.stays} does not write {self.domain}")

    def apply(self, context: Context) -> None:
        """Opens it, master first; the epoch is the first intent's also when a later one finishes the work."""
        self.pens.open(self.stays, self.domain, self._epoch(context), context.turn)

    def revert(self, context: Context) -> Seen:
        """Bars it against the intents to open it; found open, there is no way back."""
        if self.pens.bar(self.stays, self.domain, context.turn):
            return Seen(State.DONE, f"{self.stays} is barred")
        return Seen(State.FAILED, f"{self.stays} is open already: going on")

    def _epoch(self, context: Context) -> Epoch:
        return Epoch(context.history.intents(self.name, Verb.APPLY)[0][0])
