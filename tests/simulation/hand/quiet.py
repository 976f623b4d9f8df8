"""What a plan needs besides the pens, and where nothing goes wrong here: stacks, peers, copies, comparisons, weights, gates."""

from dataclasses import dataclass
from datetime import timedelta

from landbridge.migrate.gate import Judgement, Verdict
from landbridge.model.measure import Lag, Position
from landbridge.model.pen import Domain
from landbridge.model.region import Pair, Region
from landbridge.verify.port import Result
from tests.simulation.hand.market import LASTS
from tests.simulation.world.place import JOURNAL
from tests.simulation.world.world import World


@dataclass
class SimRegions:
    """Preflight's view: the clocks."""

    world: World

    def obstacles(self) -> list[str]:
        """None here."""
        return []

    def skew(self) -> timedelta:
        """What a good measurement would say."""
        one, other = self.world.place.skews.values()
        return timedelta(seconds=abs(one - other))


class SimStacks:
    """They stand already."""

    def missing(self) -> list[str]:
        """None."""
        return []

    def moving(self) -> list[str]:
        """None."""
        return []

    def broken(self) -> list[str]:
        """None."""
        return []

    def standing(self) -> list[str]:
        """All."""
        return ["platform"]

    def begin(self, stack: str) -> None:
        """Nothing to begin."""

    def remove(self, stack: str) -> None:
        """Nothing to remove."""


class SimPeers:
    """Each side knows the other already."""

    def known(self, region: Region) -> str | None:
        """The other."""
        return f"not {region}"

    def wanted(self, region: Region) -> str:
        """The other."""
        return f"not {region}"

    def write(self, region: Region, url: str) -> None:
        """Known already."""

    def erase(self, region: Region) -> None:
        """Never asked: it was known before."""


class SimReplicator:
    """A copy that stands already; how far it is behind is the world's own business."""

    def copied(self) -> bool:
        """It is."""
        return True

    def begun(self) -> bool:
        """Long ago."""
        return True

    def start(self) -> None:
        """Begun long ago."""

    def stop(self) -> None:
        """It was there before."""

    def beat(self) -> None:
        """Nobody measures here."""

    def lag(self) -> Lag | None:
        """Small."""
        return timedelta(seconds=0.1)

    def position(self) -> Position:
        """Near the end."""
        return Position("near the end")


@dataclass
class SimVerifier:
    """One engine's comparison of a domain's items: whole, and a difference counts when it outlives the lag."""

    world: World
    domain: Domain
    sides: Pair[Region]
    _newest: Result | None = None

    def compare(self) -> Result:
        """What the source had when it began must be at the target, in this version or a later one."""
        place, table = self.world.place, self.world.table
        began = place.clock(self.sides.source)
        had = place.call(self.sides.source, lambda: dict(table.copies[self.sides.source]))
        while any(key not in table.copies[self.sides.target] for key in had):
            place.kernel.sleep(1.0)
        self._newest = Result(began, place.now - began, len(had), ())
        return self._newest

    def newest(self) -> Result | None:
        """Of this engine."""
        return self._newest


@dataclass
class SimTraffic:
    """The weights of reads, as the side sees them that is to get them. Nothing can fence them."""

    world: World
    target: Region
    takes_at_most: float = LASTS

    def percent(self) -> int | None:
        """Of the target's record; None = it has none."""
        return self.world.place.call(JOURNAL, lambda: self.world.weights.get(self.target))

    def send(self, percent: int) -> None:
        """Both records in one change."""
        other = self.world.place.other(self.target)
        self.world.place.unfenced(
            JOURNAL, lambda: self.world.weights.update({self.target: percent, other: 100 - percent}), self.takes_at_most
        )

    def add_target(self) -> None:
        """At weight 0."""
        self.world.place.unfenced(JOURNAL, lambda: self.world.weights.setdefault(self.target, 0), self.takes_at_most)

    def remove_target(self) -> None:
        """Gone."""
        self.world.place.unfenced(JOURNAL, lambda: self.world.weights.pop(self.target, None), self.takes_at_most)


class SimGate:
    """The target is well: what a gate sees is tested elsewhere."""

    def judge(self, verified_ago: timedelta | None) -> Judgement:
        """Passes on a fresh comparison."""
        verdict = Verdict.INCONCLUSIVE if verified_ago is None else Verdict.PASS
        return Judgement(verdict, "all is well")
