"""The commands and their receipts as each region's own tables have them, and marks of our own among them.

An accepted command is three items: under its number, under its key, and its user's head. Each is proved, and put back,
for itself, because each is copied for itself.
"""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from landbridge.aws.clients import Clients
from landbridge.migrate.adapters.http_apis import HttpApis
from landbridge.migrate.adapters.regional import AT_ONCE, Items, Receipts
from landbridge.migrate.tables import TABLES
from landbridge.model.command import HEAD, CommandItem, keyed, numbered
from landbridge.model.pen import Domain, Epoch
from landbridge.model.region import Region
from landbridge.model.state import RESERVED, is_reserved

SEPARATOR = "/"  # in no user's name
MARKS = f"{RESERVED}canary"
TURN = "turn-"


@dataclass(frozen=True)
class CommandTables:
    """Receipts in the regional pens table, commands, keys and heads in the region's copy of the commands table."""

    clients: Clients
    pens: str
    commands: str
    fences: int

    def accepted(self, region: Region, epoch: Epoch, since: float) -> Mapping[str, str]:
        """Each item that must be there, with what it must say: a digest, or a head's number and epoch."""
        return {name: _says(item) for name, item in self._left(region, epoch, since).items()}

    def lacking(self, region: Region, wanted: Mapping[str, str]) -> list[str]:
        """The items that are others, or none."""
        have = {_name(item["user"], item["item"]): _says(item) for item in self.items.of(region, map(_place, wanted))}
        return [name for name, says in wanted.items() if have.get(name) != says]

    def overwritten(self, region: Region, epoch: Epoch) -> list[str]:
        """The items that commands accepted in this epoch left, where one of a lower epoch stands, or none."""
        left = self._left(region, epoch)
        have = {_name(item["user"], item["item"]): int(item["epoch"]) for item in self.items.of(region, map(_place, left))}
        return sorted(name for name in left if have.get(name, -1) < epoch)

    def restore(self, region: Region, epoch: Epoch, keys: Sequence[str]) -> None:
        """Each as its command left it, unless one as new stands."""
        left = self._left(region, epoch) if keys else {}
        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(lambda name: self.items.put_over_older(region, left[name], epoch), keys))

    def missing(self, lost: Region, epoch: Epoch, stays: Region) -> list[str]:
        """Each command of the lost side that no number up to its user's head holds; its key says which number to look under."""
        accepted = self._receipts(lost, epoch)
        heads = {item["user"]: int(item["head"]) for item in self.items.of(stays, [(each.user, HEAD) for each in accepted])}
        keys = map(CommandItem.of, self.items.of(stays, [(each.user, keyed(each.key)) for each in accepted]))
        below = [(item.user, numbered(item.number)) for item in keys if item.number <= heads.get(item.user, 0)]
        seen = {(item.user, item.key, item.body) for item in map(CommandItem.of, self.items.of(stays, below))}
        lacking = (each for each in accepted if (each.user, each.key, each.body) not in seen)
        return sorted(_name(each.user, numbered(each.number)) for each in lacking)

    def _left(self, region: Region, epoch: Epoch, since: float = 0.0) -> dict[str, dict[str, Any]]:
        """Every item that the commands accepted in this epoch have left there, by its name."""
        left: dict[str, dict[str, Any]] = {}
        for each in sorted(self._receipts(region, epoch, since), key=lambda item: item.number):
            head = {"user": each.user, "item": HEAD, "head": each.number, "epoch": epoch}
            kept = [{**each.item(), "item": under} for under in (numbered(each.number), keyed(each.key))]
            left |= {_name(item["user"], item["item"]): item for item in (*kept, head)}
        return left

    def _receipts(self, region: Region, epoch: Epoch, since: float = 0.0) -> list[CommandItem]:
        """Of people alone."""
        kept = Receipts(self.clients, self.pens, self.fences).of(region, Domain.COMMANDS, epoch, since)
        return [item for item in map(CommandItem.of, kept) if not is_reserved(item.user)]

    @property
    def items(self) -> Items:
        """The commands table."""
        return Items(self.clients, self.commands, TABLES[Domain.COMMANDS])


@dataclass(frozen=True)
class CommandMarks:
    """Marks under reserved users: straight into a region's table, or as commands through its API."""

    tables: CommandTables
    apis: HttpApis

    def put(self, region: Region, mark: str, turn: int) -> None:
        """An item of its own, that is no command."""
        self.tables.items.put(region, {"user": MARKS, "item": f"mark#{mark}", "turn": turn})

    def send(self, region: Region, mark: str, turn: int) -> None:
        """The next command of a user of ours; its key is the turn, so that it is accepted once."""
        user = user_of(mark)
        self.apis.order(region, user, self._head(region, user) + 1, f"{TURN}{turn}")

    def read(self, region: Region, mark: str) -> int:
        """The newer of what was put and what was accepted."""
        return max(self._put(region, mark), self._sent(region, user_of(mark)))

    def _put(self, region: Region, mark: str) -> int:
        return max((int(item["turn"]) for item in self.tables.items.of(region, [(MARKS, f"mark#{mark}")])), default=0)

    def _sent(self, region: Region, user: str) -> int:
        head = self._head(region, user)
        found = self.tables.items.of(region, [(user, numbered(head))]) if head else []
        return max((turn_of(str(item["key"])) for item in found), default=0)

    def _head(self, region: Region, user: str) -> int:
        return max((int(item["head"]) for item in self.tables.items.of(region, [(user, HEAD)])), default=0)


def user_of(mark: str) -> str:
    """Whose commands are sent as this mark."""
    return f"{MARKS}-{mark}"


def turn_of(key: str) -> int:
    """Under which turn a command of ours was sent."""
    return int(key.removeprefix(TURN))


def _name(user: str, under: str) -> str:
    return f"{user}{SEPARATOR}{under}"


def _place(name: str) -> tuple[str, str]:
    user, _, under = name.partition(SEPARATOR)
    return user, under


def _says(item: Mapping[str, Any]) -> str:
    if item["item"] == HEAD:
        return f"head {item['head']} of epoch {item['epoch']}"
    return CommandItem.of(item).digest()
