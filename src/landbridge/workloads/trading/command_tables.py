"""The region's own table of commands behind the `CommandStore` port, and the copy of it that the worker sweeps.

A command lies there three times: under its number, under its key, and, as a number alone, as its user's head. The three
change in one transaction here and arrive in the other region each for itself.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from landbridge.model.command import HEAD, CommandItem, command_receipt, keyed, numbered
from landbridge.model.pen import Domain, Epoch, Pen
from landbridge.workloads.trading.commands import CommandOutcome, Expected, Known
from landbridge.workloads.trading.ports import Committed, Conflict, Unknown
from landbridge.workloads.trading.regional import Guarded, Refused, RegionTables, plain, wire

FIRST = "attribute_not_exists(#head)"
NEXT = "#head = :previous AND #epoch <= :epoch"
UNKNOWN_KEY = "attribute_not_exists(#number) OR (#epoch < :epoch AND #number > :previous)"
FREE_NUMBER = "attribute_not_exists(#number) OR #epoch < :epoch"


class CommandTables:
    """Commands, heads, keys and fences in one region. No method raises."""

    def __init__(self, dynamodb: Any, *, commands: str, pens: str, fences: int) -> None:
        self._tables = RegionTables(dynamodb, Domain.COMMANDS, table=commands, pens=pens, fences=fences)

    @property
    def why(self) -> str:
        """Why the last read gave nothing; empty when there simply was nothing."""
        return self._tables.why

    def fence(self, user: str) -> Pen | None:
        """The fence guarding this user, read strongly consistent; None = there is none, or it couldn't be read."""
        return self._tables.fence(user)

    def head(self, user: str, *, consistent: bool) -> tuple[int, Epoch] | None:
        """The user's newest number and its epoch; number 0 = no command yet; None = it couldn't be read: `why` says so."""
        found = self._tables.read(place(user, HEAD), consistent=consistent)
        if found is None and self.why:
            return None
        return (int(found["head"]), Epoch(int(found["epoch"]))) if found else (0, Epoch(0))

    def command(self, user: str, number: int, *, consistent: bool = False) -> CommandItem | None:
        """One command; None = it has not arrived yet, or couldn't be read."""
        found = self._tables.read(place(user, numbered(number)), consistent=consistent)
        return CommandItem.of(found) if found else None

    def commit(self, item: CommandItem, bucket: int, at: float) -> CommandOutcome:
        """One transaction, safe to repeat with the same item: its fence, its receipt, the head, the key and the number."""
        told = self._tables.commit(_puts(item), command_receipt(item, bucket, at), bucket, item.epoch)
        match told:
            case None:
                return Committed(item)
            case Refused():
                return self._told(item)
            case outcome:
                return outcome

    def _told(self, item: CommandItem) -> CommandOutcome:
        """What stands in the way, read after the fact: the key first, for a head only ever moves past it."""
        known = self._tables.read(place(item.user, keyed(item.key)), consistent=True)
        if known is None and self.why:
            return Unknown(self.why)
        head = self.head(item.user, consistent=True)
        if head is None:
            return Unknown(self.why)
        number, newest = head
        if known and not (int(known["epoch"]) < item.epoch and int(known["number"]) > number):
            return Known(CommandItem.of(known))
        if number != item.number - 1 or newest > item.epoch:
            return Expected(number + 1, newest)
        return self._taken(item)

    def _taken(self, item: CommandItem) -> CommandOutcome:
        """Key and head have nothing against it: a newer epoch left this number, or all of it has just changed."""
        found = self.command(item.user, item.number, consistent=True)
        return Expected(item.number, found.epoch) if found and found.epoch > item.epoch else Conflict()


class CommandCopyTable:
    """This region's own copy of the commands, as the worker reads it; of some users alone when they are named."""

    def __init__(self, dynamodb: Any, commands: str, users: Iterable[str] | None = None) -> None:
        self._dynamodb, self._table, self._users = dynamodb, commands, users

    def heads(self) -> Mapping[str, int]:
        """The newest number of each user, as far as it has arrived here; nothing when it can't be read."""
        try:
            return self._all() if self._users is None else self._of(self._users)
        except (BotoCoreError, ClientError):
            return {}

    def command(self, user: str, number: int) -> CommandItem | None:
        """One command; None = it has not arrived yet."""
        try:
            found = self._get(place(user, numbered(number)))
        except (BotoCoreError, ClientError):
            return None
        return CommandItem.of(found) if found else None

    def _all(self) -> Mapping[str, int]:
        """From the index of heads, in which nothing else lies."""
        heads: dict[str, int] = {}
        pages = self._dynamodb.get_paginator("scan").paginate(TableName=self._table, IndexName="heads")
        for page in pages:
            heads.update({str(item["user"]): int(item["head"]) for item in map(plain, page["Items"])})
        return heads

    def _of(self, users: Iterable[str]) -> Mapping[str, int]:
        found = {user: self._get(place(user, HEAD)) for user in sorted(set(users))}
        return {user: int(item["head"]) for user, item in found.items() if item}

    def _get(self, key: Mapping[str, str]) -> dict[str, Any] | None:
        item = self._dynamodb.get_item(TableName=self._table, Key=wire(key), ConsistentRead=True).get("Item")
        return plain(item) if item else None


def place(user: str, item: str) -> dict[str, str]:
    """Where something of a user's lies in the table."""
    return {"user": user, "item": item}


def _puts(item: CommandItem) -> list[Guarded]:
    previous, epoch = {":previous": item.number - 1}, {":epoch": item.epoch}
    head = {**place(item.user, HEAD), "head": item.number, "epoch": item.epoch}
    first = Guarded(head, FIRST, {})
    return [
        first if item.number == 1 else Guarded(head, NEXT, {**previous, **epoch}),
        Guarded({**item.item(), **place(item.user, keyed(item.key))}, UNKNOWN_KEY, {**previous, **epoch}),
        Guarded({**item.item(), **place(item.user, numbered(item.number))}, FREE_NUMBER, epoch),
    ]
