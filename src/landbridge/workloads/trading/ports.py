"""What accepting a write needs from the world, whatever the write is, and the words for how it went."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

from landbridge.model.pen import Epoch, Pen

Clock = Callable[[], float]
Sleep = Callable[[float], None]
Chance = Callable[[], float]  # a number from 0 to 1

Item = TypeVar("Item")
Store_contra = TypeVar("Store_contra", contravariant=True)
Peer_contra = TypeVar("Peer_contra", contravariant=True)


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
class Committed(Generic[Item]):
    """The item, its fence check and its receipt are one durable fact."""

    item: Item


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


Unsettled = Closed | Conflict | Unknown


class Fences(Protocol):
    """This region's own fences of one domain. No method raises."""

    def fence(self, user: str) -> Pen | None:
        """The fence guarding this user, read strongly consistent; None = there is none, or it couldn't be read."""


class Asked(Protocol[Store_contra, Peer_contra]):
    """A write a client asks for; it knows how it is kept and what that came to, not where or how long it is tried."""

    @property
    def user(self) -> str:
        """Whose write it is: the user's fence guards it."""

    def here(self, store: Store_contra, epoch: Epoch, bucket: int, at: float, region: str) -> Answer | Unsettled:
        """One try in this region, under a pen of this epoch; a store of a newer epoch means Closed: the pen is lost."""

    def there(self, peer: Peer_contra) -> Answer | None:
        """One try at the other region; None = no answer, or no other side: the outcome is unknown."""
