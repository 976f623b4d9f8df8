"""Changes the password of a cluster, on whichever cluster of its global database is the writer now."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from landbridge.agents.rotation import Steps, Writer, say, world


def handler(event: Mapping[str, Any], _context: object) -> None:
    """What Secrets Manager calls; what fails is raised, because it tries again by that."""
    cluster, bond = os.environ["CLUSTER"], os.environ["GLOBAL_CLUSTER"]
    say(event, Rotation(cluster=cluster, global_cluster=bond, **world(os.environ)).handle(event))


@dataclass(frozen=True, kw_only=True)
class Rotation(Steps):
    """The steps for the clusters of two regions that share one master."""

    cluster: str
    global_cluster: str

    def writer(self) -> Writer:
        """In which region the writer is now, and what it is; alone in the world it is the one of this region."""
        own = self.client("rds", self.region)
        try:
            found = own.describe_global_clusters(GlobalClusterIdentifier=self.global_cluster)["GlobalClusters"]
            members = [member for each in found for member in each["GlobalClusterMembers"]]
        except own.exceptions.GlobalClusterNotFoundFault:
            members = []
        name = next((str(member["DBClusterArn"]) for member in members if member["IsWriter"]), self.cluster)
        region = name.split(":")[3] if name.startswith("arn:") else self.region
        identifier = name.rpartition(":")[2]
        (cluster,) = self.client("rds", region).describe_db_clusters(DBClusterIdentifier=identifier)["DBClusters"]
        return Writer(region, identifier, cluster["MasterUsername"], cluster["Endpoint"], int(cluster["Port"]))

    def put(self, writer: Writer, password: str) -> None:
        """On the cluster, for all its instances."""
        rds = self.client("rds", writer.region)
        rds.modify_db_cluster(DBClusterIdentifier=writer.name, MasterUserPassword=password, ApplyImmediately=True)
