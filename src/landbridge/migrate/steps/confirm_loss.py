"""A region that holds a pen is gone, and has been for long enough: while it answers, a move is the way and loses nothing.

What counts is whether its pens can be reached: they can be closed then, and nothing need be overruled.
"""

from dataclasses import dataclass, field
from datetime import timedelta

from landbridge.migrate.pens import Pens
from landbridge.migrate.step import Context, Look, Seen, State, Verb
from landbridge.model.errors import Unreachable
from landbridge.model.pen import Domain, PenState
from landbridge.model.region import Region


@dataclass(frozen=True)
class ConfirmLoss(Look):
    """Done when the region was silent at every look for so long; looked at again until the first pen is seized."""

    lost: Region
    pens: Pens
    domains: tuple[Domain, ...]
    silence: timedelta
    until: tuple[str, ...]  # the steps after whose first intent it is too late to look
    name: str = field(default="confirm_loss", init=False)

    @property
    def sentence(self) -> str:
        """What it does."""
        return f"see that {self.lost} has not answered for {self.silence.total_seconds():g} s: what it did not copy would be lost"

    def check(self, context: Context) -> Seen:
        """A region that answers without holding anything is no holder that could be overruled."""
        if any(context.history.intents(step, Verb.APPLY) for step in self.until):
            return Seen(State.DONE, "was seen before anything was seized")
        try:
            held = [domain for domain in self.domains if self.pens.read(self.lost, domain).any_is(PenState.OPEN)]
        except Unreachable:
            return self._silent(context)
        if held:
            why = f"{self.lost} answers and holds {', '.join(held)}: abort, and move by migrate or failback, which loses nothing"
            return Seen(State.BLOCKED, why)
        return Seen(State.DONE, f"{self.lost} answers and holds nothing")

    def _silent(self, context: Context) -> Seen:
        """While no engine looked, nobody knows whether it answered."""
        since = max(context.history.figures(self.name).get("silent_since", context.now), context.history.awake_since)
        silent, figures = context.now - since, {"silent_since": since}
        if silent < self.silence.total_seconds():
            return Seen(State.WAITING, f"{self.lost} has been silent for {silent:.0f} s", figures)
        return Seen(State.DONE, f"{self.lost} did not answer for {silent:.0f} s", figures)
