"""A DynamoDB table compared item by item under live writes, within a read budget.

Each item is read once a side, in parallel segments. Sums a key prefix tell which prefixes differ; of those the keys
that differ are looked at again on both sides, consistently, until they agree or have outlived the replication lag.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from landbridge.model.measure import Difference
from landbridge.model.region import Pair
from landbridge.model.state import is_reserved
from landbridge.verify.kept import Kept
from landbridge.verify.port import Estimate
from landbridge.verify.settle import Seen, Settling, difference
from landbridge.verify.tables.scan import Scan
from landbridge.verify.tables.wire import Copy, named

AT_MOST = 100_000  # keys looked at again; more than that differ only where a copy is broken
UNIT_BYTES = 8192  # what half-price, eventually consistent reading gives for one read unit


@dataclass(frozen=True)
class Table:
    """A table of both regions; items of reserved partitions are left out."""

    store: str
    copies: Pair[Copy]
    segments: int
    settling: Settling
    reserved: Callable[[str], bool] = is_reserved

    def plan(self) -> dict[str, Any]:
        """Another number of segments cuts the table otherwise."""
        return {"store": self.store, "segments": self.segments}

    def explain(self) -> tuple[Estimate, ...]:
        """Both copies, by what DynamoDB knows of them (up to six hours old)."""
        return tuple(self._estimate(side, copy) for side, copy in zip(("source", "target"), self.copies, strict=True))

    def begin(self, kept: Kept) -> "TableWork":
        """Page by page."""
        return TableWork(self, Scan(self.copies, self.segments, self.reserved, kept))

    def look(self, keys: Iterable[bytes]) -> dict[bytes, Seen]:
        """Both sides as they are now."""
        wanted = list(keys)
        source, target = self.copies.map(lambda copy: copy.look(wanted))
        return {key: Pair(source.get(key), target.get(key)) for key in wanted}

    def _estimate(self, side: str, copy: Copy) -> Estimate:
        items, size = copy.size()
        return Estimate(f"{self.store} at the {side}", -(-size // UNIT_BYTES), "read units", size, f"{items} items")


@dataclass
class TableWork:
    """One comparison of a table, under way."""

    table: Table
    scan: Scan
    only_at_target: int = 0

    def run(self) -> list[Difference]:
        """Reads both sides, then looks again at what differs."""
        self.scan.run()
        found = self.table.settling.settle(self.scan.suspects(AT_MOST), self.table.look)
        self.only_at_target = sum(seen.source is None for seen in found.values())
        return [difference(self.table.store, named(key), seen) for key, seen in found.items()]

    def compared(self) -> int:
        """Every item of the source, and what the target has beside them."""
        return self.scan.items().source + self.only_at_target

    def coverage(self) -> float:
        """By segments read to their end."""
        return self.scan.coverage()

    def notes(self) -> tuple[str, ...]:
        """How much was read."""
        items = self.scan.items()
        return (f"read {items.source} items at the source and {items.target} at the target",)
