"""The gate over live measurements: probes of both regions, users of the target, the age of copies."""

import json
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from landbridge.migrate.gate import USER_PERIODS
from landbridge.migrate.looks import Looks
from landbridge.migrate.measured_gate import MeasuredGate
from landbridge.migrate.plans.reads import Paced
from landbridge.model.region import Pair, Region
from landbridge.replicate.port import Heart
from landbridge.traffic.port import Probes
from landbridge.traffic.probes import HttpProbes
from landbridge.traffic.users import DoorMetrics

PROBE_TIMEOUT = 3.0


@dataclass(frozen=True)
class LiveGate:
    """What a gate measures; `url` is where a region answers, also when nothing else there does."""

    config: Paced
    regions: Pair[Region]
    url: Callable[[Region], str]
    users: Callable[[float, float], DoorMetrics]
    heart: Heart
    others: Mapping[str, Heart]
    also: tuple[tuple[str, str], ...] = (("table", "ok"),)  # what a healthy answer says besides its region
    open: Callable[..., Any] = urllib.request.urlopen
    looks: Looks | None = None

    def measuring(self, clock: Callable[[], float]) -> MeasuredGate:
        """By the configuration's limits."""
        limits, period = self.config.gate, self.config.gate.metrics_period_seconds
        expires, users = timedelta(seconds=self.config.verification.expires_seconds), self.users(USER_PERIODS * period, period)
        return MeasuredGate(limits, expires, self.regions.map(self.probes), users, self.heart, clock, self.others, self.looks)

    def probes(self, region: Region) -> Probes:
        """Of one region's own health."""
        limits = self.config.gate
        return HttpProbes(
            url=partial(self.url, region),
            window=limits.window_seconds,
            at_once=limits.probes_per_look,
            timeout=PROBE_TIMEOUT,
            is_right=partial(_is_healthy, {"region": str(region), **dict(self.also)}),
            open=self.open,
        )


def _is_healthy(says: Mapping[str, str], body: bytes) -> bool:
    """Whether the region itself answered, and says that it is well."""
    try:
        told = json.loads(body)
    except ValueError:
        return False
    return isinstance(told, dict) and all(told.get(name) == value for name, value in says.items())
