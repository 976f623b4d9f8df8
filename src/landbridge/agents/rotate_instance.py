"""Changes the password of a database instance of this region, which its replicas in other regions then have too."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from landbridge.agents.rotation import Steps, Writer, say, world


def handler(event: Mapping[str, Any], _context: object) -> None:
    """What Secrets Manager calls; what fails is raised, because it tries again by that."""
    say(event, Rotation(instance=os.environ["INSTANCE"], **world(os.environ)).handle(event))


@dataclass(frozen=True, kw_only=True)
class Rotation(Steps):
    """The steps for one instance."""

    instance: str

    def writer(self) -> Writer:
        """This region's instance; a replica can't be set, and its own writer's region has the secret."""
        (found,) = self.client("rds", self.region).describe_db_instances(DBInstanceIdentifier=self.instance)["DBInstances"]
        if source := found.get("ReadReplicaSourceDBInstanceIdentifier"):
            raise ValueError(f"{self.instance} copies from {source}: rotate the secret in that one's region")
        at = found["Endpoint"]
        return Writer(self.region, self.instance, found["MasterUsername"], at["Address"], int(at["Port"]))

    def put(self, writer: Writer, password: str) -> None:
        """On the instance."""
        rds = self.client("rds", writer.region)
        rds.modify_db_instance(DBInstanceIdentifier=writer.name, MasterUserPassword=password, ApplyImmediately=True)
