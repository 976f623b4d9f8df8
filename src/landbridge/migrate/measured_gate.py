"""The gate over live measurements: probes of both sides, users' metrics of the target, and the copies' heartbeats."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TypeVar

from landbridge.config.spec import Gate as Limits
from landbridge.migrate.gate import Judgement, Measured, judge
from landbridge.model.errors import Unreachable
from landbridge.model.region import Pair
from landbridge.replicate.port import Heart
from landbridge.traffic.port import Probes, Users

T = TypeVar("T")


@dataclass
class MeasuredGate:
    """Measures, then judges; how long the target has been silent is all it remembers."""

    limits: Limits
    expires: timedelta  # how old a comparison of the copies may be
    probes: Pair[Probes]
    users: Users
    heart: Heart  # of the copies, all together
    clock: Callable[[], float]
    others: Mapping[str, Heart] = field(default_factory=dict)  # of stores whose copies have limits of their own
    _asked: float = field(default=-math.inf, init=False)
    _heard: float = field(default=-math.inf, init=False)

    def judge(self, verified_ago: timedelta | None) -> Judgement:
        """Measures and judges; changes nothing."""
        now = self.clock()
        target, source = self.probes.target.sample(now), self.probes.source.sample(now)
        users, lag = _or_silence(lambda: self.users.sample(now)), _or_silence(self.heart.lag)
        others = {store: _or_silence(heart.lag) for store, heart in self.others.items()}
        limits = [(lag, self.limits.max_lag_seconds), *((each, self.limits.most_lag(store)) for store, each in others.items())]
        kept_up = all(each is not None and each.total_seconds() <= limit for each, limit in limits)
        silent = self._silent(now, heard=kept_up and users is not None)
        verified = verified_ago is not None and verified_ago <= self.expires
        return judge(self.limits, Measured(now, source, target, users, lag, silent, verified, others))

    def _silent(self, now: float, *, heard: bool) -> timedelta:
        """Silence that nobody listened to is none: after a pause it counts anew."""
        if heard or now - self._asked > self.limits.silence_seconds:
            self._heard = now
        self._asked = now
        return timedelta(seconds=now - self._heard)


def _or_silence(ask: Callable[[], T]) -> T | None:
    try:
        return ask()
    except Unreachable:
        return None
