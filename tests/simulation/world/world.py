"""Everything outside the engine, in one hand."""

from collections.abc import Callable
from dataclasses import dataclass, field

from landbridge.migrate.record import Record
from landbridge.model.market import Stream
from landbridge.model.region import Region
from tests.simulation.world.commits import Commits
from tests.simulation.world.database import Database
from tests.simulation.world.feeds import Ingest
from tests.simulation.world.mappings import Mappings
from tests.simulation.world.place import SIDES, SOURCE, Place
from tests.simulation.world.streams import Streams
from tests.simulation.world.tables import GlobalTable, PensTable

FEEDS = ("feed-a", "feed-b")


@dataclass
class World:
    """The stores of both regions, the journal's chain, and how far the whole way is."""

    place: Place
    legs: int = 1
    legs_done: int = 0  # how many plans of the way have come to their end, or were left on it
    left: int = 0
    chain: list[Record] = field(default_factory=list)
    written: list[float] = field(default_factory=list)  # when each record of it was
    on_record: Callable[[Record], None] = lambda _record: None
    passed: dict[tuple[Region, str, str, str], int] = field(default_factory=dict)  # at, stream, origin, shard: newest turn

    def __post_init__(self) -> None:
        self.table = GlobalTable(self.place)
        self.pens = {side: PensTable(self.place, side) for side in SIDES}
        self.commits = Commits(self.place, self.table, self.pens)
        self.streams = Streams(self.place)
        self.database = Database(self.place)
        self.ingest = Ingest(self.place, FEEDS)
        self.mappings: Mappings
        self.weights: dict[Region, int] = {SOURCE: 100}

    def leave(self) -> None:
        """A plan is left on its way, and the one that leads back begins."""
        self.left += 1
        self.legs_done += 1
        self.legs = max(self.legs, self.legs_done + 1)

    def stands(self) -> dict[str, object]:
        """What an abort must put back: who holds what, who reads, who writes, where feeds and readers are sent."""
        pens = {
            f"{domain} pen {'' if which is None else which} of {side}": f"{pen.state} in epoch {pen.epoch}"
            for side in SIDES
            for (domain, which), pen in self.pens[side].pens.items()
        }
        rest: dict[str, object] = {
            "the fence row's holder": self.database.rows[self.database.writer].fence.holder,
            "the database's writer": self.database.writer,
            "who reads a live stream": [side for side in SIDES if self.mappings.turn(side, Stream.LIVE) is not None],
        }
        for side in SIDES:
            rest[f"the ingest address of {side}"] = self.ingest.address[side]
            rest[f"the share of reads of {side}"] = self.weights.get(side)
        return pens | rest

    @property
    def over(self) -> bool:
        """Whether the whole way is done, or all is quiet: users and feeds come to an end."""
        return self.legs_done >= self.legs or self.place.now > self.place.kernel.quiet_from
