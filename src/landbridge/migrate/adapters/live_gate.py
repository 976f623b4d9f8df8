"""The gate over live measurements: probes of both regions, users of the target, the age of copies."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from landbridge.config.spec import Trading
from landbridge.migrate.gate import USER_PERIODS
from landbridge.migrate.measured_gate import MeasuredGate
from landbridge.model.region import Pair, Region
from landbridge.replicate.port import Heart
from landbridge.traffic.port import Probes
from landbridge.traffic.probes import HttpProbes
from landbridge.traffic.users import ApiMetrics

PROBE_TIMEOUT = 3.0


@dataclass(frozen=True)
class LiveGate:
    """What a gate measures; `url` is where a region answers, also when nothing else there does."""

    config: Trading
    regions: Pair[Region]
    url: Callable[[Region], str]
    users: Callable[[float, float], ApiMetrics]
    heart: Heart
    others: Mapping[str, Heart]

    def measuring(self, clock: Callable[[], float]) -> MeasuredGate:
        """By the configuration's limits."""
        limits, period = self.config.gate, self.config.gate.metrics_period_seconds
        expires, users = timedelta(seconds=self.config.verification.expires_seconds), self.users(USER_PERIODS * period, period)
        return MeasuredGate(limits, expires, self.regions.map(self._probes), users, self.heart, clock, self.others)

    def _probes(self, region: Region) -> Probes:
        limits = self.config.gate
        return HttpProbes(
            url=partial(self.url, region),
            window=limits.window_seconds,
            at_once=limits.probes_per_look,
            timeout=PROBE_TIMEOUT,
            is_right=partial(_is_healthy, region),
        )


def _is_healthy(region: Region, body: bytes) -> bool:
    """Whether the region itself answered, and says that it reaches its table."""
    try:
        told = json.loads(body)
    except ValueError:
        return False
    return isinstance(told, dict) and (told.get("region"), told.get("table")) == (str(region), "ok")
