"""The commands and their receipts as each region's own tables have them, and marks of our own among them.

An accepted command is three items: under its number, under its key, and its user's head. Each is proved for itself,
because each is copied for itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from landbridge.aws.clients import Clients
from landbridge.migrate.adapters.http_apis import HttpApis
from landbridge.migrate.adapters.regional import Items, Receipts
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
        wanted: dict[str, str] = {}
        heads: dict[str, int] = {}
        for item in map(CommandItem.of, Receipts(self.clients, self.pens, self.fences).of(region, Domain.COMMANDS, epoch, since)):
            if not is_reserved(item.user):
                wanted |= {_name(item.user, under): item.digest() for under in (numbered(item.number), keyed(item.key))}
                heads[item.user] = max(item.number, heads.get(item.user, 0))
        return wanted | {_name(user, HEAD): _head(number, epoch) for user, number in heads.items()}

    def lacking(self, region: Region, wanted: Mapping[str, str]) -> list[str]:
        """The items that are others, or none."""
        have = {_name(item["user"], item["item"]): _says(item) for item in self.items.of(region, map(_place, wanted))}
        return [name for name, says in wanted.items() if have.get(name) != says]

    @property
    def items(self) -> Items:
        """The commands table."""
        return Items(self.clients, self.commands, ("user", "item"))


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
        user = _user(mark)
        self.apis.order(region, user, self._head(region, user) + 1, f"{TURN}{turn}")

    def read(self, region: Region, mark: str) -> int:
        """The newer of what was put and what was accepted."""
        return max(self._put(region, mark), self._sent(region, _user(mark)))

    def _put(self, region: Region, mark: str) -> int:
        return max((int(item["turn"]) for item in self.tables.items.of(region, [(MARKS, f"mark#{mark}")])), default=0)

    def _sent(self, region: Region, user: str) -> int:
        head = self._head(region, user)
        found = self.tables.items.of(region, [(user, numbered(head))]) if head else []
        return max((int(str(item["key"]).removeprefix(TURN)) for item in found), default=0)

    def _head(self, region: Region, user: str) -> int:
        return max((int(item["head"]) for item in self.tables.items.of(region, [(user, HEAD)])), default=0)


def _user(mark: str) -> str:
    return f"{MARKS}-{mark}"


def _name(user: str, under: str) -> str:
    return f"{user}{SEPARATOR}{under}"


def _place(name: str) -> tuple[str, str]:
    user, _, under = name.partition(SEPARATOR)
    return user, under


def _head(number: int, epoch: Epoch) -> str:
    return f"head {number} of epoch {epoch}"


def _says(item: Mapping[str, Any]) -> str:
    if item["item"] == HEAD:
        return _head(int(item["head"]), Epoch(int(item["epoch"])))
    return CommandItem.of(item).digest()
