"""Two regions' stores in memory, a clock that only sleeping moves, and the line between the regions."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from landbridge.model.pen import Epoch, Pen, PenState
from landbridge.model.state import StateItem, receipt
from landbridge.workloads.trading.ports import Answer, Asked, Closed, Committed, Rules, Unknown
from landbridge.workloads.trading.state import Outcome, Stale, Write
from landbridge.workloads.trading.writing import Routes, accept

S = TypeVar("S", bound="MemoryFences")


@dataclass
class Time:
    """Passes only when somebody sleeps; things may be set to happen meanwhile."""

    now: float = 1000.0
    events: list[tuple[float, Callable[[], None]]] = field(default_factory=list)

    def clock(self) -> float:
        """What time it is."""
        return self.now

    def sleep(self, seconds: float) -> None:
        """Moves on, and lets happen what was due."""
        self.now += seconds
        due = [event for event in self.events if event[0] <= self.now]
        self.events = [event for event in self.events if event[0] > self.now]
        for _, happen in due:
            happen()

    def later(self, seconds: float, happen: Callable[[], None]) -> None:
        """Sets something to happen."""
        self.events.append((self.now + seconds, happen))


@dataclass
class MemoryFences:
    """A region's one fence, and how often it was looked at."""

    pen: Pen | None = None
    looks: int = 0

    def set(self, state: PenState, epoch: int) -> None:
        """Puts the fence there."""
        self.pen = Pen(state, Epoch(epoch), 1, 0.0)

    def lets(self, epoch: Epoch) -> bool:
        """Whether it stands open in this epoch."""
        return self.pen is not None and self.pen.state is PenState.OPEN and self.pen.epoch == epoch

    def fence(self, user: str) -> Pen | None:
        """The one fence."""
        self.looks += 1
        return self.pen


@dataclass
class MemoryStore(MemoryFences):
    """A region's tables with the same conditions as the real ones; `answers` are outcomes it will give first."""

    items: dict[tuple[str, str], StateItem] = field(default_factory=dict)
    receipts: list[dict[str, object]] = field(default_factory=list)
    answers: list[Outcome] = field(default_factory=list)
    lost_answers: int = 0  # so many commits happen and their answer is lost

    def commit(self, item: StateItem, bucket: int, at: float) -> Outcome:
        """All or nothing."""
        if self.answers:
            return self.answers.pop(0)
        if not self.lets(item.epoch):
            return Closed()
        standing = self.items.get(item.key)
        if standing and not (standing.version < item.version and standing.epoch <= item.epoch):
            return Stale(standing)
        self.items[item.key] = item
        self.receipts.append(receipt(item, bucket, at))
        if self.lost_answers:
            self.lost_answers -= 1
            return Unknown("Lost")
        return Committed(item)


@dataclass
class Region(Generic[S]):
    """One side: its store, its idea of the fences, and the line to the other side."""

    name: str
    time: Time
    store: S
    other: "Region[S] | None" = None
    line_up: bool = True
    canned: list[Answer | None] = field(default_factory=list)
    forwarded: int = 0

    def __post_init__(self) -> None:
        self.rules = Rules(region=self.name, fences=1)
        self.routes = Routes(self.store, self.rules, self.time.clock)

    def write(self, write: "Asked[S, Region[S]]", *, hop: bool = False) -> Answer:
        """What this side's API answers."""
        return accept(
            write,
            hop=hop,
            store=self.store,
            routes=self.routes,
            peer=self,
            rules=self.rules,
            clock=self.time.clock,
            sleep=self.time.sleep,
            chance=lambda: 0.5,
        )

    def put(self, write: "Asked[S, Region[S]]") -> Answer | None:
        """The other side, as this one reaches it."""
        self.forwarded += 1
        if self.canned:
            return self.canned.pop(0)
        return self.other.write(write, hop=True) if self.other and self.line_up else None

    send = put


def two_sides(store: Callable[[], S]) -> tuple[Region[S], Region[S]]:
    """A source that is open in epoch 1 and a target that is closed, each the other's peer."""
    time = Time()
    source, target = Region("source", time, store()), Region("target", time, store())
    source.other, target.other = target, source
    source.store.set(PenState.OPEN, 1)
    target.store.set(PenState.CLOSED, 1)
    return source, target


def two_regions() -> tuple[Region[MemoryStore], Region[MemoryStore]]:
    """Two sides that keep dashboard state."""
    return two_sides(MemoryStore)


def a_write(version: int = 1, write_id: str = "a") -> Write:
    """A write of one user's one view."""
    return Write("user", "view", version, write_id, f"value {version}")
