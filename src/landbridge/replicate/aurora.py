"""What RDS tells of an Aurora Global Database: one global cluster, and at most one cluster of it a region.

Read afresh every time, with the client's retries; acts are left to whoever knows when they are due.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from landbridge.aws.clients import Clients, said, speaking
from landbridge.model.region import Region

ABSENT = frozenset({"DBClusterNotFoundFault", "GlobalClusterNotFoundFault"})
AVAILABLE = "available"


@dataclass(frozen=True, slots=True)
class Address:
    """Where a database answers."""

    host: str
    port: int


@dataclass(frozen=True, slots=True)
class Cluster:
    """One region's cluster as RDS tells of it."""

    name: str
    arn: str
    status: str
    version: str
    instances: tuple[str, ...]
    endpoint: Address
    reader: Address


@dataclass(frozen=True, slots=True)
class Member:
    """One cluster of a global database. `forwarding`: its writes are sent on to the writer, or are about to be."""

    arn: str
    writes: bool
    forwarding: bool
    connected: bool

    @property
    def region(self) -> Region:
        """Where it is."""
        return Region(self.arn.split(":")[3])


@dataclass(frozen=True, slots=True)
class GlobalCluster:
    """A global database as RDS tells of it; `moving`: its writer is being changed, or that is about to begin."""

    name: str
    status: str
    moving: bool
    members: tuple[Member, ...]

    def member(self, arn: str) -> Member | None:
        """The member of this name."""
        return next((member for member in self.members if member.arn == arn), None)

    def at(self, region: Region) -> Member | None:
        """The member in this region."""
        return next((member for member in self.members if member.region == region), None)


@dataclass(frozen=True)
class Aurora:
    """RDS of both regions."""

    clients: Clients

    def cluster(self, region: Region, name: str) -> Cluster | None:
        """A region's cluster, or None when there is none."""
        told = self._asked(region, "describe_db_clusters", "DBClusters", DBClusterIdentifier=name)
        return None if told is None else _cluster(told)

    def joined(self, region: Region, name: str) -> GlobalCluster | None:
        """The global cluster as this region tells of it, or None when there is none."""
        told = self._asked(region, "describe_global_clusters", "GlobalClusters", GlobalClusterIdentifier=name)
        return None if told is None else _global(told)

    def act(self, region: Region, operation: str, **arguments: Any) -> None:
        """One call that changes something, never repeated by the client: Refused, or Unreachable when nobody knows."""
        with speaking(region, operation):
            getattr(self.clients.client("rds", region, retries=False), operation)(**arguments)

    def _asked(self, region: Region, operation: str, member: str, **arguments: Any) -> Mapping[str, Any] | None:
        with speaking(region, operation):
            try:
                answer = getattr(self.clients.client("rds", region), operation)(**arguments)
            except ClientError as error:
                if said(error) in ABSENT:
                    return None
                raise
        found: list[Mapping[str, Any]] = answer[member]
        return found[0] if found else None


def address(told: str, port: int) -> Address:
    """An endpoint as RDS tells it: a host, with a port of its own where it has one."""
    host, _, own = told.partition(":")
    return Address(host, int(own or port))


def _cluster(told: Mapping[str, Any]) -> Cluster:
    port = int(told.get("Port", 0))
    return Cluster(
        told["DBClusterIdentifier"],
        told["DBClusterArn"],
        told["Status"],
        told["EngineVersion"],
        tuple(member["DBInstanceIdentifier"] for member in told.get("DBClusterMembers", ())),
        address(told.get("Endpoint", ""), port),
        address(told.get("ReaderEndpoint", ""), port),
    )


def _global(told: Mapping[str, Any]) -> GlobalCluster:
    state = told.get("FailoverState") or {}
    moving = told["Status"] != AVAILABLE or bool(state.get("Status"))
    return GlobalCluster(
        told["GlobalClusterIdentifier"], told["Status"], moving, tuple(map(_member, told["GlobalClusterMembers"]))
    )


def _member(told: Mapping[str, Any]) -> Member:
    forwarding = told.get("GlobalWriteForwardingStatus", "disabled") != "disabled"
    connected = told.get("SynchronizationStatus", "connected") == "connected"
    return Member(told["DBClusterArn"], bool(told["IsWriter"]), forwarding and not told["IsWriter"], connected)
