"""What the seizure cost, store by store: every item the lost side accepted that nobody can see any more is named."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from landbridge.migrate.pens import Pens
from landbridge.migrate.step import Context, Look, Seen, State
from landbridge.model.pen import Domain, Epoch
from landbridge.model.region import Region

AT_ONCE = 500  # keys named in one record: a record of the journal is an item of a table


class Losses(Protocol):
    """What one side accepted, against what the other one shows. Reserved users are left out."""

    def missing(self, lost: Region, epoch: Epoch, stays: Region) -> Sequence[str]:
        """What the lost side accepted in this epoch and is seen at the other neither as it was nor as a later accepted version.

        Sorted names without values; strongly consistent. The lost side is closed, so it can only shrink.
        """


@dataclass(frozen=True)
class CountLoss(Look):
    """Done when all of it is named in the journal."""

    domain: Domain
    lost: Region
    stays: Region
    pens: Pens
    losses: Losses
    name: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", f"count_loss.{self.domain}")

    @property
    def sentence(self) -> str:
        """What it does."""
        return f"count and name what {self.lost} accepted of {self.domain} and {self.stays} does not show"

    def check(self, context: Context) -> Seen:
        """A few hundred names a record; a page counts once the journal has it."""
        if context.done:
            return Seen(State.DONE, "was counted")
        last = context.history.figures(self.name)
        missing = self.losses.missing(self.lost, self.pens.read(self.lost, self.domain).epoch, self.stays)
        rest = [name for name in missing if name > last.get("upto", "")]
        page = rest[:AT_ONCE]
        counted = last.get("missing", 0) + len(page)
        figures = {"missing": counted, "keys": page, "upto": page[-1] if page else ""}
        if len(rest) > AT_ONCE:
            return Seen(State.WAITING, f"{counted} items of {self.domain} are missing in {self.stays}, and more", figures)
        return Seen(State.DONE, f"{counted} items of {self.domain} that {self.lost} accepted are lost", figures)
