"""A region's tables of commands in memory, with the conditions of the real ones."""

from dataclasses import dataclass, field

from tests.unit.workloads.fakes import MemoryFences, Region, two_sides

from landbridge.model.command import CommandItem, command_receipt
from landbridge.model.pen import Epoch
from landbridge.workloads.trading.commands import Command, CommandOutcome, Expected, Known
from landbridge.workloads.trading.ports import Closed, Committed, Unknown


@dataclass
class MemoryCommands(MemoryFences):
    """Commands, heads and keys; `answers` are outcomes it will give first."""

    commands: dict[tuple[str, int], CommandItem] = field(default_factory=dict)
    heads: dict[str, tuple[int, Epoch]] = field(default_factory=dict)
    keys: dict[tuple[str, str], CommandItem] = field(default_factory=dict)
    receipts: list[dict[str, object]] = field(default_factory=list)
    answers: list[CommandOutcome] = field(default_factory=list)
    lost_answers: int = 0  # so many commits happen and their answer is lost

    def commit(self, item: CommandItem, bucket: int, at: float) -> CommandOutcome:
        """All or nothing."""
        if self.answers:
            return self.answers.pop(0)
        if not self.lets(item.epoch):
            return Closed()
        head, newest = self.heads.get(item.user, (0, Epoch(0)))
        known = self.keys.get((item.user, item.key))
        if known and not (known.epoch < item.epoch and known.number > head):
            return Known(known)
        if head != item.number - 1 or newest > item.epoch:
            return Expected(head + 1, newest)
        self._keep(item)
        self.receipts.append(command_receipt(item, bucket, at))
        if self.lost_answers:
            self.lost_answers -= 1
            return Unknown("Lost")
        return Committed(item)

    def _keep(self, item: CommandItem) -> None:
        self.commands[item.user, item.number] = self.keys[item.user, item.key] = item
        self.heads[item.user] = item.number, item.epoch

    def copy_to(self, other: "MemoryCommands") -> None:
        """Everything of this copy has arrived there."""
        other.commands.update(self.commands)
        other.keys.update(self.keys)
        other.heads.update(self.heads)


def two_command_regions() -> tuple[Region[MemoryCommands], Region[MemoryCommands]]:
    """Two sides that accept commands."""
    return two_sides(MemoryCommands)


def a_command(number: int = 1, key: str = "a", user: str = "user") -> Command:
    """A command of one user."""
    return Command(user, number, key, f"body of {key}")
