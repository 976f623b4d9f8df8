"""The gate over live measurements: probes of both sides, users' metrics of the target, and the copies' heartbeats."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TypeVar

from landbridge.config.spec import Gate as Limits
from landbridge.migrate.gate import Judgement, Measured, judge
from landbridge.migrate.looks import Look, Looks
from landbridge.model.errors import Unreachable
from landbridge.model.region import Pair
from landbridge.replicate.port import Heart
from landbridge.traffic.port import Probes, Users
from landbridge.traffic.window import Window

T = TypeVar("T")


@dataclass
class MeasuredGate:
    """Measures, then judges; what it saw and how long the target has been silent is remembered here, or in `looks` too."""

    limits: Limits
    expires: timedelta  # how old a comparison of the copies may be
    probes: Pair[Probes]
    users: Users
    heart: Heart  # of the copies, all together
    clock: Callable[[], float]
    others: Mapping[str, Heart] = field(default_factory=dict)  # of stores whose copies have limits of their own
    looks: Looks | None = None  # where the next process finds them; None = there is none
    _asked: float = field(default=-math.inf, init=False)
    _heard: float = field(default=-math.inf, init=False)

    def judge(self, verified_ago: timedelta | None) -> Judgement:
        """Measures and judges; changes nothing."""
        earlier = self._earlier()
        now = max(self.clock(), self._asked, *(look.at for look in earlier[-1:]))  # another's clock may have been ahead
        target, source = self.probes.target.sample(now), self.probes.source.sample(now)
        self._recall(earlier, source, target)
        users, lag = _or_silence(lambda: self.users.sample(now)), _or_silence(self.heart.lag)
        others = {store: _or_silence(heart.lag) for store, heart in self.others.items()}
        limits = [(lag, self.limits.max_lag_seconds), *((each, self.limits.most_lag(store)) for store, each in others.items())]
        kept_up = all(each is not None and each.total_seconds() <= limit for each, limit in limits)
        silent = self._silent(now, heard=kept_up and users is not None)
        if self.looks:
            self.looks.keep(Look(now, self._heard, source.last, target.last))
        verified = verified_ago is not None and verified_ago <= self.expires
        return judge(self.limits, Measured(now, source, target, users, lag, silent, verified, others))

    def _earlier(self) -> Sequence[Look]:
        """At the first look, what another process saw within the window."""
        if self.looks is None or self._asked > -math.inf:
            return ()
        return self.looks.since(self.clock() - self.limits.window_seconds)

    def _recall(self, earlier: Sequence[Look], source: Window, target: Window) -> None:
        """Goes on where that process ended."""
        if earlier:
            source.recall(look.source for look in earlier)
            target.recall(look.target for look in earlier)
            self._asked, self._heard = earlier[-1].at, earlier[-1].heard

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
