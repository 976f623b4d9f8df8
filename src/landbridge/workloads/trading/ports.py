"""What accepting and reading dashboard state need from the world, and the words they share with it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from landbridge.model.pen import Epoch, Pen
from landbridge.model.state import StateItem

Clock = Callable[[], float]
Sleep = Callable[[float], None]
Chance = Callable[[], float]  # a number from 0 to 1


@dataclass(frozen=True, slots=True)
class Write:
    """What a client asks to be kept; the same write id means the same write, wherever and however often it comes."""

    user: str
    view: str
    version: int
    write_id: str
    value: str
    deleted: bool = False

    def at(self, epoch: Epoch) -> StateItem:
        """The item this write becomes under a pen of this epoch."""
        return StateItem(self.user, self.view, self.version, self.write_id, epoch, self.value, self.deleted)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a client is told; `why` goes to the log alone and never holds an id or a value."""

    status: int
    body: Mapping[str, Any]
    headers: Mapping[str, str] = field(default_factory=dict)
    why: str = ""


@dataclass(frozen=True, slots=True)
class Rules:
    """Where this function runs and how long it waits, in seconds."""

    region: str
    fences: int
    hold_seconds: float = 20.0
    hop_seconds: float = 2.0  # a forwarded write is given up before its sender stops listening
    look_seconds: float = 0.2
    conflict_seconds: float = 0.05
    route_cache_seconds: float = 1.0


@dataclass(frozen=True, slots=True)
class Committed:
    """The item, its fence check and its receipt are one durable fact."""

    item: StateItem


@dataclass(frozen=True, slots=True)
class Stale:
    """Nothing was written: the stored item is not older than the write, or is of a newer epoch."""

    current: StateItem


@dataclass(frozen=True, slots=True)
class Closed:
    """Nothing was written: the fence is not open with the write's epoch."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """Nothing was written: another transaction held one of the items; it says nothing about the fence."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """Written or not, nobody knows; `why` is the store's own short word for it."""

    why: str = ""


Outcome = Committed | Stale | Closed | Conflict | Unknown


class Store(Protocol):
    """This region's own tables. No method raises."""

    def fence(self, user: str) -> Pen | None:
        """The fence guarding this user, read strongly consistent; None = there is none, or it couldn't be read."""

    def commit(self, item: StateItem, bucket: int, at: float) -> Outcome:
        """One transaction: item if newer, fence open with the item's epoch, receipt. Safe to repeat with the same item."""


class Peer(Protocol):
    """The other region's API. No method raises."""

    def put(self, write: Write) -> Answer | None:
        """Forwards a write with the hop mark; None = no answer, or no other side: the outcome is unknown."""
