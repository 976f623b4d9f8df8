"""All reads go to the region that stays; the health checks have sent them there already, this makes it last.

The control plane of the weights may be lost with its region. So this is tried once, and then compared and set again
at each tick like every setting: it never holds up a pen, nor the first contact.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import ClassVar

from landbridge.migrate.step import Context, Seen, State, Step, Verb
from landbridge.model.errors import Refused, Unreachable
from landbridge.model.region import Region
from landbridge.traffic.port import Traffic

ALL = 100


@dataclass(frozen=True)
class SendReads(Step):
    """Done when the weights say so, or could not be set at the first try."""

    stays: Region
    traffic: Traffic
    until: tuple[str, ...] = ()  # the steps from whose first intent on reads go elsewhere again
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

    def before(self) -> Mapping[str, int | None]:
        """The share it had; None = it had no record, or nobody answers."""
        try:
            return {"percent": self.traffic.percent()}
        except (Unreachable, Refused):
            return {"percent": None}

    def check(self, context: Context) -> Seen:
        """Silence is no reason to wait: whoever answers reads is healthy."""
        if any(context.history.intents(step, Verb.APPLY) for step in self.until):
            return Seen(State.DONE, "reads went there until they were sent elsewhere again")
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
        """The share it had; where nobody knows that, reads are safe wherever the health checks let them go."""
        share = context.before.get("percent")
        if share is None or self.traffic.percent() == share:
            return Seen(State.DONE, "reads go where the health checks send them")
        context.sure()
        self.traffic.send(share)
        return Seen(State.DONE, f"{share} % of reads go to {self.stays}, as before")
