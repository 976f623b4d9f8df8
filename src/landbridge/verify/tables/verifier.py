"""Two copies of a DynamoDB table, compared item by item under live writes, within a read budget.

Each item is read once a side, in parallel segments. Sums a key prefix tell which prefixes differ; of those the keys
that differ are looked at again on both sides, consistently, until they agree or have outlived the replication lag.
"""

import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from landbridge.model.errors import LandbridgeError
from landbridge.model.region import Pair
from landbridge.model.state import is_reserved
from landbridge.verify.kept import Kept, Partial
from landbridge.verify.port import Result
from landbridge.verify.settle import Seen, Settling, difference
from landbridge.verify.tables.scan import Scan
from landbridge.verify.tables.wire import Copy, named

AT_MOST = 100_000  # keys looked at again; more than that differ only where a copy is broken


@dataclass(frozen=True, slots=True)
class TableCost:
    """What a comparison would read, by what DynamoDB knows of the table (up to six hours old)."""

    items: Pair[int]
    read_units: Pair[float]
    seconds: float

    def __str__(self) -> str:
        source, target = self.read_units
        return (
            f"{self.items.source} and {self.items.target} items: {source:.0f} and {target:.0f} read units, {self.seconds:.0f} s"
        )


@dataclass
class TableVerifier:
    """Compares a table of both regions; items of reserved partitions are left out."""

    table: str
    copies: Pair[Copy]
    segments: int
    settling: Settling
    clock: Callable[[], float]
    folder: Path | None = None  # where a killed comparison is taken up again; None = it is not
    units_per_second: float = float("inf")
    reserved: Callable[[str], bool] = is_reserved
    _newest: Result | None = field(default=None, init=False)
    _partial: Partial | None = field(default=None, init=False)

    def newest(self) -> Result | None:
        """The newest whole comparison of this process."""
        return self._newest

    def partial(self) -> Partial | None:
        """What the last comparison had read when it could not go on; None = it went on to its end."""
        return self._partial

    def explain(self) -> TableCost:
        """What would be read: half a unit for 4 KB, as scans are eventually consistent."""
        sizes = self.copies.map(lambda copy: copy.size())
        units = sizes.map(lambda size: size[1] / 8192)
        return TableCost(sizes.map(lambda size: size[0]), units, max(units) / self.units_per_second)

    def compare(self) -> Result:
        """Reads both sides at once; what differs counts when it outlives the lag."""
        self._partial = None
        if self.folder is not None:
            return self._compare(self.folder)
        with tempfile.TemporaryDirectory(prefix="landbridge-verify-") as folder:
            return self._compare(Path(folder) / "table")

    def _compare(self, folder: Path) -> Result:
        kept = Kept(folder, {"table": self.table, "segments": self.segments}, self.clock())
        scan = Scan(self.copies, self.segments, self.reserved, kept)
        try:
            scan.run()
            found = self.settling.settle(scan.suspects(AT_MOST), self._look)
        except LandbridgeError as error:
            self._partial = Partial(self._result(scan, {}), scan.covered(), str(error))
            raise
        self._newest = self._result(scan, found)
        kept.finish()
        return self._newest

    def _result(self, scan: Scan, found: dict[bytes, Seen]) -> Result:
        compared = scan.items().source + sum(seen.source is None for seen in found.values())
        differences = sorted(difference(self.table, named(key), seen) for key, seen in found.items())
        return Result(scan.kept.began, self.clock() - scan.kept.began, compared, tuple(differences))

    def _look(self, keys: Iterable[bytes]) -> dict[bytes, Seen]:
        wanted = list(keys)
        source, target = self.copies.map(lambda copy: copy.look(wanted))
        return {key: Pair(source.get(key), target.get(key)) for key in wanted}
