"""Puts a trading migration together from AWS clients and a configuration: the one place where ports meet adapters."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path

from landbridge.aws.clients import Clients
from landbridge.config.spec import Trading
from landbridge.deploy.deployer import Deployer
from landbridge.deploy.estate import Estate
from landbridge.deploy.manifest import Manifest
from landbridge.deploy.regional import also_rehearsed, settings
from landbridge.migrate.adapters.history import History
from landbridge.migrate.adapters.journal_table import JournalTable
from landbridge.migrate.adapters.leaving.compose import LiveLeaving
from landbridge.migrate.adapters.live_database import LiveDatabase
from landbridge.migrate.adapters.live_gate import LiveGate
from landbridge.migrate.adapters.live_market import LiveMarket
from landbridge.migrate.adapters.look_table import LookTable
from landbridge.migrate.adapters.pen_table import PenTable
from landbridge.migrate.adapters.platform_stores import PlatformStores
from landbridge.migrate.adapters.published import Published
from landbridge.migrate.adapters.reached import STAGE, Reached
from landbridge.migrate.adapters.regions import LiveRegions, PensHeld
from landbridge.migrate.adapters.source_estate import SourceEstate
from landbridge.migrate.adapters.stores import Stores
from landbridge.migrate.adapters.target_stacks import RegionStacks
from landbridge.migrate.engine import Engine
from landbridge.migrate.figures import Figures
from landbridge.migrate.journal import Journal
from landbridge.migrate.measured_gate import MeasuredGate
from landbridge.migrate.plan import Plan
from landbridge.migrate.plans.cutover import Movers
from landbridge.migrate.plans.failback import failback
from landbridge.migrate.plans.retire import Leave
from landbridge.migrate.plans.seize import Seizing, seize
from landbridge.migrate.plans.trading import Ports, there, trading
from landbridge.model.region import Pair, Region
from landbridge.traffic.read_switch import OBJECT, ReadSwitch
from landbridge.traffic.route53 import Endpoint, Route53Traffic
from landbridge.traffic.users import DoorMetrics, gateway
from landbridge.verify.stores import FOLDER, by_gate, database


@dataclass(frozen=True)
class Migration(Reached):
    """One trading migration as it runs against AWS, or against what stands in for it."""

    clients: Clients
    config: Trading
    templates: Path
    clock: Callable[[], float]
    sleep: Callable[[float], None]
    back: bool = False  # failing back: everything the same, with the pair swapped
    seizing: bool = False  # the source of the pair is lost, and its target stays
    retiring: bool = False  # everything has moved, and the source goes
    kept: Path = FOLDER  # the database's comparisons, whoever made them
    remembered: int = 0  # the run whose looks are kept for the next engine's gate; 0 = the gate's own memory is enough

    @property
    def regions(self) -> Pair[Region]:
        """From where to where."""
        pair = there(self.config)
        return pair.swapped() if self.back else pair

    def named(self, kind: str) -> str:
        """The name of one of the platform's things."""
        return self.config.platform.named(kind)

    @cached_property
    def deployer(self) -> Deployer:
        """Puts stacks where they belong."""
        manifest = Manifest.read(self.templates)
        if self.clients.endpoints:  # what stands in for AWS does not play everything
            manifest = manifest.rehearsed(also_rehearsed(self.config))
        platform, pens, regional = self.config.platform, self.config.pens, partial(settings, self.config)
        return Deployer(self.clients, manifest, platform, pens, sleep=self.sleep, regional=regional)

    @cached_property
    def pens(self) -> PenTable:
        """Each region's pens, as its table has them; that of the effects has its fence in the database."""
        return PenTable(self.clients, self.named("pens"), self.config.pens.fences, self.clock)

    @cached_property
    def stores(self) -> Stores:
        """What is copied, compared and proved."""
        return Stores(self.clients, self.config, self.regions, self.apis, self._data_key, self.clock, self.sleep)

    def _data_key(self) -> str:
        """Each region's copy has a key of its own region."""
        return self.told("keys", "DataKeyArn", self.regions.target)

    @cached_property
    def market(self) -> LiveMarket:
        """The market's feeds, streams and readers; moved where the configuration names feeds."""
        return LiveMarket(self.clients, self.config, self.regions, self.told, self.pens, self.clock, self.sleep)

    @cached_property
    def history(self) -> History:
        """The buckets of the history of the market."""
        return History(self.clients, self.config, self.regions, self.told, self.clock, self.sleep)

    @cached_property
    def traffic(self) -> Route53Traffic:
        """The weighted records."""
        ttl = self.config.shift.record_ttl_seconds
        return Route53Traffic(self.clients, self.config.platform.domain, self.regions, self._endpoint, ttl)

    def _endpoint(self, region: Region) -> Endpoint:
        """By its own name where there are certificates; a rehearsal has none, and speaks plain HTTP."""
        stack, output = ("front", "RegionalName") if self.config.edge.hosted_zone else ("api", "ApiHost")
        return Endpoint(region, self.told(stack, output, region), self.told("health", "HealthCheckId", region))

    @cached_property
    def read_switch(self) -> ReadSwitch:
        """What turns a region off for readers without a call to it."""
        return ReadSwitch(self.clients, there(self.config), partial(self.told, "switch", "SwitchBucket"), self._asks)

    def _asks(self, region: Region) -> str:
        """Where a region's checkers ask whether it may serve, as its own stack was told; empty = nowhere."""
        with self.deployer.calls(self.deployer.stack("health"), region) as live:
            given = (live.find() or {}).get("Parameters", ())
        host = next((each["ParameterValue"] for each in given if each["ParameterKey"] == "PeerSwitchHost"), "")
        return f"{self.clients.api_url(host.partition('.')[0], self.other(region), STAGE)}/{OBJECT}" if host else ""

    def journal(self, who: str) -> Journal:
        """The chain as this engine, or this reader, sees it."""
        return Journal(self._chain, who, self.clock, self.config.engine.lease_seconds, self.config.pens.skew_bound_seconds)

    @property
    def _chain(self) -> JournalTable:
        return JournalTable(self.clients, Region(self.config.platform.journal), self.named("journal"), self.named("chain"))

    @cached_property
    def whole(self) -> PlatformStores:
        """Every store together; nobody seizes a market or a database yet."""
        market = self.market if self.config.market.feeds and not self.seizing else None
        at_most = self.config.engine.lease_seconds / 3  # a tick that lasts longer than the lease ends as nobody's
        asked = by_gate(self.clients, self.regions, self.kept, self.clock, self.sleep, at_most=at_most)
        moving = LiveDatabase(self.stores, self.pens, asked) if self.config.database.moves and not self.seizing else None
        return PlatformStores(self.pens, self.stores, self.history, market, moving, database(self.config, asked))

    @property
    def hearts(self) -> tuple[tuple[Callable[[], None], float], ...]:
        """What writes heartbeats, and how many seconds apart at least."""
        return self.whole.hearts

    def ways(self) -> Iterator["Migration"]:
        """There, back, seizing either side, and taking the source away."""
        for seizing in (False, True):
            yield from (replace(self, back=back, seizing=seizing) for back in (False, True))
        yield replace(self, retiring=True)

    @property
    def movers(self) -> Movers:
        """What pens are moved with; its domains are those that move."""
        return self.whole.movers

    def plan(self) -> Plan:
        """The plan over live adapters."""
        stores = self.stores
        if self.seizing:
            return seize(self.config, Seizing(self.movers, self.traffic, stores.copies, stores.copies), *self.regions)
        if self.retiring:
            return Leave(self.config, LiveLeaving(self).port(), self.movers, self.gate, self.whole.verifiers, self.regions).plan()
        plan = failback if self.back else trading
        return plan(
            self.config,
            Ports(
                regions=self._preflight,
                stacks=RegionStacks(self.deployer, self.regions.target, self.deploy_lock("the engine"), self.clock),
                peers=self.peers,
                replicators=self.whole.replicators,
                verifiers=self.whole.verifiers,
                traffic=self.traffic,
                gate=self.gate,
                movers=self.movers,
                surveys=self.whole.surveys,
                estate=self.estate,
            ),
            self.regions,
        )

    @property
    def _preflight(self) -> LiveRegions:
        strangers, movers = tuple(self.whole.global_tables.values()), self.movers
        held = PensHeld(self.deployer, movers.pens, self.regions, movers.domains)
        if self.back:
            return LiveRegions(self.deployer, self.apis, self.regions, strangers, held, self.clock)
        estate = self.estate
        return LiveRegions(
            self.deployer,
            self.apis,
            self.regions,
            strangers,
            lambda: (*held(), *estate.obstacles()),
            self.clock,
            adopts=estate.foreign,
        )

    @cached_property
    def estate(self) -> SourceEstate:
        """What runs at the source, whoever made it."""
        kept = self.config.pens.stream_retention_hours
        lock = self.deploy_lock("the engine")
        return SourceEstate(Estate(self.deployer, self.regions.source, kept), lock, self.clock, self.sleep)

    @cached_property
    def gate(self) -> MeasuredGate:
        """The gate over live measurements."""
        users = partial(DoorMetrics, self.clients, self.regions.target, partial(gateway, self.named("api"), STAGE))
        heart, others = self.stores.hearts, self.whole.watched
        looks = LookTable(self._chain, self.remembered) if self.remembered else None
        live = LiveGate(self.config, self.regions, self.url_even_if_out, users, heart, others, looks=looks)
        return live.measuring(self.clock)

    def published(self, tell: Callable[[str], None]) -> Published:
        """The numbers alarms and the board look at."""
        figures = Figures(
            regions=self.regions,
            replicators={**self.whole.global_tables, **self.whole.watched},
            verified=tuple(self.whole.verifiers),
            domains=self.movers.domains,
            pens=self.movers.pens,
            traffic=self.traffic,
            plan=self.plan,
            journal=self.journal("metrics"),
            expires=self.config.verification.expires_seconds,
            clock=self.clock,
        )
        return Published(self.clients, self.config.platform.environment_suffix, figures, tell)

    def engine(self, who: str, starter: str = "") -> Engine:
        """The engine on this migration's plan and journal; a run it begins is the starter's."""
        return Engine(self.plan(), self.journal(who), starter)
