"""Specs as shipped with a few values changed, items, and a whole world of fakes."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from landbridge.config.expansion import Expansion
from landbridge.config.load import load
from landbridge.config.spec import Gate, Trading
from landbridge.migrate.pens import Copies
from landbridge.migrate.plan import Plan
from landbridge.migrate.plans.cutover import Market, Movers
from landbridge.migrate.plans.retire import Leave
from landbridge.migrate.plans.seize import Seizing
from landbridge.migrate.plans.trading import Ports
from landbridge.model.market import Stream
from landbridge.model.pen import Domain, Epoch, PenState
from landbridge.model.region import Region
from landbridge.model.state import StateItem
from tests.fake_market import FakeDatabase, FakeFeeds, FakeMappings, FakeStreams
from tests.fake_payments import FakeEvents
from tests.fake_regions import FakeGate, FakePeerApis, FakeRegions, FakeReplicator, FakeStacks, FakeTraffic, FakeVerifier
from tests.fake_retire import FakeLeaving
from tests.fakes import REGIONS, SOURCE, TARGET, Clock, FakePens, FakeStateCopies, FakeStateMarks

CONFIG = Path(__file__).parents[1] / "config"


def trading(changes: Mapping[str, Any] | None = None) -> Trading:
    """The shipped platform, with changed values laid over it."""
    return load(CONFIG / "trading.toml", Trading, changes)


def expansion(changes: Mapping[str, Any] | None = None) -> Expansion:
    """The shipped payments platform, with changed values laid over it."""
    return load(CONFIG / "payments.toml", Expansion, changes)


def gate(**changes: float) -> Gate:
    """The shipped gate with changed limits."""
    return trading({"gate": changes}).gate


def state(user: str = "ada", view: str = "main", version: int = 1, *, epoch: int = 1, value: str = "v") -> StateItem:
    """One item, its write id made from what it is."""
    return StateItem(user, view, version, f"{user}-{view}-{version}", Epoch(epoch), value)


@dataclass
class FakeWorld:
    """Everything outside the engine: the source holds the pen, the target is empty."""

    clock: Clock = field(default_factory=Clock)
    regions: FakeRegions = field(default_factory=FakeRegions)
    stacks: FakeStacks = field(default_factory=FakeStacks)
    peers: FakePeerApis = field(default_factory=FakePeerApis)
    replicator: FakeReplicator = field(default_factory=FakeReplicator)
    traffic: FakeTraffic = field(default_factory=FakeTraffic)
    gate: FakeGate = field(default_factory=FakeGate)
    copies: FakeStateCopies = field(default_factory=FakeStateCopies)
    feeds: FakeFeeds = field(default_factory=FakeFeeds)
    streams: FakeStreams = field(default_factory=FakeStreams)
    mappings: FakeMappings = field(default_factory=FakeMappings)
    database: FakeDatabase = field(default_factory=FakeDatabase)
    leaving: FakeLeaving = field(default_factory=FakeLeaving)
    events: FakeEvents = field(default_factory=FakeEvents)
    pens: FakePens = field(init=False)
    marks: FakeStateMarks = field(init=False)
    verifier: FakeVerifier = field(init=False)
    settles_in: float = 1.0

    def __post_init__(self) -> None:
        self.pens, self.verifier = FakePens(self.clock), FakeVerifier(self.clock)
        self.marks = FakeStateMarks(self.pens, self.copies)
        self.streams.reads = self._processes
        for domain in Domain:
            self.pens.lay(SOURCE, domain, PenState.OPEN, epoch=1)
        for version in (1, 2):
            self.copies.accept(SOURCE, state(version=version), self.clock())

    def _processes(self, region: Region, stream: Stream) -> bool:
        """A side that does not hold the pen skips its mirror."""
        holds = region not in self.pens.out and self.pens.read(region, Domain.MARKET).all_are(PenState.OPEN)
        return self.mappings.made_under(region, stream) is not None and (stream is Stream.LIVE or holds)

    def ports(self) -> Ports:
        """As the plan takes them."""
        return Ports(
            regions=self.regions,
            stacks=self.stacks,
            peers=self.peers,
            replicators={"state": self.replicator},
            verifiers={"state": self.verifier},
            traffic=self.traffic,
            gate=self.gate,
            movers=Movers(self.pens, {Domain.STATE: self.copies}, {Domain.STATE: self.marks}),
        )

    def whole_ports(self) -> Ports:
        """Everything a platform can bring."""
        return replace(self.ports(), movers=self.movers(), estate=self.leaving.estate)

    def retirement(self, config: Trading) -> Plan:
        """The plan by which its source goes."""
        verifiers = {"state": self.verifier}
        return Leave(config, self.leaving.port(), self.movers(), self.gate, verifiers, REGIONS).plan()

    def movers(self) -> Movers:
        """Everything all four pens are moved with; commands and effects are copied and marked like state here."""
        copies: dict[Domain, Copies] = dict.fromkeys(Domain, self.copies) | {Domain.MARKET: self.streams}
        market = Market(self.feeds, self.streams, self.mappings)
        return Movers(self.pens, copies, dict.fromkeys(Domain, self.marks), market, self.database)

    def seizing(self) -> Seizing:
        """The same, when the source is lost."""
        copies = dict.fromkeys(Domain, self.copies)
        covered = dict.fromkeys((Domain.STATE, Domain.COMMANDS), self.copies)
        return Seizing(self.movers(), self.traffic, covered, copies, self.database)

    def settle(self) -> None:
        """Time passes, and what was under way arrives."""
        self.clock.sleep(self.settles_in)
        self.stacks.settle()
        self.replicator.settle()
        self.copies.settle()
        self.feeds.settle()
        self.streams.settle()
        self.database.settle()
        self.leaving.settle()
        self.events.settle()
        if not self.leaving.stacks.standing():  # with its stacks, the source's parameters are gone
            self.feeds.told.pop(SOURCE, None)

    def stands(self) -> dict[str, Any]:
        """What a migration may change, in comparable words; marks, turns and times aside."""
        return {
            "stacks": list(self.stacks.made),
            "moving": self.stacks.moving(),
            "peers": dict(self.peers.believed),
            "replica": self.replicator.status,
            "weight": self.traffic.weight,
            "pens": self.pens.stands(),
            "items": self.copies.stands(),
            "feeds": (dict(self.feeds.told), sorted(self.feeds.barred_from)),
            "mappings": self.mappings.stands(),
            "database": self.database.stands(),
            **self.leaving.stands(),
        }


def holders(world: FakeWorld) -> list[str]:
    """The regions whose pens and fences are all open."""
    return [region for region in (SOURCE, TARGET) if world.pens.read(region, Domain.STATE).all_are(PenState.OPEN)]
