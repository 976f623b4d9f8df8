"""A command as a region accepted it: one immutable item a user and number, its receipt, and what counts as the same.

A command is told from every other by its user and number; its idempotency key tells a repeat from a new one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from landbridge.model.pen import Domain, Epoch
from landbridge.model.state import digest_of, receipt_key, receipt_of

HEAD = "head"  # under which name a user's newest number lies beside the commands


@dataclass(frozen=True, slots=True)
class CommandItem:
    """What a user ordered, under the number that puts it in order."""

    user: str
    number: int
    key: str
    epoch: Epoch
    body: str

    def item(self) -> dict[str, Any]:
        """As plain attributes of the commands table."""
        return {"user": self.user, "number": self.number, "key": self.key, "epoch": self.epoch, "body": self.body}

    @classmethod
    def of(cls, item: Mapping[str, Any]) -> "CommandItem":
        """The command a table item holds."""
        return cls(
            user=str(item["user"]),
            number=int(item["number"]),
            key=str(item["key"]),
            epoch=Epoch(int(item["epoch"])),
            body=str(item["body"]),
        )

    def digest(self) -> str:
        """The same for two commands exactly when every attribute is the same."""
        return digest_of(self.item())


def command_receipt(item: CommandItem, bucket: int, at: float) -> dict[str, Any]:
    """The receipt a region keeps of a command it accepted: enough to prove it elsewhere, and to restore it."""
    place = receipt_key(Domain.COMMANDS, item.epoch, bucket, at, (item.user, str(item.number)))
    return receipt_of(item.item(), place)


def numbered(number: int) -> str:
    """Under which name a command lies by its number, in order."""
    return f"command#{number:012d}"


def keyed(key: str) -> str:
    """Under which name a command lies by its idempotency key."""
    return f"key#{key}"
