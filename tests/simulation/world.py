"""Two regions and a journal as they really behave: linearizable tables, a global table between them, clocks that differ.

A place can be out and the link between the regions can be down: then what is sent is not executed, and what is to be
copied waits.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from landbridge.migrate.record import Record
from landbridge.model.pen import Epoch, Pen, PenState
from landbridge.model.region import Region
from landbridge.model.state import StateItem, is_reserved
from landbridge.workloads.trading.ports import Closed, Committed
from landbridge.workloads.trading.state import Outcome, Stale
from tests.simulation.history import Commit, History, Key, PenChange
from tests.simulation.kernel import Kernel, Odds

FENCES = 3
SOURCE, TARGET = Region("us-east-1"), Region("eu-central-1")
JOURNAL = Region("eu-west-1")
COPY_AGAIN_SECONDS = 0.5

T = TypeVar("T")


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
    out: set[Region] = field(default_factory=set)
    link_down: bool = False
    legs: int = 1
    legs_done: int = 0  # how many plans of the way have come to their end
    on_record: Callable[[Record], None] = lambda _record: None
    sides: dict[Region, Tables] = field(init=False)

    def __post_init__(self) -> None:
        self.sides = {region: Tables(region, skew) for region, skew in self.skews.items()}
        source = Pen(PenState.OPEN, Epoch(1), 0, 0.0)
        for which in ("master", *map(str, range(FENCES))):
            self.history.pens.append(PenChange(self.kernel.now, SOURCE, which, is_open=True))
        self.sides[SOURCE].pens = dict.fromkeys([None, *range(FENCES)], source)
        self.sides[TARGET].pens = dict.fromkeys([None, *range(FENCES)], replace(source, state=PenState.CLOSED, epoch=Epoch(0)))

    @property
    def moved(self) -> bool:
        """Whether the pen is where the whole way was to take it."""
        return self.legs_done >= self.legs

    def other(self, region: Region) -> Region:
        """The other side."""
        return TARGET if region == SOURCE else SOURCE

    def call(self, place: Region, execute: Callable[[], T], odds: Odds | None = None) -> T:
        """A request to a place; nothing is executed there while it is out."""
        return self.kernel.call(execute, odds or self.odds, is_up=lambda: place not in self.out)

    def store_item(self, side: Tables, item: StateItem) -> None:
        """A local write: stamped by the local clock, carried to the other side with its lag."""
        stamp = max(self.kernel.now + side.skew, side.last_stamp + 1e-6)
        side.last_stamp = stamp
        side.items[item.key], side.stamped[item.key] = item, (stamp, side.region)
        there, arrives = self.sides[self.other(side.region)], self.kernel.now + self.kernel.chance.expovariate(1 / self.lag)
        self.kernel.at(arrives, lambda: self._arrive(there, item, (stamp, side.region)))

    def _arrive(self, side: Tables, item: StateItem, stamp: tuple[float, str]) -> None:
        if self.link_down or self.out & {SOURCE, TARGET}:
            self.kernel.at(self.kernel.now + COPY_AGAIN_SECONDS, lambda: self._arrive(side, item, stamp))
        elif stamp > side.stamped.get(item.key, (0.0, "")):
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
        self.history.pens.append(PenChange(self.kernel.now, side.region, which, state is PenState.OPEN))
        return side.pens[fence]
