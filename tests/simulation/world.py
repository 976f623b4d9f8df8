"""Two regions and a journal as they really behave: linearizable tables, a global table between them, clocks that differ."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

from landbridge.migrate.record import Record
from landbridge.model.errors import Overtaken, Unreachable
from landbridge.model.pen import Domain, Epoch, Pen, PenSet, PenState, fence_of
from landbridge.model.region import Region
from landbridge.model.state import StateItem, is_reserved
from landbridge.workloads.trading.ports import Answer, Closed, Committed, Conflict, Outcome, Rules, Stale, Unknown, Write
from landbridge.workloads.trading.writing import Routes, accept
from tests.simulation.history import Commit, History, Key
from tests.simulation.kernel import Kernel, Odds

FENCES = 3
SOURCE, TARGET = Region("us-east-1"), Region("eu-central-1")


@dataclass
class Tables:
    """One region's tables. `stamped` is what last-writer-wins goes by: this region's clock, or the other's."""

    region: Region
    skew: float
    pens: dict[int | None, Pen] = field(default_factory=dict)
    receipts: list[tuple[float, StateItem]] = field(default_factory=list)
    items: dict[Key, StateItem] = field(default_factory=dict)
    stamped: dict[Key, tuple[float, str]] = field(default_factory=dict)
    last_stamp: float = 0.0


@dataclass
class Bugs:
    """Planted one at a time, to see that the checker finds each."""

    fence_skipped: bool = False
    act_without_turn: bool = False
    master_only: bool = False


@dataclass
class World:
    """Everything outside the engine."""

    kernel: Kernel
    history: History
    odds: Odds
    skews: Mapping[Region, float]
    lag: float
    bugs: Bugs = field(default_factory=Bugs)
    journal: list[Record] = field(default_factory=list)
    on_record: Callable[[Record], None] = lambda _record: None
    sides: dict[Region, Tables] = field(init=False)

    def __post_init__(self) -> None:
        self.sides = {region: Tables(region, skew) for region, skew in self.skews.items()}
        source = Pen(PenState.OPEN, Epoch(1), 0, 0.0)
        self.sides[SOURCE].pens = dict.fromkeys([None, *range(FENCES)], source)
        self.sides[TARGET].pens = dict.fromkeys([None, *range(FENCES)], replace(source, state=PenState.CLOSED, epoch=Epoch(0)))

    def other(self, region: Region) -> Region:
        """The other side."""
        return TARGET if region == SOURCE else SOURCE

    def store_item(self, side: Tables, item: StateItem) -> None:
        """A local write: stamped by the local clock, carried to the other side with its lag."""
        stamp = max(self.kernel.now + side.skew, side.last_stamp + 1e-6)
        side.last_stamp = stamp
        side.items[item.key], side.stamped[item.key] = item, (stamp, side.region)
        there, arrives = self.sides[self.other(side.region)], self.kernel.now + self.kernel.chance.expovariate(1 / self.lag)
        self.kernel.at(arrives, lambda: self._arrive(there, item, (stamp, side.region)))

    def _arrive(self, side: Tables, item: StateItem, stamp: tuple[float, str]) -> None:
        if stamp > side.stamped.get(item.key, (0.0, "")):
            side.items[item.key], side.stamped[item.key] = item, stamp

    def commit(self, side: Tables, item: StateItem, bucket: int, at: float) -> Outcome:
        """One transaction at one instant."""
        fence = side.pens[bucket]
        if not self.bugs.fence_skipped and (fence.state is PenState.CLOSED or fence.epoch != item.epoch):
            return Closed()
        standing = side.items.get(item.key)
        if standing and (standing.version >= item.version or standing.epoch > item.epoch):
            return Stale(standing)
        side.receipts.append((at, item))
        self.store_item(side, item)
        if not is_reserved(item.user):
            self.history.commits.append(Commit(self.kernel.now, side.region, item.epoch, item.key, item.version, item.write_id))
        self.history.note(self.kernel.now, side.region, f"commits {item.key} v{item.version} epoch {item.epoch}")
        return Committed(item)

    def act(self, side: Tables, fence: int | None, state: PenState, turn: int, epoch: Epoch | None, *, closed_only: bool) -> Pen:
        """One conditional update of a pen or fence at one instant; gives what stands afterwards."""
        pen = side.pens[fence]
        late = pen.turn >= turn and not self.bugs.act_without_turn
        if late or (closed_only and pen.state is PenState.OPEN):
            return pen
        side.pens[fence] = Pen(state, pen.epoch if epoch is None else epoch, turn, self.kernel.now)
        which = "master" if fence is None else str(fence)
        self.history.note(self.kernel.now, side.region, f"pen {which} {state} turn {turn} epoch {epoch}")
        return side.pens[fence]


@dataclass
class SimJournal:
    """A linearizable chain reached over wires that fail."""

    world: World
    chain: str = "simulated"

    def after(self, number: int) -> list[Record]:
        """Every record above this number."""
        return self.world.kernel.call(lambda: self.world.journal[number:], replace(self.world.odds, late=0, twice=0))

    def put(self, record: Record) -> bool:
        """Write the record if its number is free."""
        return self.world.kernel.call(lambda: self._put(record), self.world.odds)

    def _put(self, record: Record) -> bool:
        if record.number != len(self.world.journal) + 1:
            return False
        self.world.journal.append(record)
        line = f"{record.number} {record.who} {record.kind} {record.step} {record.why}"
        self.world.history.note(self.world.kernel.now, "journal", line)
        self.world.on_record(record)
        return True


@dataclass
class SimPens:
    """The engine's hand on the pens: one call an item, as in DynamoDB."""

    world: World

    def read(self, region: Region, domain: Domain) -> PenSet:
        """One consistent read."""
        del domain
        side = self.world.sides[region]
        return self.world.kernel.call(
            lambda: PenSet(side.pens[None], tuple(side.pens[n] for n in range(FENCES))), self.world.odds
        )

    def close(self, region: Region, domain: Domain, turn: int) -> None:
        """Master, then fences."""
        self._all(region, domain, PenState.CLOSED, turn, None)

    def open(self, region: Region, domain: Domain, epoch: Epoch, turn: int) -> None:
        """Master, then fences."""
        self._all(region, domain, PenState.OPEN, turn, epoch)

    def bar(self, region: Region, domain: Domain, turn: int) -> bool:
        """Closed to closed with a newer turn."""
        del domain
        if self._act(region, None, PenState.CLOSED, turn, None, closed_only=True).state is PenState.OPEN:
            return False
        for fence in range(FENCES):
            self._act(region, fence, PenState.CLOSED, turn, None)
        return True

    def _all(self, region: Region, domain: Domain, state: PenState, turn: int, epoch: Epoch | None) -> None:
        fences = [] if self.world.bugs.master_only and state is PenState.CLOSED else range(FENCES)
        for fence in (None, *fences):
            pen = self._act(region, fence, state, turn, epoch)
            if pen.turn > turn or pen.state is not state:
                raise Overtaken(region, f"the {domain} pen", turn, pen.turn)

    def _act(
        self, region: Region, fence: int | None, state: PenState, turn: int, epoch: Epoch | None, *, closed_only: bool = False
    ) -> Pen:
        side = self.world.sides[region]
        return self.world.kernel.call(
            lambda: self.world.act(side, fence, state, turn, epoch, closed_only=closed_only), self.world.odds
        )


@dataclass
class SimCopies:
    """Receipts and items as the engine reads them."""

    world: World

    def receipts(self, region: Region, epoch: Epoch, since: float) -> list[StateItem]:
        """A consistent read of what was accepted in the epoch."""
        side = self.world.sides[region]
        return self.world.kernel.call(
            lambda: [item for at, item in side.receipts if item.epoch == epoch and at >= since], self.world.odds
        )

    def items(self, region: Region, keys: Iterable[Key]) -> dict[Key, StateItem]:
        """A consistent read of the region's own copy."""
        wanted, side = list(keys), self.world.sides[region]
        return self.world.kernel.call(lambda: {key: side.items[key] for key in wanted if key in side.items}, self.world.odds)

    def write_mark(self, region: Region, mark: StateItem) -> None:
        """A plain put."""
        self.world.kernel.call(lambda: self.world.store_item(self.world.sides[region], mark), self.world.odds)


@dataclass
class SimRegions:
    """Preflight's view: the clocks."""

    world: World

    def obstacles(self) -> list[str]:
        """None here."""
        return []

    def skew(self) -> timedelta:
        """What a good measurement would say."""
        one, other = self.world.skews.values()
        return timedelta(seconds=abs(one - other))


@dataclass
class LocalStore:
    """A handler's own region, reached over wires that fail; no method raises."""

    world: World
    region: Region

    def fence(self, user: str) -> Pen | None:
        """A consistent read of the user's fence."""
        side = self.world.sides[self.region]
        try:
            return self.world.kernel.call(lambda: side.pens[fence_of(user, FENCES)], self.world.odds)
        except Unreachable:
            return None

    def commit(self, item: StateItem, bucket: int, at: float) -> Outcome:
        """One transaction; its answer may be lost, and it may arrive much later."""
        side = self.world.sides[self.region]
        if self.world.kernel.chance.random() < 0.02:
            return Conflict()
        try:
            return self.world.kernel.call(lambda: self.world.commit(side, item, bucket, at), self.world.odds)
        except Unreachable as error:
            return Unknown(error.what)


@dataclass
class Api:
    """One region's write function: the product's own code, many at once."""

    world: World
    region: Region
    routes: Routes = field(init=False)
    peer: "PeerOf" = field(init=False)
    rules: Rules = field(init=False)

    def __post_init__(self) -> None:
        self.rules = Rules(self.region, FENCES)
        self.routes = Routes(LocalStore(self.world, self.region), self.rules, self.clock)

    def clock(self) -> float:
        """The region's own clock."""
        return self.world.kernel.now + self.world.skews[self.region]

    def put(self, write: Write, *, hop: bool) -> Answer:
        """What the function answers; it may freeze anywhere on the way."""
        return accept(
            write,
            hop=hop,
            store=LocalStore(self.world, self.region),
            routes=self.routes,
            peer=self.peer,
            rules=self.rules,
            clock=self.clock,
            sleep=self.world.kernel.sleep,
            chance=self.world.kernel.chance.random,
        )


@dataclass
class PeerOf:
    """The other region's function, called over a long wire; it runs on when its caller gives up."""

    api: Api

    def put(self, write: Write) -> Answer | None:
        """None = no answer in time."""
        kernel, box = self.api.world.kernel, list[Answer]()
        if kernel.chance.random() < self.api.world.odds.lost and kernel.now < kernel.quiet_from:
            kernel.sleep(3.0)
            return None
        kernel.spawn(f"hop {write.write_id}", lambda: box.append(self.api.put(write, hop=True)), after=0.045)
        for _ in range(30):
            kernel.sleep(0.1)
            if box:
                return box[0]
        return None
