"""What the lost side still had to copy arrives late, and may cover newer items of the side that stays: those are put back.

The journal names each key before it is put back, and no value ever.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Protocol

from landbridge.migrate.pens import Marks, Pens
from landbridge.migrate.step import Context, Seen, State, Step, Verb
from landbridge.model.pen import Domain, Epoch
from landbridge.model.region import Region

AGAIN_SECONDS = 15.0  # a mark not seen by then may never have been written: another one is
AT_ONCE = 500  # keys named in one record: a record of the journal is an item of a table
MARK = "contact"


class Survivors(Protocol):
    """What one domain's holder accepted, against what late copies made of it. Reserved users are left out."""

    def overwritten(self, region: Region, epoch: Epoch) -> Sequence[str]:
        """The keys the region accepted in this epoch whose item there is of a lower one; sorted, strongly consistent."""

    def restore(self, region: Region, epoch: Epoch, keys: Sequence[str]) -> None:
        """Put the region's own newest of these back from its receipts, unless an item of this epoch stands. Idempotent."""


@dataclass(frozen=True)
class RestoreOverwritten(Step):
    """Done when a mark put at the lost side after its close has arrived, time to settle has passed, and nothing lower stands."""

    domain: Domain
    lost: Region
    stays: Region
    pens: Pens
    marks: Marks
    survivors: Survivors
    settle: timedelta
    name: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", f"restore_overwritten.{self.domain}")

    @property
    def sentence(self) -> str:
        """What it does."""
        return (
            f"wait until what {self.lost} still had to copy of {self.domain} has arrived in {self.stays}, name what it covered "
            f"and put it back; over {self.settle.total_seconds():g} s after the last of it"
        )

    def check(self, context: Context) -> Seen:
        """A key is put back only once the journal names it."""
        if context.done:
            return Seen(State.DONE, "everything had arrived")
        last = context.history.figures(self.name)
        covered = list(self.survivors.overwritten(self.stays, self._epoch()))[:AT_ONCE]
        named = set(last.get("keys", ()))
        restored = last.get("restored", 0) + len(set(covered) - named)
        figures = {"keys": covered, "restored": restored, "arrived": last.get("arrived")}
        if covered and named.issuperset(covered):
            return Seen(State.READY, f"{len(covered)} items of {self.domain} are put back", figures)
        if covered:
            return Seen(State.WAITING, f"{len(covered)} items of {self.domain} are covered by older ones", figures)
        return self._arrived(context, figures)

    def _arrived(self, context: Context, figures: dict[str, Any]) -> Seen:
        put = context.history.intents(self.name, Verb.APPLY)
        if not put:
            return Seen(State.READY, f"nothing was put at {self.lost} after its close yet", figures)
        if figures["arrived"] is None and self.marks.read(self.stays, MARK) < put[0][0]:
            state = State.READY if context.now - put[-1][1] > AGAIN_SECONDS else State.WAITING
            return Seen(state, f"the mark put at {self.lost} after its close has not arrived in {self.stays} yet", figures)
        figures["arrived"] = figures["arrived"] or context.now
        quiet = context.now - max(figures["arrived"], put[-1][1])
        if quiet < self.settle.total_seconds():
            return Seen(State.WAITING, f"the mark has arrived; nothing lower stands since {quiet:.0f} s", figures)
        return Seen(State.DONE, f"{figures['restored']} items of {self.domain} were covered and put back", figures)

    def apply(self, context: Context) -> None:
        """Marks the end of what the lost side copies, and puts back what is named."""
        if self.marks.read(self.stays, MARK) < context.history.intents(self.name, Verb.APPLY)[0][0]:
            self.marks.put(self.lost, MARK, context.turn)
        self.survivors.restore(self.stays, self._epoch(), context.history.figures(self.name).get("keys", ()))

    def revert(self, context: Context) -> Seen:
        """What was put back is what users were told was accepted."""
        return Seen(State.DONE, "what was put back stays")

    def _epoch(self) -> Epoch:
        return self.pens.read(self.stays, self.domain).epoch
