"""A write of dashboard state: what is asked, how its commit can end, and what each end means.

Does `version < new` protect the items of a newer epoch? Between sides that keep the protocol, yes: a side opens only
after the other is read closed, with a higher epoch, and then no lower epoch passes its fence. After a seizure, no: the
side seized from still stands open with the older epoch, and a higher version would pass. So the condition also asks
that the stored epoch is not above the write's own; where it is, this side has lost its pen and says so. What the losing
side writes *before* the newer item reaches it no condition can stop: that is settled at first contact, from receipts.
"""

from dataclasses import dataclass
from typing import Protocol

from landbridge.model.pen import Epoch
from landbridge.model.state import StateItem
from landbridge.workloads.trading.ports import Answer, Closed, Committed, Conflict, Fences, Unknown, Unsettled


@dataclass(frozen=True, slots=True)
class Stale:
    """Nothing was written: the stored item is not older than the write, or is of a newer epoch."""

    current: StateItem


Outcome = Committed[StateItem] | Stale | Closed | Conflict | Unknown


class Store(Fences, Protocol):
    """This region's own tables. No method raises."""

    def commit(self, item: StateItem, bucket: int, at: float) -> Outcome:
        """One transaction: item if newer, fence open with the item's epoch, receipt. Safe to repeat with the same item."""


class Peer(Protocol):
    """The other region's API. No method raises."""

    def put(self, write: "Write") -> Answer | None:
        """Forwards a write with the hop mark; None = no answer, or no other side: the outcome is unknown."""


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

    def here(self, store: Store, epoch: Epoch, bucket: int, at: float, region: str) -> Answer | Unsettled:
        """One transaction, and what it came to."""
        match store.commit(self.at(epoch), bucket, at):
            case Committed(item):
                return _accepted(item, region)
            case Stale(current) if current.write_id == self.write_id:
                return _accepted(current, region)
            case Stale(current) if current.epoch > epoch and current.version < self.version:
                return Closed()
            case Stale(current):
                return Answer(
                    409, {"error": "a newer version stands, or this one under another write id", "current": current.item()}
                )
            case unsettled:
                return unsettled

    def there(self, peer: Peer) -> Answer | None:
        """Forwarded."""
        return peer.put(self)


def _accepted(item: StateItem, region: str) -> Answer:
    told = {"version": item.version, "write_id": item.write_id, "region": region, "epoch": item.epoch}
    return Answer(200, told)
