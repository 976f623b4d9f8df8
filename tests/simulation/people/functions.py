"""Functions without users: the market's transform behind its mappings, and the workers that apply commands."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from landbridge.model.command import CommandItem
from landbridge.model.errors import Unreachable
from landbridge.model.market import EndMarker, Entry, Stream, Tick
from landbridge.model.pen import Domain, Epoch, Pen, PenState
from landbridge.model.region import Region
from landbridge.workloads.trading.effects import Applied, Effect, NotHolder, OutOfOrder, sweep
from landbridge.workloads.trading.market import Batch, Placed, transform
from landbridge.workloads.trading.ports import Unknown
from tests.simulation.kernel import START
from tests.simulation.world.streams import Record
from tests.simulation.world.world import World

PACE = 1.5  # seconds between two rounds of a worker
LAST_ROUNDS = 20


def _pen(world: World, region: Region, domain: Domain) -> Pen:
    return world.place.call(region, lambda: world.pens[region].pens[domain, None])


@dataclass
class Analytics:
    """The region's own copy of the analytics table."""

    world: World
    region: Region

    def put(self, found: Sequence[Placed], epoch: Epoch) -> None:
        """Two writes a tick in the region, over a wire that fails between any of them."""
        for _, tick in found:
            assert isinstance(tick, Tick), "the feeds of this world send no rubbish"
            self.world.place.pause("transform")
            self.world.place.call(self.region, partial(self.world.commits.tick, self.region, tick, epoch))


@dataclass
class Passed:
    """What the region's transform has noted."""

    world: World
    region: Region

    def turn(self, stream: Stream, origin: str, shard: str) -> int:
        """A consistent read."""
        return self.world.place.call(self.region, lambda: self.world.passed.get((self.region, stream, origin, shard), 0))

    def note(self, stream: Stream, marker: EndMarker) -> None:
        """Never back to an older turn."""
        self.world.place.call(self.region, lambda: self._note((self.region, stream, marker.region, marker.shard), marker.turn))

    def _note(self, key: tuple[Region, str, str, str], turn: int) -> None:
        self.world.passed[key] = max(turn, self.world.passed.get(key, 0))
        self.world.place.note(self.region, f"transform passed the end of {key[2]} shard {key[3]}, turn {turn}")


@dataclass
class Transform:
    """The function behind every mapping: reads the pen, then lets the product decide."""

    world: World

    def __call__(self, region: Region, stream: Stream, shard: int, records: Sequence[Record]) -> int | None:
        """The number of the first record to be given again. One that stands still may be believed dead and given up."""
        place = self.world.place
        if place.pauses.get("transform") and place.kernel.chance.random() < 0.5:
            place.kernel.spawn(f"transform given up in {region}", lambda: self._process(region, stream, shard, records))
        return self._process(region, stream, shard, records)

    def _process(self, region: Region, stream: Stream, shard: int, records: Sequence[Record]) -> int | None:
        bugs = self.world.place.bugs
        try:
            pen = _pen(self.world, region, Domain.MARKET)
        except Unreachable:
            return 0
        if bugs.both_transform:
            pen = replace(pen, state=PenState.OPEN)
        entries = [(str(number), _placed(record) if bugs.by_position else record.entry) for number, record in enumerate(records)]
        batch = Batch(stream, records[0].origin, str(shard), entries)
        failed = transform(
            batch, region=region, pen=pen, analytics=Analytics(self.world, region), passed=Passed(self.world, region)
        )
        return None if failed is None else int(failed)


def _placed(record: Record) -> Entry:
    """The entry under the place where it lies instead of its own name."""
    tick = record.entry
    return replace(tick, sequence=int(1000 * (record.at - START))) if isinstance(tick, Tick) else tick


@dataclass
class Copy:
    """The region's own copy of the commands."""

    world: World
    region: Region

    def heads(self) -> Mapping[str, int]:
        """As far as they have arrived."""
        table = self.world.table
        try:
            return self.world.place.call(
                self.region, lambda: {key[1]: head for key, (head, _) in table.of(self.region, "head").items()}
            )
        except Unreachable:
            return {}

    def command(self, user: str, number: int) -> CommandItem | None:
        """None = it has not arrived yet."""
        try:
            item: CommandItem | None = self.world.place.call(self.region, lambda: self._command(user, number))
        except Unreachable:
            return None
        return item

    def _command(self, user: str, number: int) -> CommandItem | None:
        item: CommandItem | None = self.world.table.get(self.region, ("command", user, str(number)))
        foreign = self.world.place.bugs.regional_queue and item and item not in self._own()
        return None if foreign else item

    def _own(self) -> list[CommandItem]:
        return [item for _, item in self.world.pens[self.region].receipts[Domain.COMMANDS]]


@dataclass
class Writer:
    """The database's writer as a region's worker reaches it."""

    world: World
    region: Region

    def applied(self) -> Mapping[str, int] | None:
        """None = it does not answer."""
        try:
            return self.world.database.transact(
                self.region, lambda rows: {user: number for user, (number, _) in rows.applied.items()}
            )
        except Unreachable:
            return None

    def apply(self, item: CommandItem, holder: str, epoch: Epoch) -> Effect:
        """One transaction."""
        self.world.place.pause("worker")
        database = self.world.database
        try:
            said = database.transact(self.region, lambda _rows: database.apply(item, Region(holder), epoch))
        except Unreachable as silent:
            return Unknown(silent.what)
        said_of: dict[str, Effect] = {"applied": Applied(), "not holder": NotHolder(), "out of order": OutOfOrder()}
        return said_of[said]


def work(world: World, region: Region, over: Callable[[], bool]) -> None:
    """A region's worker: a round every now and then, and a few when nobody writes any more."""
    rounds = LAST_ROUNDS
    while rounds:
        rounds -= over()
        world.place.kernel.sleep(world.place.kernel.chance.uniform(0.5, 1.5) * PACE)
        try:
            pen = _pen(world, region, Domain.EFFECTS)
        except Unreachable:
            continue
        sweep(region=region, pen=pen, copy=Copy(world, region), database=Writer(world, region))
