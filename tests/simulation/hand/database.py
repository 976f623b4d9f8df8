"""The engine's hand on the database: who writes, and the switchover, which nothing can fence."""

from dataclasses import dataclass

from landbridge.model.region import Region
from tests.simulation.hand.market import LASTS
from tests.simulation.world.place import JOURNAL
from tests.simulation.world.world import World


@dataclass
class SimDatabase:
    """The global database's control plane; it answers from outside both regions."""

    world: World
    takes_at_most: float = LASTS

    def writer(self) -> Region | None:
        """None while it is being switched."""
        database = self.world.database
        return self.world.place.call(JOURNAL, lambda: None if database.switching else database.writer)

    def switch(self, to: Region) -> None:
        """Begin a planned switchover."""
        self.world.place.unfenced(JOURNAL, lambda: self.world.database.switch(to), LASTS)
