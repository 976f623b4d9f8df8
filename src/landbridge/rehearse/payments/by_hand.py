"""Grows the platform into its second region by the deployer and by calls alone, as long as no plan does it."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from botocore.exceptions import ClientError

from landbridge.aws.clients import said, speaking
from landbridge.deploy.graph import Graph, Place
from landbridge.deploy.run import deploy_all
from landbridge.model.errors import Refused
from landbridge.rehearse.payments.stage import Stage

LOOK_SECONDS = 0.2
WITHIN_SECONDS = 60.0


@dataclass(frozen=True)
class ByHand:
    """One act after the other; each blocks until it is done."""

    stage: Stage

    def grow(self) -> None:
        """Stacks at the target, and then copies of what they need to work: the secret, sessions, uploads from now on."""
        source, target = self.stage.regions
        self.stage.deploy(target)
        self._copy_secret()
        self._copy_sessions()
        self._copy_uploads()
        self.stage.tell(f"{target} has copies of the secret and of sessions, and uploads of {source} are copied there")

    def open(self, percent: int) -> None:
        """The target gets this share of the clients; idempotent."""
        self.stage.traffic.add_target()
        self.stage.traffic.send(percent)

    def forget(self) -> None:
        """What no stack holds goes before the platform does."""
        (source, target), name = self.stage.regions, self.stage.named("database")
        with speaking(source, f"ending the copy of {name}"):
            secrets = self.stage.clients.client("secretsmanager", source)
            secrets.remove_regions_from_replication(SecretId=name, RemoveReplicaRegions=[target])
        self._until(lambda: not self._there("secretsmanager", "describe_secret", SecretId=name), f"ending the copy of {name}")

    def _copy_secret(self) -> None:
        (source, target), name = self.stage.regions, self.stage.named("database")
        with speaking(source, f"copying {name}"):
            secrets = self.stage.clients.client("secretsmanager", source)
            secrets.replicate_secret_to_regions(SecretId=name, AddReplicaRegions=[{"Region": target}])
        self._until(lambda: self._there("secretsmanager", "get_secret_value", SecretId=name), f"copying {name}")

    def _copy_sessions(self) -> None:
        (source, target), table = self.stage.regions, self.stage.named("sessions")
        with speaking(source, f"copying {table}"):
            dynamodb = self.stage.clients.client("dynamodb", source)
            dynamodb.update_table(TableName=table, ReplicaUpdates=[{"Create": {"RegionName": target}}])
        self._until(lambda: self._has_sessions(table), f"copying {table}")

    def _has_sessions(self, table: str) -> bool:
        found = self._there("dynamodb", "describe_table", TableName=table)
        return bool(found) and found["Table"]["TableStatus"] == "ACTIVE"

    def _there(self, service: str, look: str, **what: str) -> dict[str, Any]:
        """What the target says of it; empty where it knows of none."""
        try:
            found: dict[str, Any] = getattr(self.stage.clients.client(service, self.stage.regions.target), look)(**what)
        except ClientError as error:
            if said(error) != "ResourceNotFoundException":
                raise
            return {}
        return found

    def _until(self, is_so: Callable[[], object], what: str) -> None:
        ends = time.monotonic() + WITHIN_SECONDS
        while not is_so():
            if time.monotonic() > ends:
                raise Refused(self.stage.regions.target, what, f"it was not done within {WITHIN_SECONDS:.0f} s")
            time.sleep(LOOK_SECONDS)

    def _copy_uploads(self) -> None:
        """By the switch of the source's own stack; a deploy leaves it as it is."""
        source, target = self.stage.regions
        stage = replace(self.stage, more={"uploads.Replication": "on", "uploads.PeerRegion": str(target)})
        deploy_all(stage.deployer, Graph({Place("uploads", source): frozenset()}), stage.patience).result()
