"""Looks at the world every half second, as a bystander: the name's weights and how far the replica is behind."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from landbridge.model.errors import Refused, Unreachable
from landbridge.rehearse.ledger import Ledger
from landbridge.rehearse.live import Moment
from landbridge.rehearse.payments.stage import Stage
from landbridge.rehearse.timeline import Timeline
from landbridge.rehearse.world import World


@dataclass
class Watch:
    """Fills the timeline and makes the moments the live view shows; phases are told by whoever begins them."""

    world: World
    stage: Stage
    timeline: Timeline
    ledger: Ledger
    clock: Callable[[], float]
    why: str = ""
    percent: float = 0.0
    lag: float | None = None

    def phase(self, name: str, why: str) -> None:
        """From now on this is done."""
        self.timeline.phase(name)
        self.why = why

    async def look(self) -> Moment:
        """One round of looks, and the run as it stands; what does not answer stays as it was."""
        try:
            percent = await asyncio.to_thread(self.stage.traffic.percent)
            self.percent = float(percent or 0)
            self.timeline.weight(self.percent)
        except (Unreachable, Refused):
            pass  # whoever judges reads it again
        self.lag = await self._lag()
        self.timeline.lag(self.lag)
        return self._moment()

    async def _lag(self) -> float | None:
        replica = self.world.databases.instances.get((self.stage.regions.target, self.stage.named("database")))
        return None if replica is None else await self.world.databases.lag(replica)

    def _moment(self) -> Moment:
        now = self.clock()
        recent, requests = self.ledger.tally.recent(now), self.ledger.tally.requests()
        phases = tuple((phase.name, phase.mark) for phase in self.timeline.history().phases)
        return Moment(
            elapsed_s=now,
            phases=phases,
            step="",
            why=self.why,
            target_percent=self.percent,
            rate=recent.rate,
            p99_ms=recent.p99_ms,
            raw_errors=requests.raw_errors,
            failed=requests.failed,
            lag_s=self.lag,
        )
