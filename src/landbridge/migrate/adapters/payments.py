"""Puts a payments migration together from AWS clients and a configuration: it grows into a region, or takes one out and back."""

import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property, partial
from pathlib import Path
from typing import Any

from landbridge.aws.clients import Clients
from landbridge.config.expansion import Expansion
from landbridge.deploy.deployer import Deployer
from landbridge.deploy.manifest import Manifest
from landbridge.deploy.regional import answers
from landbridge.migrate.adapters.deployed import Deployed
from landbridge.migrate.adapters.event_queue import EventQueue
from landbridge.migrate.adapters.http_apis import HttpApis
from landbridge.migrate.adapters.image import Image
from landbridge.migrate.adapters.journal_table import JournalTable
from landbridge.migrate.adapters.live_gate import LiveGate
from landbridge.migrate.adapters.payments_stores import PaymentsStores
from landbridge.migrate.adapters.published import Published
from landbridge.migrate.adapters.regions import LiveRegions
from landbridge.migrate.adapters.target_stacks import RegionStacks
from landbridge.migrate.alone_gate import AloneGate
from landbridge.migrate.engine import Engine
from landbridge.migrate.figures import Figures
from landbridge.migrate.journal import Journal
from landbridge.migrate.plan import Plan
from landbridge.migrate.plans.evacuate import Evacuating, evacuate
from landbridge.migrate.plans.expand import Expanding, expand, there
from landbridge.model.metrics import PAYMENTS, SESSIONS
from landbridge.model.region import Pair, Region
from landbridge.replicate.port import Heart
from landbridge.traffic.named import Named
from landbridge.traffic.route53 import Endpoint, Route53Traffic
from landbridge.traffic.users import Door, DoorMetrics, balancer
from landbridge.verify.stores import FOLDER, by_gate

PLATFORM = "payments"
ASKING = 5.0  # seconds a region may take to tell its time


@dataclass(frozen=True)
class PaymentsMigration(Deployed):
    """One payments migration as it runs against AWS, or against what stands in for it."""

    clients: Clients
    config: Expansion
    templates: Path
    clock: Callable[[], float]
    sleep: Callable[[float], None]
    out: Region | None = None  # the region that is taken out and brought back; None = the platform grows
    kept: Path = FOLDER  # comparisons, whoever made them
    front: Callable[[Region], str] | None = None  # where a region's load balancer answers; None = at its own address, by TLS

    @property
    def born(self) -> Pair[Region]:
        """Where the platform was born, and where it grows."""
        return there(self.config)

    @property
    def back(self) -> Pair[Region]:
        """From the region that has clients to the one that gets some."""
        return self.born.swapped() if self.out == self.born.source else self.born

    @property
    def regions(self) -> Pair[Region]:
        """From where to where clients go."""
        return self.back if self.out is None else self.back.swapped()

    def named(self, kind: str, region: str = "") -> str:
        """The name of one of the platform's things; with its region where names are the whole world's."""
        before, after = self.deployer.manifest.around(self.config.platform)
        return "-".join(filter(None, (f"{before}{kind}{after}", region)))

    @cached_property
    def deployer(self) -> Deployer:
        """Puts stacks where they belong."""
        folder = self.templates / PLATFORM
        regional = cache(partial(answers, self.config, folder))
        return Deployer(self.clients, Manifest.read(folder), self.config.platform, None, sleep=self.sleep, regional=regional)

    @cached_property
    def stores(self) -> PaymentsStores:
        """What is copied and compared; an emulator gives a copy a version id of its own."""
        asked, same = by_gate(self.clients, self.back, self.kept, self.clock, self.sleep), not self.clients.endpoints
        return PaymentsStores(self.clients, self.config, self.back, self.born, self.named, self.told, asked, same)

    @property
    def hearts(self) -> tuple[tuple[Callable[[], None], float], ...]:
        """What writes heartbeats, and how many seconds apart at least."""
        return self.stores.hearts

    @cached_property
    def traffic(self) -> Route53Traffic:
        """The weighted records; the target is the region that gets clients."""
        return self._records(self.back)

    def _records(self, pair: Pair[Region]) -> Route53Traffic:
        ttl = self.config.shift.record_ttl_seconds
        return Route53Traffic(self.clients, self.config.platform.domain, pair, self._endpoint, ttl)

    def _endpoint(self, region: Region) -> Endpoint:
        host, check = (self.told("balancer", output, region) for output in ("BalancerHost", "HealthCheckId"))
        return Endpoint(region, host, check)

    def url(self, region: Region) -> str:
        """Where the region's own load balancer answers."""
        return self.front(region) if self.front else f"https://{self.told('balancer', 'BalancerHost', region)}"

    @cached_property
    def opens(self) -> Callable[..., Any]:
        """Opens a request to such an address."""
        return urllib.request.urlopen if self.front else Named(self.config.platform.domain)

    @cached_property
    def _measured(self) -> LiveGate:
        door = partial(self._door, self.back.target)
        users = partial(DoorMetrics, self.clients, self.back.target, door)
        stores = self.stores
        return LiveGate(self.config, self.back, self.url, users, stores.sessions, stores.watched, (), self.opens)

    def _door(self, region: Region) -> Door:
        return balancer(self.told("balancer", "BalancerName", region))

    def journal(self, who: str) -> Journal:
        """The chain as this engine, or this reader, sees it."""
        store = JournalTable(self.clients, Region(self.config.platform.journal), self.named("journal"), self.named("chain"))
        return Journal(store, who, self.clock, self.config.engine.lease_seconds, self.config.engine.skew_bound_seconds)

    def plan(self) -> Plan:
        """The plan over live adapters."""
        if self.out is None:
            return expand(self.config, self._expanding, self.regions)
        return evacuate(self.config, self._evacuating(self.out), self.regions)

    @property
    def _expanding(self) -> Expanding:
        target, stores = self.born.target, self.stores
        return Expanding(
            regions=self._preflight,
            stacks=RegionStacks(self.deployer, target, self.deploy_lock("the engine"), self.clock),
            replicators=stores.replicators,
            verifiers=stores.verifiers,
            traffic=self.traffic,
            gate=self._measured.measuring(self.clock),
        )

    def _evacuating(self, out: Region) -> Evacuating:
        queue, aside = (partial(self.told, "events", output, out) for output in ("QueueUrl", "SetAsideUrl"))
        return Evacuating(
            stay=AloneGate(self.config.gate, self._measured.probes(self.regions.target), self.clock),
            leaving=self._records(self.regions),
            events=EventQueue(self.clients, out, queue, aside),
            verifiers=self.stores.compared_anew,
            traffic=self.traffic,
            gate=self._measured.measuring(self.clock),
        )

    @property
    def _preflight(self) -> LiveRegions:
        apis = HttpApis(self.url, ASKING, open=self.opens)
        target, digest = self.born.target, self.config.serving.image_digest
        image = Image(self.clients, target, partial(self.named, "service"), digest)
        pushed = () if self.front else (image.lacks,)  # a world without AWS has no images
        looks = (self.config.serving.lacks, self.traffic.lacks, *pushed)

        def lacking() -> Iterator[str]:
            return (each for look in looks for each in look())

        return LiveRegions(self.deployer, apis, self.born, (self.stores.sessions,), lacking, self.clock, "balancer")

    def ways(self) -> Iterator["PaymentsMigration"]:
        """Growing, and taking out either region."""
        yield from (replace(self, out=out) for out in (None, *self.born))

    def published(self, tell: Callable[[str], None]) -> Published:
        """The numbers of the migration."""
        stores = self.stores
        replicators: Mapping[str, Heart] = (
            stores.replicators if self.out is None else {SESSIONS: stores.sessions, **stores.watched}
        )
        figures = Figures(
            regions=self.back,
            replicators=replicators,
            verified=tuple(stores.verifiers if self.out is None else stores.compared_anew),
            domains=(),
            pens=None,
            traffic=self.traffic,
            plan=self.plan,
            journal=self.journal("metrics"),
            expires=self.config.verification.expires_seconds,
            clock=self.clock,
        )
        return Published(self.clients, self.config.platform.environment_suffix, figures, tell, PAYMENTS)

    def engine(self, who: str, starter: str = "") -> Engine:
        """The engine on this migration's plan and journal; a run it begins is the starter's."""
        return Engine(self.plan(), self.journal(who), starter)
