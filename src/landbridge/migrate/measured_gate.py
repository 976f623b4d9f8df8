"""The gate over live measurements: probes of both sides, users' metrics of the target, and the copy's heartbeat."""

from collections.abc import Callable
from dataclasses import dataclass

from landbridge.config.spec import Gate as Limits
from landbridge.migrate.gate import Judgement, Measured, judge
from landbridge.model.errors import Unreachable
from landbridge.model.region import Pair
from landbridge.replicate.port import Replicator
from landbridge.traffic.port import Probes, Users


@dataclass(frozen=True)
class MeasuredGate:
    """Measures, then judges. A region that gives no metrics is judged by probes alone, and they fail when it is out."""

    limits: Limits
    probes: Pair[Probes]
    users: Users
    replicator: Replicator
    clock: Callable[[], float]

    def judge(self) -> Judgement:
        """Measures and judges; changes nothing."""
        now = self.clock()
        target, source = self.probes.target.sample(now), self.probes.source.sample(now)
        try:
            users, lag = self.users.sample(now), self.replicator.lag()
        except Unreachable:
            users, lag = None, None
        return judge(self.limits, Measured(source, target, users, lag))
