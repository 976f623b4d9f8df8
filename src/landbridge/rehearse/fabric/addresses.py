"""Where AWS's names lead on this machine: a regional API's to the region's front door, others to who plays what they name."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from landbridge.model.region import Region
from landbridge.rehearse.emulator.gateway import api_region


@dataclass(frozen=True, slots=True)
class Place:
    """A region and the address of its door."""

    region: Region
    url: str


@dataclass(frozen=True, slots=True)
class Addresses:
    """The doors, by region; `played` is filled by who plays what a region has besides APIs."""

    doors: Mapping[Region, str]
    played: dict[str, Place] = field(default_factory=dict)

    def place(self, host: str) -> Place | None:
        """Where a host is reached, or None for a name that is not of this world."""
        if found := self.played.get(host):
            return found
        region = api_region(host)
        url = None if region is None else self.doors.get(region)
        return None if region is None or url is None else Place(region, url)
