"""What the feeds go by: the ingest addresses, the rights to put, and what each feed has confirmed."""

from dataclasses import dataclass, field

from landbridge.model.region import Region
from tests.simulation.world.place import SIDES, SOURCE, Place

LATE_RIGHT = 5.0  # seconds until a right that was given or taken takes effect


@dataclass
class Ingest:
    """A parameter on each side, a policy on each stream, and the feeds' own word."""

    place: Place
    feeds: tuple[str, ...]
    address: dict[Region, Region] = field(default_factory=lambda: dict.fromkeys(SIDES, SOURCE))
    may_put: dict[Region, bool] = field(default_factory=lambda: dict.fromkeys(SIDES, True))
    in_effect: dict[Region, bool] = field(default_factory=lambda: dict.fromkeys(SIDES, True))
    confirmed: dict[str, tuple[int, Region]] = field(default_factory=dict)

    def point(self, side: Region, to: Region) -> None:
        """Where the side's parameter sends the feeds."""
        self.address[side] = to
        self.place.note(side, f"ingest address is {to}")

    def forget(self, side: Region) -> None:
        """The side's parameter is gone."""
        self.address.pop(side, None)
        self.place.note(side, "ingest address is gone")

    def allow(self, region: Region, *, put: bool) -> None:
        """A right given or taken, in effect a little later."""
        self.may_put[region] = put
        self.place.note(region, f"feeds may {'' if put else 'not '}put here")
        late = self.place.kernel.chance.uniform(0, LATE_RIGHT)
        self.place.kernel.at(self.place.now + late, lambda: self._take_effect(region))

    def _take_effect(self, region: Region) -> None:
        self.in_effect[region] = self.may_put[region]

    def confirm(self, feed: str, count: int, region: Region) -> None:
        """A feed's word that all it puts goes there, and nothing of it is under way elsewhere; the newest word counts."""
        if count > self.confirmed.get(feed, (0, region))[0]:
            self.confirmed[feed] = (count, region)
            self.place.note(feed, f"confirms {region}")
