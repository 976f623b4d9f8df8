"""The worker that turns accepted commands into effects: whichever side accepted them, in order, each exactly once.

Heads and commands come from this region's copy of a global table, which is copied item by item: a number that has not
arrived yet waits. The fence row is checked inside each effect's own transaction, so the region's pen only routes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from landbridge.model.command import CommandItem
from landbridge.model.pen import Epoch, Pen, PenState
from landbridge.workloads.trading.ports import Unknown


@dataclass(frozen=True, slots=True)
class Applied:
    """The effect and the user's applied number are one durable fact."""


@dataclass(frozen=True, slots=True)
class NotHolder:
    """Nothing was done: the fence row is not open for this region with this epoch."""


@dataclass(frozen=True, slots=True)
class OutOfOrder:
    """Nothing was done: this command is applied already, or one before it is not."""


Effect = Applied | NotHolder | OutOfOrder | Unknown


class CommandCopy(Protocol):
    """This region's own copy of the commands. No method raises: what can't be read has not arrived yet."""

    def heads(self) -> Mapping[str, int]:
        """The newest number of each user, as far as it has arrived here."""

    def command(self, user: str, number: int) -> CommandItem | None:
        """One command; None = it has not arrived yet."""


class EffectsDatabase(Protocol):
    """The database, through its writer's endpoint. No method raises."""

    def applied(self) -> Mapping[str, int] | None:
        """The newest number applied of each user that has one; None = the database does not answer."""

    def apply(self, item: CommandItem, holder: str, epoch: Epoch) -> Effect:
        """One transaction, safe to repeat.

        The fence row read FOR SHARE: open for this holder and epoch, or NotHolder. `applied` of the user at number - 1, or
        OutOfOrder. The effect, and `applied` at number.
        """


@dataclass(frozen=True, slots=True)
class Swept:
    """What one round came to: commands applied, users with a command that must wait, and why it ended early, if it did."""

    applied: int = 0
    waiting: int = 0
    why: str = ""


def sweep(*, region: str, pen: Pen | None, copy: CommandCopy, database: EffectsDatabase) -> Swept:
    """One round: for every head above applied, in order, until a number must wait. Nothing when the pen is not open here."""
    if pen is None or pen.state is not PenState.OPEN:
        return Swept(why="the pen is not open here")
    applied = database.applied()
    if applied is None:
        return Swept(why="the database does not answer")
    done = waiting = 0
    for user, head in sorted(copy.heads().items()):
        for number in range(applied.get(user, 0) + 1, head + 1):
            item = copy.command(user, number)
            effect = database.apply(item, region, pen.epoch) if item else None
            if isinstance(effect, NotHolder):
                return Swept(done, waiting, "the fence row is not open for this region")
            if not isinstance(effect, Applied):
                waiting += 1
                break
            done += 1
    return Swept(done, waiting)
