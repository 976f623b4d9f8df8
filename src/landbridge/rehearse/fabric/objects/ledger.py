"""What became of each version's copy, in S3's words, and which version at the other side is its copy."""

from dataclasses import dataclass, field
from enum import StrEnum

from landbridge.model.region import Region


class Status(StrEnum):
    """As `x-amz-replication-status` says it."""

    PENDING = "PENDING"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"
    REPLICA = "REPLICA"


@dataclass(frozen=True, slots=True)
class Place:
    """One version of a key, or a delete marker."""

    region: Region
    bucket: str
    key: str
    version: str


@dataclass
class Ledger:
    """Everything that was ever to be copied; a version nobody speaks of has no status."""

    statuses: dict[Place, Status] = field(default_factory=dict)
    twins: dict[Place, Place] = field(default_factory=dict)  # both ways

    def copied(self, source: Place, replica: Place) -> None:
        """The replica takes the place of one there was before."""
        old = self.twins.pop(source, None)
        if old is not None:
            self.forget(old)
        self.twins[source], self.twins[replica] = replica, source
        self.statuses[source], self.statuses[replica] = Status.COMPLETED, Status.REPLICA

    def forget(self, place: Place) -> None:
        """It is gone."""
        self.statuses.pop(place, None)
        self.twins.pop(place, None)

    def status(self, place: Place) -> Status | None:
        """None = no rule covered it when it came."""
        return self.statuses.get(place)
