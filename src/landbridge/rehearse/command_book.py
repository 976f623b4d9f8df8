"""Every command that users sent and were promised, and at the end what became of it in each region.

A command counts as there when its number holds its key and its order. Each key has one number, and nothing is anywhere
that was never sent.
"""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from landbridge.aws.clients import Clients
from landbridge.model.command import CommandItem
from landbridge.model.region import Region
from landbridge.rehearse.copies import people
from landbridge.rehearse.ledger import Ledger

Place = tuple[str, int]  # a user and the number of a command


@dataclass(frozen=True, slots=True)
class Sent:
    """A command as its user sends it; `body` is the order's canonical text."""

    user: str
    number: int
    key: str
    body: str

    @property
    def name(self) -> str:
        """How reports call it."""
        return f"command {self.number} of {self.user}"

    def asked(self) -> dict[str, Any]:
        """As the body of a request."""
        return {"key": self.key, "order": json.loads(self.body)}


@dataclass(frozen=True, slots=True)
class CommandsVerdict:
    """How many commands were accepted, and one sentence for each that is lost or doubled."""

    accepted: int
    lost: tuple[str, ...]
    doubled: tuple[str, ...]


class CommandBook:
    """Writes into the run's ledger what it is told."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._sent: set[Sent] = set()
        self._accepted: dict[Place, Sent] = {}

    def sent(self, command: Sent) -> None:
        """It is about to go out, perhaps again."""
        self._sent.add(command)
        self._ledger.note("command sent", **asdict(command))

    def accepted(self, command: Sent) -> None:
        """It was promised to its user."""
        self._accepted[command.user, command.number] = command
        self._ledger.note("command accepted", user=command.user, number=command.number, key=command.key)

    @property
    def every(self) -> Collection[Sent]:
        """All that went out."""
        return self._sent

    @property
    def promised(self) -> Mapping[Place, Sent]:
        """What was promised."""
        return self._accepted

    def settle(self, copies: Mapping[Region, Mapping[Place, CommandItem]]) -> CommandsVerdict:
        """Against each region's copy."""
        return CommandsVerdict(
            accepted=len(self._accepted),
            lost=tuple(sentence for region, copy in sorted(copies.items()) for sentence in self._lost(region, copy)),
            doubled=tuple(sentence for region, copy in sorted(copies.items()) for sentence in self._doubled(region, copy)),
        )

    def _lost(self, region: Region, copy: Mapping[Place, CommandItem]) -> Iterator[str]:
        for place, command in sorted(self._accepted.items()):
            found = copy.get(place)
            if found is None or (found.key, found.body) != (command.key, command.body):
                yield f"{command.name} ({command.key}) was accepted, and {region} has {found.key if found else 'none'} there"

    def _doubled(self, region: Region, copy: Mapping[Place, CommandItem]) -> Iterator[str]:
        numbers: dict[tuple[str, str], int] = {}
        for (user, number), found in sorted(copy.items()):
            if Sent(user, number, found.key, found.body) not in self._sent:
                yield f"command {number} of {user} ({found.key}) is in {region} and was never sent"
            if (first := numbers.setdefault((user, found.key), number)) != number:
                yield f"{found.key} of {user} is in {region} as {first} and as {number}"


def command_copy(clients: Clients, region: Region, table: str) -> dict[Place, CommandItem]:
    """A region's whole table of commands, by user and number."""
    items = (item for item in people(clients, region, table) if str(item["item"]).startswith("command#"))
    return {(command.user, command.number): command for command in map(CommandItem.of, items)}
