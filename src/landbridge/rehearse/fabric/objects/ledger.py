"""What became of each version's copy, in S3's words, and which version at the other side is its copy."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from landbridge.model.region import Region

Where = tuple[Region, str, str]  # region, bucket, key


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

    @property
    def where(self) -> Where:
        """Its key."""
        return self.region, self.bucket, self.key


@dataclass
class Ledger:
    """Everything that was ever to be copied; a version nobody speaks of has no status."""

    statuses: dict[Place, Status] = field(default_factory=dict)
    twins: dict[Place, Place] = field(default_factory=dict)  # both ways
    arriving: set[Where] = field(default_factory=set)  # a copy that may lie there is not known as one yet
    _markers: dict[Where, dict[Place, bool]] = field(default_factory=dict)  # what was copied of a key, in order

    def copied(self, source: Place, replica: Place, *, marker: bool) -> None:
        """The replica takes the place of one there was before."""
        self._markers.setdefault(source.where, {})[source] = marker
        old = self.twins.pop(source, None)
        if old is not None:
            self.forget(old)
        self.twins[source], self.twins[replica] = replica, source
        self.statuses[source], self.statuses[replica] = Status.COMPLETED, Status.REPLICA

    def since(self, where: Where, known: Iterable[Place]) -> list[tuple[Place, bool]]:
        """What of a key was copied and is not known yet, with whether it is a marker."""
        old = set(known)
        return [each for each in self._markers.get(where, {}).items() if each[0] not in old and each[0] in self.twins]

    def forget(self, place: Place) -> None:
        """It is gone."""
        self.statuses.pop(place, None)
        self.twins.pop(place, None)

    def status(self, place: Place) -> Status | None:
        """None = no rule covered it when it came."""
        return self.statuses.get(place)
