"""A database with one fence row, and a region's copy of the commands, in memory."""

from dataclasses import dataclass, field

from landbridge.model.command import CommandItem
from landbridge.model.pen import Epoch, Pen, PenState
from landbridge.workloads.trading.effects import Applied, Effect, NotHolder, OutOfOrder
from landbridge.workloads.trading.ports import Unknown


@dataclass
class MemoryDatabase:
    """Effects in the order they were done, and the fence row; `lost` and `failing` say what becomes of the next calls."""

    holder: str | None = None
    epoch: Epoch = field(default=Epoch(1))
    numbers: dict[str, int] = field(default_factory=dict)
    effects: list[tuple[str, CommandItem]] = field(default_factory=list)
    silent: bool = False
    lost: int = 0  # so many transactions happen and their answer is lost
    failing: int = 0  # so many come to nothing after that, and nobody is told

    def applied(self) -> dict[str, int] | None:
        """A copy of what stands."""
        return None if self.silent else dict(self.numbers)

    def apply(self, item: CommandItem, holder: str, epoch: Epoch) -> Effect:
        """All or nothing."""
        if not self.lost and self.failing:
            self.failing -= 1
            return Unknown("Failing")
        if (self.holder, self.epoch) != (holder, epoch):
            return NotHolder()
        if self.numbers.get(item.user, 0) != item.number - 1:
            return OutOfOrder()
        self.effects.append((holder, item))
        self.numbers[item.user] = item.number
        if self.lost:
            self.lost -= 1
            return Unknown("Lost")
        return Applied()


@dataclass
class MemoryCopy:
    """What has arrived; heads and commands come each for itself."""

    arrived: dict[tuple[str, int], CommandItem] = field(default_factory=dict)
    newest: dict[str, int] = field(default_factory=dict)

    def heads(self) -> dict[str, int]:
        """As they have arrived."""
        return self.newest

    def command(self, user: str, number: int) -> CommandItem | None:
        """If it has arrived."""
        return self.arrived.get((user, number))

    def bring(self, *items: CommandItem) -> None:
        """These commands arrive, and their heads with them."""
        for item in items:
            self.arrived[item.user, item.number] = item
            self.newest[item.user] = max(item.number, self.newest.get(item.user, 0))


def an_item(number: int, user: str = "ada", epoch: int = 1) -> CommandItem:
    """An accepted command."""
    return CommandItem(user, number, f"{user}-{number}", Epoch(epoch), "body")


def a_pen(state: PenState = PenState.OPEN, epoch: int = 1, turn: int = 1) -> Pen:
    """A master pen."""
    return Pen(state, Epoch(epoch), turn, 0.0)
