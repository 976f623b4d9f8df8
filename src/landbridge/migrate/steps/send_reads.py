"""All reads go to the region that stays; the health checks have sent them there already, this makes it last.

The control plane of the weights may be lost with its region. So this is tried once, and then compared and set again
at each tick like every setting: it never holds up a pen, nor the first contact.
"""

from dataclasses import dataclass, field
from functools import partial
from typing import ClassVar

from landbridge.migrate.step import Context, Seen, State, Step
from landbridge.model.errors import Refused, Unreachable
from landbridge.model.region import Region
from landbridge.traffic.port import Traffic

ALL = 100


@dataclass(frozen=True)
class SendReads(Step):
    """Done when the weights say so, or could not be set at the first try."""

    stays: Region
    traffic: Traffic
    setting: ClassVar[bool] = True
    name: str = field(default="send_reads", init=False)

    @property
    def sentence(self) -> str:
        """What it does."""
        return f"send all reads to {self.stays}, as soon as the weights can be set"

    @property
    def lasts(self) -> float:
        """As long as its port says."""
        return self.traffic.takes_at_most

    def check(self, context: Context) -> Seen:
        """Silence is no reason to wait: whoever answers reads is healthy."""
        if not context.turn:
            return Seen(State.READY, "reads go where the health checks send them")
        try:
            percent = self.traffic.percent()
        except (Unreachable, Refused) as silent:
            return Seen(State.DONE, f"reads go where the health checks send them: {silent}")
        if percent == ALL:
            return Seen(State.DONE, f"all reads go to {self.stays}")
        return Seen(State.READY if context.done else State.DONE, f"{percent or 0} % of reads go to {self.stays} by weight")

    def apply(self, context: Context) -> None:
        """Gives it a record if it has none, or sets the weights."""
        act = self.traffic.add_target if self.traffic.percent() is None else partial(self.traffic.send, ALL)
        context.sure()
        act()

    def revert(self, context: Context) -> Seen:
        """Reads are safe wherever the health checks let them go."""
        return Seen(State.DONE, "reads go where the health checks send them")
