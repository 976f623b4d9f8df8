"""How long a pen move may take; past it, the move unwinds."""

from dataclasses import dataclass
from datetime import timedelta

from landbridge.migrate.step import Context, Seen, State, Verb


@dataclass(frozen=True, slots=True)
class Budget:
    """So long, counted from a step's first intent."""

    counts_from: str
    limit: timedelta

    def overdue(self, context: Context) -> Seen | None:
        """FAILED once it is spent; None before."""
        begun = context.history.intents(self.counts_from, Verb.APPLY)
        if not begun:
            return Seen(State.BLOCKED, f"{self.counts_from} was never intended: the plan is out of order")
        spent = context.now - begun[0][1]
        if spent <= self.limit.total_seconds():
            return None
        why = f"not open {spent:.1f} s after {self.counts_from}, budget {self.limit.total_seconds():g} s"
        return Seen(State.FAILED, why, {"spent_s": round(spent, 1)})
