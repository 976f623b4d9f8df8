"""Before a region is taken out of service, the other one is seen to serve well by itself: doubt holds.

Nothing is compared with the region that goes out: it may be out already, and its silence must stop nobody.
"""

from dataclasses import dataclass, field
from datetime import timedelta

from landbridge.migrate.gate import Gate, Verdict
from landbridge.migrate.step import Context, Look, Seen, State
from landbridge.model.region import Region


@dataclass(frozen=True)
class ConfirmStay(Look):
    """Done when the gate passes on the region that stays; held for a person when it does not for so long."""

    stays: Region
    gate: Gate
    patience: timedelta
    name: str = field(default="confirm_stay", init=False)

    @property
    def sentence(self) -> str:
        """What it does."""
        return f"probe {self.stays} until enough of its answers in a row are good: it will serve everybody"

    def check(self, context: Context) -> Seen:
        """Never done on no answers."""
        if context.done:
            return Seen(State.DONE, "was seen to serve well")
        judged = self.gate.judge(None)
        if judged.verdict is Verdict.PASS:
            return Seen(State.DONE, f"{self.stays} serves well: {judged.why}", judged.figures)
        over = context.now - context.entered > self.patience.total_seconds()
        return Seen(State.BLOCKED if over else State.WAITING, f"{self.stays}: {judged.why}", judged.figures)
