"""A migration under way whose every store is copied and compared, and what it says of itself to a CloudWatch that remembers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from botocore.exceptions import EndpointConnectionError

from landbridge.aws.clients import Clients
from landbridge.migrate.adapters.published import Published
from landbridge.migrate.figures import Figures
from landbridge.migrate.journal import Journal
from landbridge.migrate.plan import Phase, Plan
from landbridge.migrate.record import Kind
from landbridge.migrate.step import State
from landbridge.migrate.steps.verify_store import VerifyStore
from landbridge.model.metrics import STORES
from landbridge.model.pen import Domain
from landbridge.model.region import Region
from tests.builders import FakeWorld
from tests.fake_regions import FakeReplicator, FakeVerifier
from tests.fakes import REGIONS, FakeJournalStore

SUFFIX, EXPIRES = "test", 3600.0
Said = tuple[str, str, str, str, float]  # region, namespace, metric, dimensions, value


@dataclass(frozen=True)
class FakeCloudWatch(Clients):
    """Takes metrics in every region that is not out, and remembers them."""

    said: list[Said] = field(default_factory=list)
    out: set[Region] = field(default_factory=set)

    def client(self, service: str, region: Region, *, retries: bool = True) -> Any:
        """One region's own; never waits for a second try."""
        assert (service, retries) == ("cloudwatch", False)
        return _Door(self, region)


@dataclass
class _Door:
    clouds: FakeCloudWatch
    region: Region

    def put_metric_data(self, *, Namespace: str, MetricData: list[Mapping[str, Any]]) -> None:  # noqa: N803 - AWS's words
        if self.region in self.clouds.out:
            raise EndpointConnectionError(endpoint_url=str(self.region))
        for each in MetricData:
            named = " ".join(f"{name['Name']}={name['Value']}" for name in each["Dimensions"])
            self.clouds.said.append((str(self.region), Namespace, each["MetricName"], named, each["Value"]))


@dataclass
class Watched:
    """The world, the journal and what was said."""

    world: FakeWorld = field(default_factory=FakeWorld)
    clouds: FakeCloudWatch = field(default_factory=FakeCloudWatch)
    replicators: dict[str, FakeReplicator] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Every store's copy stands, and the shift has begun."""
        self.replicators = {store: FakeReplicator(status="active") for store in STORES}
        self.world.traffic.weight = 25
        self.plan = Plan("toys", (Phase("verify", tuple(self._compares(store) for store in STORES)),))
        self.journal = Journal(FakeJournalStore(), "engine", self.world.clock, EXPIRES, 2.0)
        self.journal.hold_lease()
        self.journal.append(Kind.PLAN, data={"hash": self.plan.hash, "name": self.plan.name})

    def _compares(self, store: str) -> VerifyStore:
        return VerifyStore(store, FakeVerifier(self.world.clock), timedelta(seconds=EXPIRES))

    def compared(self, store: str, differences: int = 0) -> None:
        """The engine wrote down what a comparison found."""
        state = State.BLOCKED if differences else State.DONE
        data = {"state": str(state), "differences": differences, "began": self.world.clock()}
        self.journal.append(Kind.FOUND, f"verify_store.{store}", "compared", data)

    def published(self) -> Published:
        """Who says it."""
        figures = Figures(
            regions=REGIONS,
            replicators=self.replicators,
            verified=STORES,
            domains=tuple(Domain),
            pens=self.world.pens,
            traffic=self.world.traffic,
            plan=lambda: self.plan,
            journal=Journal(self.journal.store, "metrics", self.world.clock, EXPIRES, 2.0),
            expires=EXPIRES,
            clock=self.world.clock,
        )
        return Published(self.clouds, SUFFIX, figures, self.told.append)

    def numbers(self, region: Region, metric: str) -> dict[str, float]:
        """What was said last in a region, by dimensions."""
        return {named: value for where, _, each, named, value in self.clouds.said if (where, each) == (region, metric)}
