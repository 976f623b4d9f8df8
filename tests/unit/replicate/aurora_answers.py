"""RDS of two regions with what it says laid out by hand: the calls that are made are kept, in order."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError, ConnectTimeoutError
from tests.fakes import SOURCE, TARGET

from landbridge.aws.clients import Clients, Timeouts
from landbridge.model.region import Region
from landbridge.replicate.aurora import Aurora

S_ARN = f"arn:aws:rds:{SOURCE}:1:cluster:s"
T_ARN = f"arn:aws:rds:{TARGET}:1:cluster:t"


def cluster(name: str, arn: str, *, status: str = "available", instances: tuple[str, ...] = ("one",)) -> dict[str, Any]:
    """One cluster as DescribeDBClusters has it."""
    return {
        "DBClusterIdentifier": name,
        "DBClusterArn": arn,
        "Status": status,
        "EngineVersion": "18.4",
        "Endpoint": "127.0.0.1",
        "ReaderEndpoint": "127.0.0.1:9",
        "Port": 9,
        "DBClusterMembers": [{"DBInstanceIdentifier": one} for one in instances],
    }


def member(arn: str, *, writes: bool, forwarding: str = "disabled") -> dict[str, Any]:
    """One member as DescribeGlobalClusters has it."""
    return {"DBClusterArn": arn, "IsWriter": writes, "Readers": [], "GlobalWriteForwardingStatus": forwarding}


def joined(*members: dict[str, Any], status: str = "available", moving: str = "") -> dict[str, Any]:
    """One global cluster as DescribeGlobalClusters has it."""
    said: dict[str, Any] = {"GlobalClusterIdentifier": "g", "Status": status, "GlobalClusterMembers": list(members)}
    return {**said, "FailoverState": {"Status": moving}} if moving else said


@dataclass
class Rds:
    """One region's RDS. `lost`: acts are carried out by nobody knows whom, and not answered."""

    region: Region
    clusters: dict[str, dict[str, Any]] = field(default_factory=dict)
    globals: dict[str, dict[str, Any]] = field(default_factory=dict)
    acts: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)
    out: bool = False
    then: Mapping[str, Any] | None = None  # what the global cluster is found to be after an act that fails
    fails: Exception | None = None

    def describe_db_clusters(self, DBClusterIdentifier: str) -> dict[str, Any]:  # noqa: N803
        """The cluster, or AWS's error."""
        return {"DBClusters": [self._found(self.clusters, DBClusterIdentifier, "DBClusterNotFoundFault")]}

    def describe_global_clusters(self, GlobalClusterIdentifier: str) -> dict[str, Any]:  # noqa: N803
        """The global cluster, or AWS's error."""
        return {"GlobalClusters": [self._found(self.globals, GlobalClusterIdentifier, "GlobalClusterNotFoundFault")]}

    def _found(self, among: Mapping[str, dict[str, Any]], name: str, code: str) -> dict[str, Any]:
        if self.out:
            raise ConnectTimeoutError(endpoint_url="http://out")
        if name not in among:
            raise ClientError({"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": 404}}, "Describe")
        return among[name]

    def __getattr__(self, operation: str) -> Any:
        def act(**given: Any) -> dict[str, Any]:
            self.acts.append((operation, given))
            if self.then is not None:
                self.globals["g"] = dict(self.then)
            if self.fails is not None:
                raise self.fails
            return {}

        return act

    @property
    def did(self) -> list[str]:
        """The names of the acts."""
        return [operation for operation, _ in self.acts]


def both() -> tuple[Aurora, dict[Region, Rds]]:
    """Aurora over both, and both."""
    told = {region: Rds(region) for region in (SOURCE, TARGET)}
    clients = Clients({}, timeouts=Timeouts(connect=1.0, read=2.0))
    for region, rds in told.items():
        for retries in (True, False):
            clients._made["rds", region, retries] = rds
    return Aurora(clients), told
