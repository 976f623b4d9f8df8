"""Where everything lies: two regions and a journal's, the link between them, clocks that differ, and what is out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from landbridge.model.region import Region
from tests.simulation.history import History
from tests.simulation.kernel import Kernel, Odds

SOURCE, TARGET = Region("us-east-1"), Region("eu-central-1")
JOURNAL = Region("eu-west-1")
SIDES = (SOURCE, TARGET)
FENCES = 3
TIMEOUT = 2.0

T = TypeVar("T")


@dataclass
class Bugs:
    """Planted one at a time, to see that the checker finds each."""

    fence_skipped: bool = False
    act_without_turn: bool = False
    master_only: bool = False
    both_transform: bool = False  # each region's transform reads, and asks no pen
    into_live: bool = False  # the replicator puts into the other side's live stream
    by_position: bool = False  # a tick is told by where it lies in a stream
    newest_blindly: bool = False  # a symbol's newest value is written without a look at its sequence
    regional_queue: bool = False  # a worker sees only what its own region accepted
    deletes: bool = False  # a delete takes the item away
    forwarded_again: bool = False  # a forwarded write is forwarded once more


@dataclass
class Place:
    """Time, chance and what is out: what every part of the world needs."""

    kernel: Kernel
    history: History
    odds: Odds
    skews: Mapping[Region, float]
    lag: float
    bugs: Bugs = field(default_factory=Bugs)
    out: set[Region] = field(default_factory=set)
    stalled: set[Region] = field(default_factory=set)  # whose replicator does not move
    link_down: bool = False
    pauses: dict[str, list[float]] = field(default_factory=dict)  # how long the next functions of a kind stand still
    _parted: list[Callable[[], None]] = field(default_factory=list)

    @property
    def now(self) -> float:
        """The one true time."""
        return self.kernel.now

    def clock(self, region: Region) -> float:
        """The region's own clock."""
        return self.kernel.now + self.skews[region]

    def other(self, region: Region) -> Region:
        """The other side."""
        return TARGET if region == SOURCE else SOURCE

    def note(self, who: str, what: str) -> None:
        """A line of the story."""
        self.history.note(self.kernel.now, who, what)

    def chance(self, share: float) -> bool:
        """Whether what happens so often happens now; never once all is quiet."""
        return self.kernel.chance.random() < share and self.kernel.now < self.kernel.quiet_from

    def pause(self, which: str) -> None:
        """The running function stands still here, if it is its turn."""
        if waiting := self.pauses.get(which):
            self.kernel.running.frozen_until = self.now + waiting.pop()
            self.kernel.sleep(0.0)

    @property
    def connected(self) -> bool:
        """Whether anything travels between the sides."""
        return not (self.link_down or self.out & {SOURCE, TARGET})

    def call(self, place: Region, execute: Callable[[], T], odds: Odds | None = None) -> T:
        """A request to a place; nothing is executed there while it is out."""
        return self.kernel.call(execute, odds or self.odds, timeout=TIMEOUT, is_up=lambda: place not in self.out)

    def unfenced(self, place: Region, execute: Callable[[], T], lasts: float) -> T:
        """The same for what nothing can fence: never sent twice, and it arrives within so many seconds or never."""
        return self.call(place, execute, replace(self.odds, twice=0.0, latest=lasts - TIMEOUT - 0.1))

    def carry(self, what: Callable[[], None], lag: float | None = None) -> None:
        """Something travels to the other side; while the sides are parted it waits."""
        self.kernel.at(self.now + self.kernel.chance.expovariate(1 / (lag or self.lag)), lambda: self._arrive(what))

    def _arrive(self, what: Callable[[], None]) -> None:
        if self.connected:
            what()
        else:
            self._parted.append(what)

    def mended(self) -> None:
        """What waited for the link travels on, each at its own pace."""
        if self.connected:
            waiting, self._parted = self._parted, []
            for what in waiting:
                self.carry(what, 0.3)
