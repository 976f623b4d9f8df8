"""The region's own state table behind the `Store` port: an item is put only over an older one of no newer epoch."""

from typing import Any

from landbridge.model.pen import Domain, Pen
from landbridge.model.state import StateItem, receipt
from landbridge.workloads.trading.ports import Committed, Unknown
from landbridge.workloads.trading.regional import Guarded, Refused, RegionTables
from landbridge.workloads.trading.state import Outcome, Stale

NEWER = "attribute_not_exists(#version) OR (#version < :version AND #epoch <= :epoch)"


class StateTables:
    """Dashboard state and its fences in one region. No method raises."""

    def __init__(self, dynamodb: Any, *, state: str, pens: str, fences: int) -> None:
        self._tables = RegionTables(dynamodb, Domain.STATE, table=state, pens=pens, fences=fences)

    @property
    def why(self) -> str:
        """Why the last read gave nothing; empty when there simply was nothing."""
        return self._tables.why

    def fence(self, user: str) -> Pen | None:
        """The fence guarding this user, read strongly consistent; None = there is none, or it couldn't be read."""
        return self._tables.fence(user)

    def current(self, user: str, view: str, *, consistent: bool = True) -> StateItem | None:
        """What is stored; None = nothing, or it couldn't be read: then `why` says so."""
        item = self._tables.read({"user": user, "view": view}, consistent=consistent)
        return StateItem.of(item) if item else None

    def commit(self, item: StateItem, bucket: int, at: float) -> Outcome:
        """One transaction: item if newer, fence open with the item's epoch, receipt. Safe to repeat with the same item."""
        put = Guarded(item.item(), NEWER, {":version": item.version, ":epoch": item.epoch})
        match self._tables.commit([put], receipt(item, bucket, at), bucket, item.epoch):
            case None:
                return Committed(item)
            case Refused((found,)):
                current = StateItem.of(found) if found else self.current(item.user, item.view)
                return Stale(current) if current else Unknown("StaleUnread")
            case Refused():
                return Unknown("StaleUnread")
            case outcome:
                return outcome
