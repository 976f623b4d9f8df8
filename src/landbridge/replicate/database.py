"""An Aurora cluster's copy in the other region: a secondary of an Aurora Global Database.

The lag is the age of our own row, written at the source and read at the target; the position is the place in the source's
log that came with that row. Cost: one table of ours, `landbridge_heartbeat`, in the customer's database.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from psycopg import errors

from landbridge.model.errors import Refused
from landbridge.model.measure import Lag, Position
from landbridge.model.region import Pair, Region
from landbridge.replicate.aurora import Aurora, Cluster, GlobalCluster, Member
from landbridge.replicate.login import Login

ENGINE = "aurora-postgresql"
DELETING = "deleting"
UNREADABLE = frozenset({"creating", DELETING})

TABLE = "CREATE TABLE IF NOT EXISTS landbridge_heartbeat (region text PRIMARY KEY, at float8 NOT NULL, log pg_lsn NOT NULL)"
BEAT = (
    "INSERT INTO landbridge_heartbeat VALUES (%s, %s, pg_current_wal_lsn()) "
    "ON CONFLICT (region) DO UPDATE SET at = excluded.at, log = excluded.log"
)
NEWEST = "SELECT at, log::text FROM landbridge_heartbeat WHERE region = %s"


@dataclass(frozen=True)
class Secondary:
    """What the stacks of the target's region provide for its cluster."""

    instance: str
    instance_class: str
    subnet_group: str
    security_groups: Sequence[str]
    key: str
    parameters: str


@dataclass(frozen=True)
class DatabaseReplicator:
    """The copy of one cluster; `clusters` are its names in both regions, `secondary` tells how the target's is made."""

    aurora: Aurora
    name: str
    clusters: Pair[str]
    regions: Pair[Region]
    secondary: Callable[[], Secondary]
    login: Login
    clock: Callable[[], float]

    def copied(self) -> bool:
        """Whether the target has its cluster, complete with an instance, or is losing it."""
        cluster = self._target()
        if cluster is None:
            return False
        return bool(cluster.instances) or self._member(cluster) is None

    def begun(self) -> bool:
        """A cluster without an instance is half a copy."""
        return self.copied()

    def stranger(self) -> bool:
        """Whether the target has a cluster of this name that is no copy of the source's."""
        cluster = self._target()
        return cluster is not None and cluster.status != DELETING and self._member(cluster) is None

    def start(self) -> None:
        """Makes what is missing of: the global cluster around the source, the target's cluster in it, its instance."""
        source, wanted = self._source(), self.secondary()
        if self._joined() is None:
            self._act(self.regions.source, "create_global_cluster", SourceDBClusterIdentifier=source.arn)
        cluster = self._target()
        if cluster is None:
            self._create(source, wanted)
        elif self._member(cluster) is None:
            raise Refused(
                self.regions.target, "joining the database", f"{cluster.name} is there already and is no member of {self.name}"
            )
        if cluster is None or not cluster.instances:
            self.aurora.act(
                self.regions.target,
                "create_db_instance",
                DBInstanceIdentifier=wanted.instance,
                DBInstanceClass=wanted.instance_class,
                DBClusterIdentifier=self.clusters.target,
                Engine=ENGINE,
                PubliclyAccessible=False,
            )

    def stop(self) -> None:
        """Detaches the target's cluster, then deletes its instances and itself; refused while it is the writer."""
        cluster = self._target()
        if cluster is None or cluster.status == DELETING:
            return
        member = self._member(cluster)
        if member is not None and member.writes:
            raise Refused(
                self.regions.target, "removing the database's copy", f"{cluster.name} writes: switch the writer back first"
            )
        if member is not None:
            self._act(self.regions.target, "remove_from_global_cluster", DbClusterIdentifier=cluster.arn)
            return
        for instance in cluster.instances:
            self.aurora.act(self.regions.target, "delete_db_instance", DBInstanceIdentifier=instance)
        if not cluster.instances:
            self.aurora.act(self.regions.target, "delete_db_cluster", DBClusterIdentifier=cluster.name, SkipFinalSnapshot=True)

    def beat(self) -> None:
        """Writes the time, and where the source's log is, into the source."""
        at = self._source().endpoint
        row = (self.regions.source, self.clock())
        try:
            self.login.rows(self.regions.source, at, BEAT, row)
        except errors.UndefinedTable:
            self.login.rows(self.regions.source, at, TABLE, ())
            self.login.rows(self.regions.source, at, BEAT, row)

    def lag(self) -> Lag | None:
        """The age of the newest heartbeat at the target; None while there is none, or no cluster that can be read."""
        newest = self._newest()
        return None if newest is None else timedelta(seconds=max(0.0, self.clock() - newest[0]))

    def position(self) -> Position:
        """Up to where in the source's log the target has everything, as of the newest heartbeat there."""
        newest = self._newest()
        return Position("log position unknown" if newest is None else f"log {newest[1]}")

    def _newest(self) -> tuple[float, str] | None:
        cluster = self._target()
        if cluster is None or cluster.status in UNREADABLE or not cluster.instances or self._member(cluster) is None:
            return None
        try:
            rows = self.login.rows(self.regions.target, cluster.reader, NEWEST, (self.regions.source,))
        except errors.UndefinedTable:
            return None
        return (float(rows[0][0]), str(rows[0][1])) if rows else None

    def _create(self, source: Cluster, wanted: Secondary) -> None:
        self._act(
            self.regions.target,
            "create_db_cluster",
            DBClusterIdentifier=self.clusters.target,
            Engine=ENGINE,
            EngineVersion=source.version,
            DBSubnetGroupName=wanted.subnet_group,
            VpcSecurityGroupIds=list(wanted.security_groups),
            DBClusterParameterGroupName=wanted.parameters,
            KmsKeyId=wanted.key,
            StorageEncrypted=True,
            EnableGlobalWriteForwarding=False,
            DeletionProtection=False,
        )

    def _act(self, region: Region, operation: str, **arguments: Any) -> None:
        self.aurora.act(region, operation, GlobalClusterIdentifier=self.name, **arguments)

    def _joined(self) -> GlobalCluster | None:
        return self.aurora.joined(self.regions.source, self.name)

    def _member(self, cluster: Cluster) -> Member | None:
        joined = self._joined()
        return None if joined is None else joined.member(cluster.arn)

    def _target(self) -> Cluster | None:
        return self.aurora.cluster(self.regions.target, self.clusters.target)

    def _source(self) -> Cluster:
        source = self.aurora.cluster(self.regions.source, self.clusters.source)
        if source is None:
            raise Refused(self.regions.source, "finding the database", f"there is no cluster {self.clusters.source}")
        return source
