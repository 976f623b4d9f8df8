"""Reads move to the target a share at a time, each share held long enough to be judged."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import ClassVar

from landbridge.migrate.gate import Gate, Verdict
from landbridge.migrate.step import Context, Moves, Seen, State, Step, Verb
from landbridge.migrate.steps.verify_store import compared_ago
from landbridge.traffic.port import Traffic


@dataclass(frozen=True)
class ShiftReads(Step):
    """Done when the share stood for its bake time and the gate passes at the end of it."""

    percent: int
    traffic: Traffic
    gate: Gate
    bake: timedelta
    patience: timedelta
    stores: tuple[str, ...]  # whose comparisons must be fresh
    setting: ClassVar[bool] = True
    moves: ClassVar[Moves] = Moves.READS
    name: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", f"shift_reads.{self.percent}")

    @property
    def sentence(self) -> str:
        """What it does."""
        return f"send {self.percent} % of reads to the target and hold for {self.bake.total_seconds():g} s under the gate"

    @property
    def lasts(self) -> float:
        """As long as its port says."""
        return self.traffic.takes_at_most

    def check(self, context: Context) -> Seen:
        """The weight is read back each time; what a stranger changed is set again."""
        percent = self.traffic.percent()
        if percent is None or percent < self.percent or (percent > self.percent and not context.done):
            return Seen(State.READY, f"{percent or 0} % of reads go to the target, {self.percent} % should")
        if context.done:
            return Seen(State.DONE, f"{percent} % of reads go to the target")
        intents = context.history.intents(self.name, Verb.APPLY)
        if not intents:  # a stranger's weight: its bake time began nobody knows when
            return Seen(State.READY, f"{percent} % of reads go to the target, but not by this step")
        return self._judged(context, intents[-1][1])

    def _judged(self, context: Context, since: float) -> Seen:
        judged = self.gate.judge(compared_ago(context, self.stores))
        baked = timedelta(seconds=context.now - since)
        figures = {"percent": self.percent, **judged.figures}
        if judged.verdict is Verdict.FAIL:
            return Seen(State.FAILED, judged.why, figures)
        if judged.verdict is Verdict.INCONCLUSIVE and baked > self.bake + self.patience:
            return Seen(State.BLOCKED, f"still inconclusive after {baked.total_seconds():.0f} s: {judged.why}", figures)
        if judged.verdict is Verdict.INCONCLUSIVE or baked < self.bake:
            return Seen(State.WAITING, f"{self.percent} % for {baked.total_seconds():.0f} s: {judged.why}", figures)
        return Seen(State.DONE, f"{self.percent} % held for {baked.total_seconds():.0f} s: {judged.why}", figures)

    def apply(self, context: Context) -> None:
        """Sets the weight."""
        self.traffic.send(self.percent)

    def revert(self, context: Context) -> Seen:
        """All reads go home at once, whichever share had failed."""
        if self.traffic.percent():
            context.sure()
            self.traffic.send(0)
        return Seen(State.DONE, "all reads go to the source")
