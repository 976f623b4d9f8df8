"""The database's password as its source leaves: the target's copy becomes a secret of its own, once nobody changes it any more.

A password is changed in the source, on whichever cluster writes. So changing it ends first: after the promotion the target
would never learn of a new one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from landbridge.aws.clients import Clients, speaking
from landbridge.model.region import Pair, Region
from landbridge.replicate.secret import current, described

PENDING = "AWSPENDING"


@dataclass(frozen=True)
class SecretMember:
    """The source's hold on one secret, which AWS does not delete while it has a copy."""

    clients: Clients
    name: str
    regions: Pair[Region]

    def standing(self) -> list[str]:
        """The target's copy, and that the password is changed by itself, which goes first."""
        source, target = self.regions
        rotated = (described(self.clients, self.name, source) or {}).get("RotationEnabled", False)
        copied = (described(self.clients, self.name, target) or {}).get("PrimaryRegion", target) != target
        return [*([self._copy] if copied else []), *([self._rotation] if rotated else [])]

    def moving(self) -> list[str]:
        """A change of the password that goes on, or one that the copy does not have yet."""
        standing, (here, there) = self.standing(), self._told()
        changed = self._rotation in standing and any(map(_changing, (here, there)))
        late = self._copy in standing and here != {} and current(here) != current(there)
        return [*([f"a change of {self.name}"] if changed else []), *([f"the newest version of {self.name}"] if late else [])]

    def broken(self) -> list[str]:
        """What would leave the target without the password that the database takes."""
        standing, target, (here, there) = self.standing(), self.regions.target, self._told()
        if not there:
            return [f"{target} has no copy of {self.name}: the password would go with the source; copy it first"]
        if self._copy not in standing and here and current(here) != current(there):
            return [f"{target} has another {self.name} than the source: see which password the database takes"]
        if self._rotation not in standing and any(map(_changing, (here, there))):
            return [f"a change of {self.name} ended half-way: see which password the database takes, then take {PENDING} off"]
        return []

    def remove(self, thing: str) -> None:
        """Once each; the next look tells whether it is so."""
        if thing == self._rotation:
            self._act(self.regions.source, "cancel_rotate_secret")
        elif thing in self.standing():
            self._act(self.regions.target, "stop_replication_to_replica")

    @property
    def _rotation(self) -> str:
        return f"the rotation of {self.name} in {self.regions.source}"

    @property
    def _copy(self) -> str:
        return f"the copying of {self.name} to {self.regions.target}"

    def _told(self) -> Pair[Mapping[str, Any]]:
        return self.regions.map(lambda region: described(self.clients, self.name, region) or {})

    def _act(self, region: Region, operation: str) -> None:
        with speaking(region, f"{operation} {self.name}"):
            getattr(self.clients.client("secretsmanager", region), operation)(SecretId=self.name)


def _changing(told: Mapping[str, Any]) -> bool:
    """Where it is over, the pending version is the current one."""
    pending = {version for version, stages in told.get("VersionIdsToStages", {}).items() if PENDING in stages}
    return bool(pending - {current(told)})
