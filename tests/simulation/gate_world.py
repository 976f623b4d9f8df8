"""Two regions as a gate sees them: speeds with heavy tails, rare errors, spells that both share, and a regression or none."""

import math
import random
from dataclasses import dataclass, field
from statistics import NormalDist

from landbridge.config.spec import Trading
from landbridge.model.errors import Unreachable
from landbridge.model.measure import Lag
from landbridge.model.region import Pair
from landbridge.traffic.port import Sample
from landbridge.traffic.window import Answers, Window
from tests.fake_regions import FakeReplicator, FakeTraffic
from tests.fakes import TARGET, Clock
from tests.simulation.regressions import Kind, Regression

USERS_A_SECOND = 200
METRICS_DELAY = 60.0
LONGEST = 5 * 3600.0
BODY = 0.9  # the quicker answers of a usual look decide nothing, so they are counted and not drawn
ALL_DRAWN = 300.0  # seconds in which every answer is drawn, so that no window is too thin for its p99


def hits(chance: random.Random, tries: int, share: float) -> int:
    """How many of so many tries hit: a binomial draw that costs as much as its hits."""
    if share <= 0 or share >= 1:
        return tries if share >= 1 else 0
    count, at = 0, int(math.log(1 - chance.random()) / math.log1p(-share))
    while at < tries:
        count, at = count + 1, at + 1 + int(math.log(1 - chance.random()) / math.log1p(-share))
    return count


@dataclass(frozen=True, slots=True)
class Spell:
    """A time in which something of both regions is worse than usual."""

    begin: float
    end: float
    size: float


def spells(chance: random.Random, begin: float, every: float, lasting: float, sizes: tuple[float, float]) -> list[Spell]:
    """At random times, so far apart on average."""
    found, at = [], begin + chance.expovariate(1 / every)
    while at < begin + LONGEST:
        found.append(Spell(at, at + chance.uniform(0.1, 1) * lasting, chance.uniform(*sizes)))
        at += chance.expovariate(1 / every)
    return found


def size(of: list[Spell], now: float) -> float | None:
    """Of the spell that lasts now."""
    return next((spell.size for spell in of if spell.begin <= now < spell.end), None)


@dataclass
class GateWorld:
    """One seed's world. It goes wrong at `onset`, which is set when the weight that it waits for is."""

    config: Trading
    seed: int
    regression: Regression | None
    clock: Clock = field(default_factory=Clock)
    onset: float = math.inf

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        draw, now = self.chance.uniform, self.clock()
        self.began = now
        self.median, self.spread, self.tail = draw(0.02, 0.08), draw(0.3, 0.6), draw(2.2, 5.0)
        self.errors = Pair(*(math.exp(draw(math.log(2e-4), math.log(2e-3))) for _ in range(2)))
        slow_regression = self.regression and self.regression.kind in {Kind.SLOW, Kind.SLOW_TAIL}
        self.speed = Pair(1.0, 1.0 if slow_regression else draw(0.9, 1.1))  # so that a p99 that doubles is twice the source's
        self.slow_spells = spells(self.chance, now, 3600, 60, (2, 5))
        self.error_spells = spells(self.chance, now, 7200, 20, (0.01, 0.05))
        self.lag_spells = spells(self.chance, now, 3600, 15, (2, 10))
        if self.regression and self.regression.at_weight == 0:
            self.onset = now

    def bad(self, *sorts: Kind) -> Regression | None:
        """The regression, once it has begun, if it is of one of these kinds."""
        begun = self.regression is not None and self.clock() >= self.onset
        return self.regression if begun and self.regression and self.regression.kind in sorts else None

    def weighed(self, percent: int) -> None:
        """A weight was set; the regression may have waited for it."""
        if self.regression and percent == self.regression.at_weight and self.onset == math.inf:
            self.onset = self.clock() + self.regression.within * self.config.shift.bake_seconds

    def quantile(self, share: float) -> float:
        """Seconds that this share of answers does not exceed: log-normal, and Pareto in the slowest twentieth."""
        body = self.median * math.exp(self.spread * NormalDist().inv_cdf(min(share, 0.95)))
        return body if share <= 0.95 else body * ((1 - share) / 0.05) ** (-1 / self.tail)

    def error_share(self, *, target: bool) -> float:
        """Of requests, now."""
        if target and self.bad(Kind.SILENT_API):
            return 1.0
        added = self.bad(Kind.ERRORS) if target else None
        usual = self.errors.target if target else self.errors.source
        return usual + (size(self.error_spells, self.clock()) or 0.0) + (added.size if added else 0.0)


@dataclass
class SimulatedProbes:
    """Probes of one side."""

    world: GateWorld
    target: bool
    window: Window

    def sample(self, now: float) -> Window:
        """Draws one look."""
        chance, count = self.world.chance, self.world.config.gate.probes_per_look
        wrong_share = found.size if self.target and (found := self.world.bad(Kind.WRONG)) else 2e-5
        errors = hits(chance, count, self.world.error_share(target=self.target))
        wrong = hits(chance, count - errors, wrong_share)
        self.window.add(Answers(now, count, errors, wrong, tuple(self._seconds(count - errors - wrong, now))))
        return self.window

    def _seconds(self, count: int, now: float) -> list[float]:
        world = self.world
        slower = (size(world.slow_spells, now) or 1.0) * (world.speed.target if self.target else world.speed.source)
        if self.target and (all_slow := world.bad(Kind.SLOW)):
            slower *= all_slow.size
        usual = slower < 1.2 and now - world.began > ALL_DRAWN
        low, drawn = (BODY, hits(world.chance, count, 1 - BODY)) if usual else (0.0, count)
        return [self._hindered(slower * world.quantile(world.chance.uniform(low, 1))) for _ in range(drawn)] + self._tail(
            count - drawn
        )

    def _hindered(self, seconds: float) -> float:
        """A container starts cold once in two thousand answers, on either side."""
        return seconds * 10 if self.world.chance.random() < 5e-4 else seconds

    def _tail(self, count: int) -> list[float]:
        """Slow answers of a regression that hits a small share of requests and leaves the others alone."""
        found = self.world.bad(Kind.SLOW_TAIL) if self.target else None
        slow = hits(self.world.chance, count, found.share) if found else 0
        return [(found.size if found else 1) * self.world.quantile(0.99) * self.world.chance.uniform(1, 2) for _ in range(slow)]


@dataclass
class SimulatedUsers:
    """Users' metrics of the target: whole periods, told with a delay."""

    world: GateWorld
    traffic: FakeTraffic
    periods: int
    _told: list[tuple[float, int, int]] = field(default_factory=list)

    def sample(self, now: float) -> Sample:
        """The newest periods that are told by now."""
        if self.world.bad(Kind.SILENT_METRICS):
            raise Unreachable(TARGET, "GetMetricData")
        period = self.world.config.gate.metrics_period_seconds
        if not self._told or now - self._told[-1][0] >= period:
            total = round(USERS_A_SECOND * period * (self.traffic.weight or 0) / 100)
            self._told.append((now, total, hits(self.world.chance, total, self.world.error_share(target=True))))
        told = [each for each in self._told[-self.periods - 3 :] if each[0] <= now - METRICS_DELAY][-self.periods :]
        return Sample(sum(each[1] for each in told), sum(each[2] for each in told), None)


@dataclass
class SimulatedCopy(FakeReplicator):
    """A copy whose lag wavers."""

    world: GateWorld | None = None

    def lag(self) -> Lag | None:
        """As the world has it now."""
        world = self.world
        if world is None or world.bad(Kind.SILENT_HEART):
            return None
        limit, found = world.config.gate.max_lag_seconds, world.bad(Kind.LAG)
        usual = world.chance.lognormvariate(math.log(0.8), 0.3) * (size(world.lag_spells, world.clock()) or 1.0)
        return Lag(seconds=found.size * limit if found else usual)


@dataclass
class SimulatedTraffic(FakeTraffic):
    """Weights that the world hears of, and the highest there was."""

    world: GateWorld | None = None

    def send(self, percent: int) -> None:
        """Set."""
        super().send(percent)
        if self.world:
            self.world.weighed(percent)
