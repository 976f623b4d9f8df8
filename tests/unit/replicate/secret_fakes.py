"""Secrets Manager of several regions in memory, each for itself: replication is asked for, and carried out by nobody."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import ClientError, EndpointConnectionError

from landbridge.model.region import Region

MADE = datetime(2026, 1, 5, tzinfo=UTC)


@dataclass
class FakeSecrets:
    """One region's; a version is its value and the stages it is at. `copied` are the regions it says a secret is copied to."""

    out: bool = False
    secrets: dict[str, dict[str, tuple[str, list[str]]]] = field(default_factory=dict)
    asked: list[tuple[str, Any]] = field(default_factory=list)
    copied: dict[str, list[str]] = field(default_factory=dict)
    primary: dict[str, str] = field(default_factory=dict)  # of copies, where they come from
    rotated: set[str] = field(default_factory=set)

    def describe_secret(self, *, SecretId: str) -> dict[str, Any]:  # noqa: N803 - the API's own name
        """Its versions."""
        versions = {version: stages for version, (_, stages) in self._secret(SecretId).items() if stages}
        told = {"Name": SecretId, "ARN": f"arn:{SecretId}", "LastChangedDate": MADE, "VersionIdsToStages": versions}
        primary = {"PrimaryRegion": self.primary[SecretId]} if SecretId in self.primary else {}
        rotated = {"RotationEnabled": SecretId in self.rotated}
        return {**told, "ReplicationStatus": [{"Region": to} for to in self.copied.get(SecretId, ())], **primary, **rotated}

    def stop_replication_to_replica(self, *, SecretId: str) -> None:  # noqa: N803
        """A secret of its own from now on."""
        del self.primary[SecretId]
        self.asked.append(("promote", SecretId))

    def cancel_rotate_secret(self, *, SecretId: str) -> None:  # noqa: N803
        """Nobody changes it by itself from now on."""
        self.rotated.discard(SecretId)
        self.asked.append(("unrotate", SecretId))

    def list_secrets(self) -> dict[str, Any]:
        """By name."""
        return {"SecretList": [{"Name": name} for name in self.secrets]}

    def get_secret_value(self, *, SecretId: str, VersionId: str) -> dict[str, Any]:  # noqa: N803
        """One version."""
        return {"Name": SecretId, "VersionId": VersionId, "SecretString": self._secret(SecretId)[VersionId][0]}

    def create_secret(self, *, Name: str, Description: str, SecretString: str) -> None:  # noqa: N803
        """With a version id of its own."""
        assert Name not in self.secrets
        self.secrets[Name] = {"own": (SecretString, ["AWSCURRENT"])}

    def put_secret_value(
        self,
        *,
        SecretId: str,  # noqa: N803
        SecretString: str,  # noqa: N803
        ClientRequestToken: str,  # noqa: N803
        VersionStages: list[str],  # noqa: N803
    ) -> None:
        """A stage leaves the version it was at; who becomes current is pending no more."""
        leaves = {*VersionStages, *(("AWSPENDING",) if "AWSCURRENT" in VersionStages and ClientRequestToken else ())}
        kept = {
            version: (value, [stage for stage in stages if stage not in leaves])
            for version, (value, stages) in self._secret(SecretId).items()
        }
        self.secrets[SecretId] = {**kept, ClientRequestToken: (SecretString, VersionStages)}

    def delete_secret(self, *, SecretId: str, ForceDeleteWithoutRecovery: bool) -> None:  # noqa: N803
        """At once."""
        assert ForceDeleteWithoutRecovery
        del self.secrets[SecretId]

    def replicate_secret_to_regions(self, *, SecretId: str, AddReplicaRegions: list[Any]) -> None:  # noqa: N803
        """Noted, and told from now on."""
        self.copied[SecretId] = [each["Region"] for each in AddReplicaRegions]
        self.asked.append(("to", (SecretId, AddReplicaRegions)))

    def remove_regions_from_replication(self, *, SecretId: str, RemoveReplicaRegions: list[str]) -> None:  # noqa: N803
        """Noted."""
        self.asked.append(("off", (SecretId, RemoveReplicaRegions)))

    def _secret(self, name: str) -> dict[str, tuple[str, list[str]]]:
        if self.out:
            raise EndpointConnectionError(endpoint_url="http://out")
        if name not in self.secrets:
            raise ClientError({"Error": {"Code": "ResourceNotFoundException"}}, "call")
        return self.secrets[name]


@dataclass
class FakeRegions:
    """Stands for the clients of all of them."""

    regions: dict[Region, FakeSecrets]

    def client(self, _service: str, region: Region) -> FakeSecrets:
        """The region's own."""
        return self.regions[region]
