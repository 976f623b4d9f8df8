"""Where AWS's names for regional APIs lead on this machine: to the region's front door."""

from collections.abc import Mapping
from dataclasses import dataclass

from landbridge.model.region import Region
from landbridge.rehearse.emulator.gateway import api_region


@dataclass(frozen=True, slots=True)
class Place:
    """A region and the address of its door."""

    region: Region
    url: str


@dataclass(frozen=True, slots=True)
class Addresses:
    """The doors, by region."""

    doors: Mapping[Region, str]

    def place(self, host: str) -> Place | None:
        """Where a regional API's host is reached, or None for a name that is no regional API of this world."""
        region = api_region(host)
        url = None if region is None else self.doors.get(region)
        return None if region is None or url is None else Place(region, url)
