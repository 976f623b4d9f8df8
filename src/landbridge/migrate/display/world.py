"""Everything around the pens, imagined: each call that would change something tells it in one sentence, and it counts as done."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from landbridge.migrate.gate import Judgement, Verdict
from landbridge.model.measure import Lag, Position
from landbridge.model.region import Pair, Region
from landbridge.verify.port import Result

Tell = Callable[[str], None]
NO_TIME = timedelta(0)


@dataclass(frozen=True)
class Regions:
    """Both answer, nothing is in the way, and their clocks agree."""

    def obstacles(self) -> list[str]:
        """None."""
        return []

    def skew(self) -> timedelta:
        """None."""
        return NO_TIME


@dataclass
class Database:
    """One writer, which is where it was told to be."""

    tell: Tell
    at: Region
    takes_at_most: float = 0.0

    def writer(self) -> Region | None:
        """As it was told."""
        return self.at

    def switch(self, to: Region) -> None:
        """Tells it."""
        self.tell(f"switch the database's writer from {self.at} to {to} as planned")
        self.at = to


@dataclass
class Stacks:
    """One region's stacks, which stand as soon as they are begun and are gone as soon as they are removed."""

    tell: Tell
    region: Region
    wanted: tuple[str, ...]
    made: list[str] = field(default_factory=list)

    def missing(self) -> list[str]:
        """What was not begun."""
        return [stack for stack in self.wanted if stack not in self.made]

    def moving(self) -> list[str]:
        """None: each is made at once."""
        return []

    def broken(self) -> list[str]:
        """None."""
        return []

    def standing(self) -> list[str]:
        """What was begun."""
        return list(self.made)

    def begin(self, stack: str) -> None:
        """Tells that it is made."""
        self.tell(f"create or update the stack {stack} in {self.region} by a change set")
        self.made.append(stack)

    def remove(self, stack: str) -> None:
        """Tells that it is deleted."""
        self.tell(f"delete the stack {stack} in {self.region} with everything in it")
        self.made.remove(stack)


@dataclass
class Peers:
    """What each region believes of the other's API."""

    tell: Tell
    regions: Pair[Region]
    believed: dict[Region, str] = field(default_factory=dict)

    def known(self, region: Region) -> str | None:
        """What it was told."""
        return self.believed.get(region)

    def wanted(self, region: Region) -> str:
        """A name for an address nobody knows yet."""
        other = self.regions.target if region == self.regions.source else self.regions.source
        return f"the API of {other}"

    def write(self, region: Region, url: str) -> None:
        """Tells it."""
        self.tell(f"write into the parameter of {region} where {url} answers")
        self.believed[region] = url

    def erase(self, region: Region) -> None:
        """Tells it."""
        self.tell(f"delete the parameter of {region} that names the other side's API")
        self.believed.pop(region, None)


@dataclass
class Copy:
    """A store's copy, which is whole as soon as it is begun, and never behind."""

    tell: Tell
    store: str
    regions: Pair[Region]
    stands: bool = False

    def copied(self) -> bool:
        """Whether it was begun."""
        return self.stands

    def begun(self) -> bool:
        """The same."""
        return self.stands

    def start(self) -> None:
        """Tells it."""
        self.tell(f"begin to copy {self.store} from {self.regions.source} to {self.regions.target}")
        self.stands = True

    def stop(self) -> None:
        """Tells it."""
        self.tell(f"take the copy of {self.store} in {self.regions.target} away")
        self.stands = False

    def beat(self) -> None:
        """Tells it."""
        self.tell(f"write a heartbeat of {self.store} in {self.regions.source}")

    def lag(self) -> Lag | None:
        """None while there is no copy."""
        return NO_TIME if self.stands else None

    def position(self) -> Position:
        """Nowhere in particular."""
        return Position("imagined")


@dataclass
class Comparison:
    """A comparison that finds both sides equal."""

    tell: Tell
    store: str
    clock: Callable[[], float]
    result: Result | None = None

    def compare(self) -> Result:
        """Tells it."""
        self.tell(f"compare every key and value of {self.store} on both sides")
        self.result = Result(self.clock(), 0.0, 0, ())
        return self.result

    def newest(self) -> Result | None:
        """The one that was told."""
        return self.result


@dataclass
class Traffic:
    """The weighted records of one name."""

    tell: Tell
    name: str
    target: Region
    weight: int | None = None
    takes_at_most: float = 0.0

    def percent(self) -> int | None:
        """As it was told."""
        return self.weight

    def send(self, percent: int) -> None:
        """Tells it."""
        self.tell(f"send {percent} % of the reads of {self.name} to {self.target}")
        self.weight = percent

    def add_target(self) -> None:
        """Tells it."""
        self.tell(f"give {self.target} a record of {self.name} at weight 0, and a health check")
        self.weight = 0

    def remove_target(self) -> None:
        """Tells it once."""
        if self.weight is not None:
            self.tell(f"take the record of {self.target} and its health check away")
        self.weight = None


@dataclass(frozen=True)
class Gate:
    """A gate that passes: nothing is there to be measured."""

    def judge(self, verified_ago: timedelta | None) -> Judgement:  # noqa: ARG002 nothing is measured
        """Passes."""
        return Judgement(Verdict.PASS, "the gate is taken to pass")
