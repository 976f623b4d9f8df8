"""A secret's copy in the other region, by Secrets Manager's own replication: the same versions, by the other region's key.

Nobody may write into it to measure, so the lag is how long ago the version was made that the copy lacks. Values are never
read here, only which version is the current one.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from botocore.exceptions import ClientError

from landbridge.aws.clients import Clients, said, speaking
from landbridge.model.errors import Refused
from landbridge.model.measure import Lag, Position
from landbridge.model.region import Pair, Region

ABSENT, CURRENT = "ResourceNotFoundException", "AWSCURRENT"


@dataclass(frozen=True)
class SecretReplicator:
    """The copy of one secret; `key` tells the key of the target's region it is kept by."""

    clients: Clients
    name: str
    key: Callable[[], str]
    regions: Pair[Region]
    clock: Callable[[], float]

    def copied(self) -> bool:
        """Whether the target has one of its versions."""
        there = self._told(self.regions.target)
        return there is not None and bool(_versions(there) & _versions(self._told(self.regions.source) or {}))

    def begun(self) -> bool:
        """There is nothing to begin but the copy."""
        return self.copied()

    def start(self) -> None:
        """Asks for the copy; refused where another secret has its name."""
        if self.copied():
            return
        if self._told(self.regions.target) is not None:
            raise Refused(self.regions.target, "copying the secret", f"there is another {self.name}; rename or delete it")
        wanted = [{"Region": self.regions.target, "KmsKeyId": self.key()}]
        self._act("replicate_secret_to_regions", AddReplicaRegions=wanted)

    def stop(self) -> None:
        """Takes the copy away."""
        if self.copied():
            self._act("remove_regions_from_replication", RemoveReplicaRegions=[self.regions.target])

    def beat(self) -> None:
        """Nothing is written into a secret."""

    def lag(self) -> Lag | None:
        """None while there is no copy; since when its current version is another one."""
        if not self.copied():
            return None
        here, there = self._told(self.regions.source) or {}, self._told(self.regions.target) or {}
        if current(here) == current(there):
            return timedelta(0)
        return timedelta(seconds=max(0.0, self.clock() - here["LastChangedDate"].timestamp()))

    def position(self) -> Position:
        """The copy's current version."""
        return Position(f"version {current(self._told(self.regions.target) or {}) or 'unknown'}")

    def _act(self, operation: str, **arguments: Any) -> None:
        source = self.regions.source
        with speaking(source, operation):
            getattr(self.clients.client("secretsmanager", source), operation)(SecretId=self.name, **arguments)

    def _told(self, region: Region) -> Mapping[str, Any] | None:
        return described(self.clients, self.name, region)


def described(clients: Clients, name: str, region: Region) -> Mapping[str, Any] | None:
    """What a region tells of a secret; None where there is none, or it is being deleted."""
    with speaking(region, "describe_secret"):
        try:
            told: Mapping[str, Any] = clients.client("secretsmanager", region).describe_secret(SecretId=name)
        except ClientError as error:
            if said(error) == ABSENT:
                return None
            raise
    return None if told.get("DeletedDate") else told


def current(told: Mapping[str, Any]) -> str | None:
    """The version that is in use, by its id."""
    return next((version for version, stages in told.get("VersionIdsToStages", {}).items() if CURRENT in stages), None)


def _versions(told: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(told.get("VersionIdsToStages", {}))
