"""Two copies of a bucket compared by S3's own inventories, for buckets no listing gets through; memory stays flat.

What differs between the lists is looked at in the buckets as they are now, because no two lists are of one moment.
"""

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from landbridge.model.errors import BadInput, LandbridgeError
from landbridge.model.measure import Difference, Kind, Side
from landbridge.model.region import Pair
from landbridge.verify.bucketed import Bucketed, Entry
from landbridge.verify.duck import duck
from landbridge.verify.kept import Kept, Partial
from landbridge.verify.objects.inventory import Inventory
from landbridge.verify.objects.looks import Looks
from landbridge.verify.port import Result
from landbridge.verify.settle import Seen, Settling, difference


@dataclass(frozen=True, slots=True)
class InventoryCost:
    """What a comparison would read: the lists' bytes, twice where sums differ."""

    files: Pair[int]
    bytes: Pair[int]

    def __str__(self) -> str:
        total = sum(self.bytes)
        return f"{self.files.source} + {self.files.target} files, {total / 1e9:.2f} GB, twice that where sums differ"


@dataclass
class InventoryVerifier:
    """Compares the inventories of a bucket of both regions."""

    store: str
    inventories: Pair[Inventory]
    lag: timedelta  # what is younger than this in the older list may still be on its way, and is left out
    looks: Looks | None  # None = the lists alone decide, as in a bench
    settling: Settling
    clock: Callable[[], float]
    folder: Path | None = None
    _newest: Result | None = field(default=None, init=False)
    _partial: Partial | None = field(default=None, init=False)

    def newest(self) -> Result | None:
        """The newest whole comparison of this process."""
        return self._newest

    def partial(self) -> Partial | None:
        """What the last comparison had found when it could not go on; None = it went on to its end."""
        return self._partial

    def explain(self) -> InventoryCost:
        """By what the manifests say."""
        files = self.inventories.map(lambda each: each.files)
        return InventoryCost(files.map(len), files.map(lambda each: sum(each.values())))

    def compare(self) -> Result:
        """Reads both lists; what differs between them counts when the buckets differ too, and go on to."""
        self._partial = None
        if self.folder is not None:
            return self._compare(self.folder)
        with tempfile.TemporaryDirectory(prefix="landbridge-verify-") as folder:
            return self._compare(Path(folder) / "inventory")

    def _compare(self, folder: Path) -> Result:
        made = self._bucketed(folder)
        try:
            found = self._settled([entry for entry in made.run() if entry.failed or not same(entry.seen)])
        except LandbridgeError as error:
            self._partial = Partial(self._result(made, []), f"{len(made.kept.chunks)} parts of the lists", str(error))
            raise
        self._newest = self._result(made, found)
        made.kept.finish()
        return self._newest

    def _bucketed(self, folder: Path) -> Bucketed:
        """Each data file is a part; the text is the same for all of them."""
        formats, created = self.inventories.map(lambda each: each.format), self.inventories.map(lambda each: each.created)
        if formats.source != formats.target:
            found = f"{formats.source} at the source and {formats.target} at the target"
            raise BadInput(f"the inventories of {self.store}", f"are {found}", "configure one format for both")
        plan = {"store": self.store, "created": [each.isoformat() for each in created]}
        kept, until = Kept(folder, plan, self.clock()), min(created) - self.lag
        parts = Pair[Mapping[str, str]](
            *(self._parts(side, each, until) for side, each in zip(("source", "target"), self.inventories, strict=True))
        )
        return Bucketed(duck(folder), parts, self.inventories.map(lambda each: each.whole(until)), kept)

    @staticmethod
    def _parts(side: str, listed: Inventory, until: datetime) -> dict[str, str]:
        return {f"{side} {file}": listed.part(file, until) for file in listed.files}

    def _settled(self, entries: list[Entry]) -> list[Difference]:
        if self.looks is None:
            return [named(self.store, entry) for entry in entries]
        names = {self.inventories.source.key(entry.name): entry.failed for entry in entries}
        first = self.looks.look(names)  # the lists' own texts are too old to tell what moves
        found = self.settling.settle({name: seen for name, seen in first.items() if seen.source != seen.target}, self.looks.look)
        gone = [name for name, failed in names.items() if failed and name in self.looks.failed and name not in found]
        return [self.looks.difference(self.store, name, seen) for name, seen in {**found, **{n: first[n] for n in gone}}.items()]

    def _result(self, made: Bucketed, found: list[Difference]) -> Result:
        return Result(made.kept.began, self.clock() - made.kept.began, made.compared, tuple(sorted(found)))


def same(seen: Seen) -> bool:
    """Whether two contents of the lists are the same; an ETag that says nothing is left out, and the size decides."""
    if None in set(seen) or "marker" in set(seen):
        return seen.source == seen.target
    (size, etag), (other, its) = (str(text).split(":") for text in seen)
    return size == other and (etag == its or not (etag and its))


def named(store: str, entry: Entry) -> Difference:
    """As it is named in a result, by the lists alone."""
    return Difference(store, entry.name, Side.TARGET, Kind.FAILED) if entry.failed else difference(store, entry.name, entry.seen)
