"""Dashboard state: one item a user and view, its receipt, and what counts as the same.

A write is a version, a write id and an epoch; the condition is version < new. There is no delete: a delete is a
write with `deleted: true`.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from landbridge.model.pen import Domain, Epoch

RESERVED = "~"  # users that begin so are ours (heartbeats, canaries): left out of every count and comparison


@dataclass(frozen=True, slots=True)
class StateItem:
    """What a user keeps on one view of the dashboard."""

    user: str
    view: str
    version: int
    write_id: str
    epoch: Epoch
    value: str
    deleted: bool = False

    def item(self) -> dict[str, Any]:
        """As plain attributes of the state table."""
        return {
            "user": self.user,
            "view": self.view,
            "version": self.version,
            "write_id": self.write_id,
            "epoch": self.epoch,
            "value": self.value,
            "deleted": self.deleted,
        }

    @classmethod
    def of(cls, item: Mapping[str, Any]) -> "StateItem":
        """The state a table item holds."""
        return cls(
            user=str(item["user"]),
            view=str(item["view"]),
            version=int(item["version"]),
            write_id=str(item["write_id"]),
            epoch=Epoch(int(item["epoch"])),
            value=str(item["value"]),
            deleted=bool(item["deleted"]),
        )

    @property
    def key(self) -> tuple[str, str]:
        """What tells this item from every other."""
        return self.user, self.view

    def digest(self) -> str:
        """The same for two items exactly when every attribute is the same."""
        return digest_of(self.item())


def digest_of(attributes: Mapping[str, Any]) -> str:
    """The same for two items exactly when every attribute is the same."""
    text = json.dumps(attributes, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def is_reserved(user: str) -> bool:
    """Whether this user is one of ours rather than a person."""
    return user.startswith(RESERVED)


def receipt_key(domain: Domain, epoch: Epoch, bucket: int, at: float, key: tuple[str, str]) -> dict[str, str]:
    """Where a write's receipt lies in the region's own table: partition by fence, sorted by time, then key."""
    return {"pk": receipt_partition(domain, epoch, bucket), "sk": f"{at:017.6f}#{key[0]}#{key[1]}"}


def receipt_partition(domain: Domain, epoch: Epoch, bucket: int) -> str:
    """The partition that holds the receipts of one fence's writes in one epoch."""
    return f"receipt#{domain}#{epoch:06d}#{bucket:03d}"


def receipt(item: StateItem, bucket: int, at: float) -> dict[str, Any]:
    """The receipt a region keeps of a write it accepted: enough to prove it elsewhere, and to restore it."""
    return receipt_of(item.item(), receipt_key(Domain.STATE, item.epoch, bucket, at, item.key))


def receipt_of(attributes: Mapping[str, Any], place: Mapping[str, str]) -> dict[str, Any]:
    """What is kept at that place of an accepted item: all of it, and its digest."""
    return {**place, "digest": digest_of(attributes), **attributes}
