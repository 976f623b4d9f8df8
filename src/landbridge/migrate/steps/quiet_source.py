"""Nobody needs the source any more: neither a request nor a write of anybody else came to it for the whole bake time."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

from landbridge.migrate.step import Context, Look, Seen, State
from landbridge.model.region import Region


class SourceUse(Protocol):
    """What came to the source. Our own probes, marks and heartbeats are left out."""

    def seen(self, since: float) -> Mapping[str, int] | None:
        """How many of each kind (requests, writes of each store) came since then; None = one of them can't be measured."""


@dataclass(frozen=True)
class QuietSource(Look):
    """Done while nothing came to the source for the bake time."""

    source: Region
    use: SourceUse
    bake: timedelta
    patience: timedelta
    name: str = field(default="quiet_source", init=False)

    @property
    def sentence(self) -> str:
        """What it does."""
        return f"see that neither a request nor a write came to {self.source} for {self._bake}"

    @property
    def _bake(self) -> str:
        return f"{self.bake.total_seconds():g} s"

    def check(self, context: Context) -> Seen:
        """What can't be measured is no silence."""
        seen = self.use.seen(context.now - self.bake.total_seconds())
        loud = {kind: count for kind, count in sorted((seen or {}).items()) if count}
        if seen is not None and not loud:
            return Seen(State.DONE, f"{self.source} was quiet for {self._bake}", {"seen": dict(seen)})
        told = ", ".join(f"{count} {kind}" for kind, count in loud.items())
        why = f"{told} came to {self.source} in {self._bake}" if loud else f"what comes to {self.source} can't be measured"
        over = context.now - context.entered > (self.bake + self.patience).total_seconds()
        return Seen(State.BLOCKED if over else State.WAITING, why, {"seen": loud})
