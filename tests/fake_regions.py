"""What the migration finds around the pens, played in memory: stacks, parameters, replication, traffic, gate."""

from dataclasses import dataclass, field
from datetime import timedelta

from landbridge.migrate.gate import Judgement, Verdict
from landbridge.model.errors import Unreachable
from landbridge.model.measure import Difference, Lag, Position
from landbridge.model.region import Region
from landbridge.verify.port import Result
from tests.fakes import SOURCE, TARGET, Clock


@dataclass
class FakeRegions:
    """What stands in the way, and how far the clocks are apart."""

    in_the_way: list[str] = field(default_factory=list)
    apart: timedelta = timedelta(0)

    def obstacles(self) -> list[str]:
        """As laid out."""
        return list(self.in_the_way)

    def skew(self) -> timedelta:
        """As laid out."""
        return self.apart


@dataclass
class FakeStacks:
    """One region's stacks: begun and removed at once, finished when the world settles."""

    wanted: tuple[str, ...] = ("tables", "api")
    made: list[str] = field(default_factory=list)
    coming: list[str] = field(default_factory=list)
    going: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    def missing(self) -> list[str]:
        """In the order they must come."""
        return [stack for stack in self.wanted if stack not in self.made and stack not in self.moving()]

    def moving(self) -> list[str]:
        """Coming or going."""
        return [*self.coming, *self.going]

    def broken(self) -> list[str]:
        """As laid out."""
        return list(self.failed)

    def standing(self) -> list[str]:
        """What exists."""
        return [*self.made, *self.moving()]

    def begin(self, stack: str) -> None:
        """Coming from now on."""
        if stack not in self.standing():
            self.coming.append(stack)

    def remove(self, stack: str) -> None:
        """Going from now on."""
        if stack in self.made:
            self.made.remove(stack)
            self.going.append(stack)

    def settle(self) -> None:
        """What came is there, what went is gone."""
        self.made, self.coming, self.going = [*self.made, *self.coming], [], []


@dataclass
class FakePeerApis:
    """What each region believes."""

    believed: dict[Region, str] = field(default_factory=dict)

    def known(self, region: Region) -> str | None:
        """Or nothing."""
        return self.believed.get(region)

    def wanted(self, region: Region) -> str:
        """The other's address."""
        return f"https://{TARGET if region == SOURCE else SOURCE}.example"

    def write(self, region: Region, url: str) -> None:
        """Believed from now on."""
        self.believed[region] = url

    def erase(self, region: Region) -> None:
        """Forgotten."""
        self.believed.pop(region, None)


@dataclass
class FakeReplicator:
    """A copy that is made and removed when the world settles."""

    status: str | None = None
    behind: Lag | None = timedelta(seconds=0.2)
    beats: int = 0

    def copied(self) -> bool:
        """In any state."""
        return self.status is not None

    def begun(self) -> bool:
        """At once."""
        return self.copied()

    def start(self) -> None:
        """Being made."""
        self.status = self.status or "creating"

    def stop(self) -> None:
        """Being removed."""
        self.status = self.status and "deleting"

    def beat(self) -> None:
        """Counted."""
        self.beats += 1

    def lag(self) -> Lag | None:
        """As laid out, once it is active."""
        return self.behind if self.status == "active" else None

    def position(self) -> Position:
        """Its status."""
        return Position(str(self.status))

    def settle(self) -> None:
        """Made, or gone."""
        self.status = {"creating": "active", "deleting": None}.get(self.status or "", self.status)


@dataclass
class FakeVerifier:
    """A comparison that finds what is laid out."""

    clock: Clock
    differences: tuple[Difference, ...] = ()
    takes: float = 0.0
    result: Result | None = None

    def compare(self) -> Result:
        """Takes its time."""
        began = self.clock()
        self.clock.sleep(self.takes)
        self.result = Result(began, self.takes, 10, self.differences)
        return self.result

    def newest(self) -> Result | None:
        """Or none."""
        return self.result


@dataclass
class FakeTraffic:
    """Two weighted records; `silent` makes the control plane give no answer."""

    takes_at_most: float = 1.0
    weight: int | None = None
    silent: bool = False
    sent: list[int] = field(default_factory=list)

    def percent(self) -> int | None:
        """Read back."""
        if self.silent:
            raise Unreachable(SOURCE, "ListResourceRecordSets")
        return self.weight

    def send(self, percent: int) -> None:
        """Set."""
        self.sent.append(percent)
        self.weight = percent

    def add_target(self) -> None:
        """At weight 0."""
        self.weight = self.weight or 0

    def remove_target(self) -> None:
        """Gone."""
        self.weight = None


@dataclass
class FakeGate:
    """Says what is laid out."""

    verdict: Verdict = Verdict.PASS

    def judge(self, verified_ago: timedelta | None) -> Judgement:
        """The verdict, with a figure."""
        return Judgement(self.verdict, f"the gate says {self.verdict}", {"probes": 50})
