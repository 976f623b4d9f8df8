"""The target's API answers quickly before it gets its first reader: cold functions are ten times slower."""

from dataclasses import dataclass, field

from landbridge.migrate.gate import Gate, Verdict
from landbridge.migrate.step import Context, Look, Seen, State
from landbridge.migrate.steps.verify_store import compared_ago


@dataclass(frozen=True)
class WarmTarget(Look):
    """Done when the gate passes on probes alone."""

    gate: Gate
    stores: tuple[str, ...]  # whose comparisons must be fresh
    name: str = field(default="warm_target", init=False)

    @property
    def sentence(self) -> str:
        """What it does."""
        return "probe the target's own API until it answers as well as the source does"

    def check(self, context: Context) -> Seen:
        """Slow or failing answers are waited out here: no reader sees them yet."""
        if context.done:
            return Seen(State.DONE, "was warm")
        judged = self.gate.judge(compared_ago(context, self.stores))
        state = State.DONE if judged.verdict is Verdict.PASS else State.WAITING
        return Seen(state, judged.why, judged.figures)
