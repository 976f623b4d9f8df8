"""How long a pen move may take from its close; past it, the move unwinds."""

from datetime import timedelta

from landbridge.migrate.step import Context, Seen, State, Verb


def overdue(context: Context, close: str, budget: timedelta) -> Seen | None:
    """FAILED once the budget since the first intent to close is spent; None before."""
    closing = context.history.intents(close, Verb.APPLY)
    if not closing:
        return Seen(State.BLOCKED, f"{close} was never intended: the plan is out of order")
    spent = context.now - closing[0][1]
    if spent <= budget.total_seconds():
        return None
    return Seen(
        State.FAILED, f"not open {spent:.1f} s after the close, budget {budget.total_seconds():g} s", {"spent_s": round(spent, 1)}
    )
