"""What the payments platform's plans move besides, in memory: a queue of events, and weights seen from the other side."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from landbridge.model.errors import Unreachable
from landbridge.model.region import Region
from tests.fake_regions import FakeTraffic
from tests.fakes import SOURCE


@dataclass
class FakeEvents:
    """So many events wait; one is worked off when the world settles."""

    queued: int = 0
    aside: int = 0
    silent: bool = False
    region: Region = SOURCE

    def waiting(self) -> Mapping[str, int]:
        """By kind."""
        if self.silent:
            raise Unreachable(self.region, "GetQueueAttributes")
        return {"in the queue": self.queued, "with a function": 0}

    def set_aside(self) -> int:
        """As laid out."""
        return self.aside

    def settle(self) -> None:
        """One is worked off."""
        self.queued = max(0, self.queued - (not self.silent))


@dataclass
class OtherSide:
    """The same two records, with source and target swapped."""

    traffic: FakeTraffic
    takes_at_most: float = 1.0
    added: list[str] = field(default_factory=list)

    def percent(self) -> int | None:
        """What the target does not get."""
        share = self.traffic.percent()
        return None if share is None else 100 - share

    def send(self, percent: int) -> None:
        """The rest to the target."""
        self.traffic.send(100 - percent)

    def add_target(self) -> None:
        """The source has one always."""
        self.added.append("source")

    def remove_target(self) -> None:
        """Never asked for."""
        raise AssertionError("the source's record is nobody's to remove")
