"""The source's stream of the market is brought to an end: a marker in every shard, and the transform past each of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from landbridge.migrate.market import Streams
from landbridge.migrate.pens import Pens
from landbridge.migrate.step import Context, Seen, State, Step, Verb
from landbridge.migrate.steps.budget import Budget
from landbridge.model.pen import Domain
from landbridge.model.region import Region

AGAIN_SECONDS = 2.0  # a marker not passed by then may never have been put: another one is


@dataclass(frozen=True)
class MarkEnd(Step):
    """Done when the source's transform has passed a marker in every leaf shard, and the shards are those there were."""

    source: Region
    streams: Streams
    pens: Pens
    budget: Budget
    name: str = field(default="mark_end", init=False)

    @property
    def sentence(self) -> str:
        """What it does."""
        return f"put an end marker into every shard of {self.source} and see its transform pass them all"

    def before(self) -> Mapping[str, Any]:
        """Markers count only while the shards stay these."""
        return {"shards": sorted(self.streams.shards(self.source))}

    def check(self, context: Context) -> Seen:
        """Nothing behind a marker is processed at the source: it is the target's."""
        put = context.history.intents(self.name, Verb.APPLY)
        if not put:
            return Seen(State.READY, f"the stream of {self.source} has no end yet")
        if context.done:
            return Seen(State.DONE, "was seen")
        shards = frozenset(context.before["shards"])
        if self.streams.shards(self.source) != shards:
            return Seen(State.FAILED, f"the shards of {self.source} changed while its end was marked")
        missing = shards - self.streams.passed(self.source, self.source, put[0][0])
        if not missing:
            return Seen(State.DONE, f"the transform of {self.source} is at the end of all {len(shards)} shards")
        if late := self.budget.overdue(context):
            return late
        state = State.READY if context.now - put[-1][1] > AGAIN_SECONDS else State.WAITING
        return Seen(state, f"the transform of {self.source} has yet to reach the end of {len(missing)} of {len(shards)} shards")

    def apply(self, context: Context) -> None:
        """Marks every shard under this turn."""
        self.streams.mark_end(self.source, self.pens.read(self.source, Domain.MARKET).epoch, context.turn)

    def revert(self, context: Context) -> Seen:
        """What lies behind a marker is read again by whoever reads on."""
        return Seen(State.DONE, "a marker is nothing to whoever reads on")
