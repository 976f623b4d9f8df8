"""Puts together what a trading platform's source is retired with: the one place where its ports meet their adapters."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from landbridge.config.spec import Trading
from landbridge.deploy.deployer import Deployer
from landbridge.deploy.graph import Graph, Place
from landbridge.migrate.adapters.leaving.backups import TableBackup
from landbridge.migrate.adapters.leaving.bucket import Kept
from landbridge.migrate.adapters.leaving.evidence import JournalEvidence
from landbridge.migrate.adapters.leaving.members import InOrder, ObjectRules, Parameters, ReplicaMembers, RouteMember, Told
from landbridge.migrate.adapters.leaving.residency import LiveResidency
from landbridge.migrate.adapters.leaving.secret import SecretMember
from landbridge.migrate.adapters.leaving.stacks import Going, links, of_source
from landbridge.migrate.adapters.leaving.tables import HandedTables
from landbridge.migrate.adapters.leaving.use import Effects, LiveUse, Records, Requests, Writes
from landbridge.migrate.adapters.live_database import STORE as DATABASE
from landbridge.migrate.adapters.live_database import LiveDatabase
from landbridge.migrate.one_by_one import Removal
from landbridge.migrate.plans.retire import Leaving
from landbridge.migrate.steps.detach_member import Member
from landbridge.migrate.tables import TABLES
from landbridge.model.errors import BadInput
from landbridge.model.market import Stream
from landbridge.model.metrics import HISTORY
from landbridge.model.pen import Domain
from landbridge.model.region import Region
from landbridge.model.wire import INGEST, PARAMETER, PEER_API

if TYPE_CHECKING:
    from landbridge.migrate.adapters.compose import Migration

READER = "transform"  # the stack whose function has mappings that are in no stack
EVIDENCE = "evidence"


@dataclass(frozen=True)
class LiveLeaving:
    """One migration's source, on its way out."""

    migration: "Migration"

    def port(self) -> Leaving:
        """As the plan takes it."""
        on = self.migration
        return Leaving(
            use=LiveUse(self._use()),
            backups={domain.value: self._backup(domain, names) for domain, names in TABLES.items()},
            evidence=JournalEvidence(on.journal("evidence").store, self._kept("journal", "jsonl")),
            tables=self._handed,
            members=self._members(),
            stacks=self._going(of_source(self._graph, self._deployer, self._source)),
            residency=self._residency(),
            untried=(DATABASE,) if on.whole.database else (),
        )

    def refuse_what_stays_behind(self) -> None:
        """What has not moved would be lost with the source."""
        if Domain.MARKET not in self.migration.movers.domains:
            what = f"is empty, so nothing of the market has moved, and {self._source} holds all of it"
            raise BadInput("market.feeds", what, "name the feeds, and move the market first")

    def _use(self) -> Mapping[str, Callable[[float], int | None]]:
        """What comes to the source, by kind; a domain plugs in by its copies."""
        on, config, source = self.migration, self._config, self._source
        period = config.gate.metrics_period_seconds
        requests = Requests(on.clients, source, on.named("api"), "live", period, on.clock)
        records = Records(on.clients, source, on.named(Stream.LIVE), config.retire.bake_seconds, on.clock)
        by_receipts = [domain for domain in on.movers.domains if domain in TABLES]
        writes = {
            f"writes of {domain}": Writes(source, domain, on.pens, on.movers.copies[domain]).count for domain in by_receipts
        }
        database = on.whole.database
        effects = {"effects": Effects(database.effects, self._target).count} if database else {}
        return {"requests": requests.count, "records of the market": records.count, **writes, **effects}

    def _backup(self, domain: Domain, names: tuple[str, str]) -> TableBackup:
        on, word = self.migration, f"restored-{domain}-"
        before, _, after = on.named(f"{word}|").partition("|")
        kept = self._kept(f"{EVIDENCE}-of-{domain}", "json")
        return TableBackup(on.clients, self._target, on.named(domain), names, (before, after), kept)

    def _kept(self, what: str, ends: str) -> Kept:
        on, target = self.migration, self._target
        bucket = self._config.retire.evidence_bucket or self._config.platform.named("reports", target)
        return Kept(on.clients, target, bucket, f"{EVIDENCE}/{on.named('chain')}/{what}", ends)

    def _members(self) -> Mapping[Member, Removal]:
        """A kind the platform has none of is not among them."""
        on, regions, history = self.migration, self.migration.regions, self.migration.history
        tables = [copy.table for copy in on.whole.global_tables.values()]
        ways = {self._source: history.there, self._target: history.back}
        return {
            Member.ROUTE: RouteMember(on.traffic, self._source),
            Member.REPLICAS: InOrder((ReplicaMembers(on.clients, tables, regions), Told(self._alone, self._owners))),
            **(self._of(on.whole.database) if on.whole.database else {}),
            Member.OBJECTS: ObjectRules(self._deployer, HISTORY, ways),
            Member.PEERING: InOrder((self._parameters(), self._going(links(self._graph, self._deployer)), self._leaning())),
        }

    def _of(self, database: LiveDatabase) -> Mapping[Member, Removal]:
        """The target's own cluster leaves the bond as its stack is told that there is none any more."""
        on = self.migration
        return {
            Member.SECRETS: SecretMember(on.clients, on.named(DATABASE), on.regions),
            Member.CLUSTER: database.member,
        }

    def _parameters(self) -> Parameters:
        suffix, source, target = self._config.platform.environment_suffix, self._source, self._target
        peer, ingest = (PARAMETER.format(suffix=suffix, name=name) for name in (PEER_API, INGEST))
        return Parameters(self.migration.clients, ((source, peer), (source, ingest), (target, peer)))

    def _leaning(self) -> Told:
        """What stays and is fed by what goes."""
        graph = self._graph
        going = {*of_source(graph, self._deployer, self._source).needs, *links(graph, self._deployer).needs}
        fed = [place for place, needs in graph.needs.items() if place not in going and needs & going]
        return Told(self._alone, lambda: fed)

    def _owners(self) -> list[Place]:
        return [Place(stack.name, self._target) for stack in self._handed.stacks()]

    def _going(self, graph: Graph) -> Going:
        return Going(self._deployer, graph, self.migration.deploy_lock("the engine"), self.migration.clock, self._forget)

    def _forget(self, place: Place) -> None:
        if place.stack == READER:
            self.migration.market.mappings.forget(place.region)

    def _residency(self) -> LiveResidency:
        regions = sorted({place.region for place in self._deployer.graph.needs})
        return LiveResidency(self._deployer, regions, self._kept("residency", "json"), self.migration.sleep)

    @cached_property
    def _handed(self) -> HandedTables:
        return HandedTables(self._deployer, self._source, self._target, self._alone)

    @property
    def _graph(self) -> Graph:
        """Where everything was deployed before anything was handed over."""
        return self._deployer.graph

    @property
    def _alone(self) -> Deployer:
        return self._deployer.without(frozenset({self._source}))

    @property
    def _deployer(self) -> Deployer:
        return self.migration.deployer

    @property
    def _config(self) -> Trading:
        return self.migration.config

    @property
    def _source(self) -> Region:
        return self.migration.regions.source

    @property
    def _target(self) -> Region:
        return self.migration.regions.target
