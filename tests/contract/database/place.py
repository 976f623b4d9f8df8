"""Two regions whose RDS is played by the fabric, driven from a test's own thread by ordinary clients."""

import asyncio
import contextlib
import random
import ssl
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

import psycopg

from landbridge.aws.clients import Clients
from landbridge.model.region import Pair, Region
from landbridge.rehearse.emulator.bulkhead import Bulkhead
from landbridge.rehearse.emulator.door import FrontDoor
from landbridge.rehearse.emulator.hooks import Hooks
from landbridge.rehearse.fabric.database.cluster import Cluster
from landbridge.rehearse.fabric.database.control import Control
from landbridge.rehearse.fabric.database.databases import Databases
from landbridge.rehearse.fabric.database.global_database import GlobalDatabase
from landbridge.rehearse.fabric.database.knobs import Crash, Switchover
from landbridge.replicate.aurora import Address, address

S, T = Region("us-east-1"), Region("eu-central-1")
REGIONS = Pair(S, T)
GLOBAL, NAMES = "effects", Pair("effects-s", "effects-t")
USER, PASSWORD, DATABASE = "trading", "of the test alone", "effects"
V = TypeVar("V")


class Place:
    """Stands as long as the block lasts; without clusters in the beginning."""

    def __init__(self, folder: Path, tls: ssl.SSLContext | None = None) -> None:
        self.databases = Databases(folder, folder.parent, "7", tls=tls)
        self.doors: dict[Region, FrontDoor] = {}
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="databases")

    def __enter__(self) -> Self:
        self._thread.start()
        for region in REGIONS:
            hooks = Hooks(answers={"rds": Control(self.databases, region).answer})
            self.doors[region] = FrontDoor(region, Bulkhead(4, 4), random.Random(1), hooks)
            self.run(self.doors[region].start())
        self.clients = Clients({region: door.url for region, door in self.doors.items()})
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        try:
            self.run(self.databases.__aexit__(kind, error, trace))
        finally:
            for door in self.doors.values():
                self.run(door.stop())
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
            self._loop.close()

    def run(self, work: Coroutine[Any, Any, V]) -> V:
        """What it comes to on the fabric's own loop."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(180)

    def rds(self, region: Region) -> Any:
        """An ordinary client of the region's RDS."""
        return self.clients.client("rds", region)

    def create(self) -> None:
        """A cluster at the source, with its instance."""
        asked = {"MasterUsername": USER, "MasterUserPassword": PASSWORD, "DatabaseName": DATABASE}
        self.rds(S).create_db_cluster(DBClusterIdentifier=NAMES.source, Engine="aurora-postgresql", **asked)
        self.rds(S).create_db_instance(
            DBInstanceIdentifier="one-s",
            DBInstanceClass="db.r6g.large",
            Engine="aurora-postgresql",
            DBClusterIdentifier=NAMES.source,
        )
        self.settled(S, NAMES.source)

    def join(self) -> None:
        """Its copy at the target."""
        self.rds(S).create_global_cluster(GlobalClusterIdentifier=GLOBAL, SourceDBClusterIdentifier=NAMES.source)
        self.rds(T).create_db_cluster(
            DBClusterIdentifier=NAMES.target, Engine="aurora-postgresql", GlobalClusterIdentifier=GLOBAL
        )
        self.rds(T).create_db_instance(
            DBInstanceIdentifier="one-t",
            DBInstanceClass="db.r6g.large",
            Engine="aurora-postgresql",
            DBClusterIdentifier=NAMES.target,
        )
        self.settled(T, NAMES.target)

    def settled(self, region: Region, name: str) -> None:
        """Waits until the cluster is available."""
        eventually(
            lambda: self.rds(region).describe_db_clusters(DBClusterIdentifier=name)["DBClusters"][0]["Status"] == "available"
        )

    @property
    def source(self) -> Cluster:
        """The cluster at the source."""
        return self.databases.clusters[S, NAMES.source]

    @property
    def target(self) -> Cluster:
        """The cluster at the target."""
        return self.databases.clusters[T, NAMES.target]

    @property
    def joined(self) -> GlobalDatabase:
        """The global database."""
        return self.databases.globals[GLOBAL]

    def told(self, region: Region = T) -> dict[str, Any]:
        """What DescribeGlobalClusters says in a region."""
        said: dict[str, Any] = self.rds(region).describe_global_clusters(GlobalClusterIdentifier=GLOBAL)["GlobalClusters"][0]
        return said

    def switch(self, to: Cluster) -> None:
        """A planned switchover, begun as soon as its target is in step."""
        eventually(lambda: to.synchronized)
        self.rds(to.region).switchover_global_cluster(GlobalClusterIdentifier=GLOBAL, TargetDbClusterIdentifier=to.arn)

    def fail_over(self, to: Cluster) -> None:
        """A failover, begun."""
        self.rds(to.region).failover_global_cluster(
            GlobalClusterIdentifier=GLOBAL, TargetDbClusterIdentifier=to.arn, AllowDataLoss=True
        )

    def quiet(self) -> None:
        """Waits until no writer moves and both members are in step."""
        eventually(lambda: self.joined.move is None and self.source.synchronized and self.target.synchronized)

    def reach(self, region: Region, *, reachable: bool) -> None:
        """The region is out, or back."""

        async def reach() -> None:
            self.databases.reach(region, reachable=reachable)

        self.run(reach())

    def home(self) -> None:
        """As in the beginning: no knob turned, the source writes, the target is its copy."""
        knobs = self.databases.knobs
        knobs.switchover, knobs.switchover_seconds, knobs.catch_up_seconds, knobs.crash = (
            Switchover.DONE,
            0.0,
            30.0,
            Crash.RESTART,
        )
        for cluster in (self.source, self.target):
            line = cluster.line
            line.lag, line.jitter, line.stalled, line.down = 0.0, 0.0, False, False
        self.quiet()
        if self.joined.primary is not self.source:
            self.switch(self.source)
            self.quiet()

    @property
    def writer(self) -> Address:
        """The global endpoint."""
        return address(self.told()["Endpoint"], 0)

    def endpoint(self, cluster: Cluster) -> Address:
        """A cluster's own endpoint."""
        return self._addresses(cluster)["Endpoint"]

    def reader(self, cluster: Cluster) -> Address:
        """A cluster's reader endpoint."""
        return self._addresses(cluster)["ReaderEndpoint"]

    def _addresses(self, cluster: Cluster) -> dict[str, Address]:
        said = self.rds(cluster.region).describe_db_clusters(DBClusterIdentifier=cluster.name)["DBClusters"][0]
        return {name: address(said[name], said["Port"]) for name in ("Endpoint", "ReaderEndpoint")}


@contextlib.contextmanager
def connected(at: Address) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
    """A connection as the master user."""
    where = {"host": at.host, "port": str(at.port), "user": USER, "password": PASSWORD, "dbname": DATABASE}
    with psycopg.connect(psycopg.conninfo.make_conninfo(**where, connect_timeout=5), autocommit=True) as connection:
        yield connection


def ask(at: Address, statement: Any, *values: Any) -> Any:
    """The first value of the first row."""
    with connected(at) as connection:
        cursor = connection.execute(statement, values)
        row = cursor.fetchone() if cursor.description else None
        return row[0] if row else None


def eventually(look: Callable[[], bool], seconds: float = 60.0) -> None:
    """Looks until it is so, and fails when it never is."""
    end = time.monotonic() + seconds
    while not look():
        assert time.monotonic() < end, "it never came about"
        time.sleep(0.04)
