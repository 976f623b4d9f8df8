"""The target is judged for days while the source could still take everything back.

A failing gate does not turn anything back: past a pivot that would be a move of its own. It holds for a person, and the
bake time begins anew. So it does when nobody judged for a while: time that was not watched does not count.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from landbridge.migrate.gate import Gate, Judgement, Verdict
from landbridge.migrate.pens import Pens
from landbridge.migrate.step import Context, Look, Seen, State
from landbridge.migrate.steps.verify_store import compared_ago
from landbridge.model.errors import Unreachable
from landbridge.model.pen import Domain, PenState
from landbridge.model.region import Region

STRIDES = 100  # of the bake time: one record each, for it may last weeks


@dataclass(frozen=True)
class BakeTarget(Look):
    """Done when the gate has passed for the bake time, with every pen at the target."""

    target: Region
    domains: tuple[Domain, ...]
    pens: Pens
    gate: Gate
    bake: timedelta
    patience: timedelta
    comparisons: tuple[str, ...]  # which must be fresh
    again: str = ""  # the phase in which it is judged once more; empty = the bake's own
    name: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", ".".join(filter(None, ("bake_target", self.again))))

    @property
    def sentence(self) -> str:
        """What it does."""
        long = f"for {_seconds(self.bake)}" if self.bake else "as long as this phase takes"
        return f"judge {self.target} {long}, with everything at it; when the gate fails, a person decides"

    def check(self, context: Context) -> Seen:
        """What was seen before is in the figures of the newest look."""
        known = context.history.figures(self.name)
        judged = self._judge(context)
        if judged.verdict is Verdict.PASS:
            return self._passed(context, judged, known)
        if judged.verdict is Verdict.FAIL:
            return Seen(State.BLOCKED, f"{judged.why}: mend it and the bake time begins anew, or fail back", judged.figures)
        return self._doubted(context, judged, known)

    def _judge(self, context: Context) -> Judgement:
        try:
            elsewhere = [domain for domain in self.domains if not self.pens.read(self.target, domain).all_are(PenState.OPEN)]
        except Unreachable as silent:
            return Judgement(Verdict.INCONCLUSIVE, str(silent))
        if elsewhere:
            return Judgement(Verdict.FAIL, f"{self.target} does not hold the {elsewhere[0]} pen")
        return self.gate.judge(compared_ago(context, self.comparisons))

    def _passed(self, context: Context, judged: Judgement, known: Mapping[str, Any]) -> Seen:
        unwatched = context.now - known.get("passed_at", float("-inf"))
        counts = known.get("baked") or unwatched <= (self.patience + 2 * self.bake / STRIDES).total_seconds()
        since = known["held_since"] if counts else context.now
        held = timedelta(seconds=context.now - since)
        baked = held >= self.bake
        figures = {**judged.figures, "held_since": since, "passed_at": context.now, "baked": baked}
        if baked:
            return Seen(State.DONE, f"{self.target} held everything for {_seconds(self.bake)}, and the gate passes", figures)
        why = f"{self.target} held everything for {int(STRIDES * (held / self.bake))} % of {_seconds(self.bake)}: the gate passes"
        return Seen(State.WAITING, why, figures)

    def _doubted(self, context: Context, judged: Judgement, known: Mapping[str, Any]) -> Seen:
        since = known.get("doubted_since", context.now)
        figures = {**judged.figures, "doubted_since": since}
        if context.now - since > self.patience.total_seconds():
            return Seen(State.BLOCKED, f"inconclusive for {context.now - since:.0f} s: {judged.why}", figures)
        kept = {name: known[name] for name in ("held_since", "passed_at", "baked") if name in known}
        return Seen(State.WAITING, f"inconclusive: {judged.why}", {**figures, **kept})


def _seconds(long: timedelta) -> str:
    return f"{long.total_seconds():g} s"
