"""A command: what is asked, how its acceptance can end, and what each end means. Acceptance never waits for its effect.

The head's epoch protects what a newer holder accepted, as the stored epoch does in `state`: a side that finds a head of
a newer epoch has lost its pen. A command or key that lies beyond the head was left by a side that lost its pen before
its head arrived here (items of one transaction are copied one by one): it counts for nothing, and a newer epoch takes
its place; else its number could never be used, nor its key be answered truthfully.
"""

from dataclasses import dataclass
from typing import Protocol

from landbridge.model.command import CommandItem
from landbridge.model.pen import Epoch
from landbridge.workloads.trading.ports import Answer, Closed, Committed, Conflict, Fences, Unknown, Unsettled


@dataclass(frozen=True, slots=True)
class Known:
    """Nothing was written: this key was accepted before, as this command."""

    item: CommandItem


@dataclass(frozen=True, slots=True)
class Expected:
    """Nothing was written: the user's head stands elsewhere, and this number comes next; `epoch` is the head's."""

    number: int
    epoch: Epoch


CommandOutcome = Committed[CommandItem] | Known | Expected | Closed | Conflict | Unknown


class CommandStore(Fences, Protocol):
    """This region's own tables of commands. No method raises."""

    def commit(self, item: CommandItem, bucket: int, at: float) -> CommandOutcome:
        """One transaction, safe to repeat with the same item; a closed fence is told before a known key, and that before a head.

        The fence open with the item's epoch. The user's idempotency key unknown, or left beyond the head by a lower epoch.
        The user's head at number - 1, of no higher epoch; it moves to number. The number free, or left so too. A receipt.
        """


class CommandPeer(Protocol):
    """The other region's API. No method raises."""

    def send(self, command: "Command") -> Answer | None:
        """Forwards a command with the hop mark; None = no answer, or no other side: the outcome is unknown."""


@dataclass(frozen=True, slots=True)
class Command:
    """What a client asks to be done; the same key means the same command, whatever number it is sent with."""

    user: str
    number: int
    key: str
    body: str

    def at(self, epoch: Epoch) -> CommandItem:
        """The item this command becomes under a pen of this epoch."""
        return CommandItem(self.user, self.number, self.key, epoch, self.body)

    def here(self, store: CommandStore, epoch: Epoch, bucket: int, at: float, region: str) -> Answer | Unsettled:
        """One transaction, and what it came to."""
        match store.commit(self.at(epoch), bucket, at):
            case Committed(item) | Known(item):
                told = {"user": item.user, "number": item.number, "key": item.key, "epoch": item.epoch, "region": region}
                return Answer(200, told)
            case Expected(_, newest) if newest > epoch:
                return Closed()
            case Expected(number, _):
                return Answer(409, {"error": "this user's next command has another number", "expected": number})
            case unsettled:
                return unsettled

    def there(self, peer: CommandPeer) -> Answer | None:
        """Forwarded."""
        return peer.send(self)
