"""A bucket compared by S3's own inventories of both copies, for buckets no listing gets through; memory stays flat.

What differs between the lists is looked at in the buckets as they are now, because no two lists are of one moment.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from landbridge.model.errors import BadInput
from landbridge.model.measure import Difference, Kind, Side
from landbridge.model.region import Pair
from landbridge.verify.bucketed import Bucketed, Entry
from landbridge.verify.kept import Kept
from landbridge.verify.objects.engines import Engine, Here
from landbridge.verify.objects.inventory import Inventory
from landbridge.verify.objects.looks import Looks
from landbridge.verify.port import Estimate
from landbridge.verify.settle import Seen, Settling, difference


@dataclass(frozen=True)
class Inventories:
    """The inventories of a bucket of both regions."""

    store: str
    lists: Pair[Inventory]
    lag: timedelta  # what is younger than this in the older list may still be on its way, and is left out
    looks: Looks | None  # None = the lists alone decide, as in a bench
    settling: Settling
    engine: Callable[[Path], Engine] = Here  # given the folder of what is kept

    def __post_init__(self) -> None:
        formats = self.lists.map(lambda each: each.format)
        if formats.source != formats.target:
            found = f"{formats.source} at the source and {formats.target} at the target"
            raise BadInput(f"the inventories of {self.store}", f"are {found}", "configure one format for both")

    def plan(self) -> dict[str, Any]:
        """Other lists are another comparison."""
        return {"store": self.store, "created": [each.created.isoformat() for each in self.lists]}

    def explain(self) -> tuple[Estimate, ...]:
        """By what the manifests say."""
        return tuple(self._estimate(side, each) for side, each in zip(("source", "target"), self.lists, strict=True))

    def begin(self, kept: Kept) -> "InventoryWork":
        """The text is the same for every part and every engine."""
        until = min(each.created for each in self.lists) - self.lag
        kept.of = until.timestamp()
        engine, (source, target) = self.engine(kept.folder), self.lists
        parts: Pair[Mapping[str, str]] = Pair(
            {f"source {name}": source.relation(table, until) for name, table in engine.parts(source).items()},
            {f"target {name}": target.relation(table, until) for name, table in engine.parts(target).items()},
        )
        whole = self.lists.map(lambda each: each.relation(engine.whole(each), until))
        return InventoryWork(self, engine, Bucketed(engine.ask, parts, whole, kept))

    def _estimate(self, side: str, each: Inventory) -> Estimate:
        size = sum(each.files.values())
        note = f"of {each.created:%Y-%m-%d %H:%M} UTC; read a second time where sums differ"
        return Estimate(f"{self.store} at the {side}", len(each.files), "files", size, note)


@dataclass
class InventoryWork:
    """One comparison of inventories, under way."""

    inventories: Inventories
    engine: Engine
    lists: Bucketed

    def run(self) -> list[Difference]:
        """Compares the lists, then looks at what differs in the buckets."""
        with self.engine.opened(self.inventories.lists):
            entries = [entry for entry in self.lists.run() if entry.failed or not same(entry.seen)]
        if self.inventories.looks is None:
            return [by_lists(self.inventories.store, entry) for entry in entries]
        return self._settled(entries, self.inventories.looks)

    def compared(self) -> int:
        """Entries of the source's list, and what the target's has beside them."""
        return self.lists.compared

    def coverage(self) -> float:
        """By the parts whose sums are known."""
        return self.lists.coverage()

    def notes(self) -> tuple[str, ...]:
        """Of when the lists are."""
        begun = self.inventories.lists.map(lambda each: f"{each.created:%Y-%m-%d %H:%M}")
        return (f"by the inventories of {begun.source} UTC (source) and {begun.target} UTC (target)",)

    def _settled(self, entries: list[Entry], looks: Looks) -> list[Difference]:
        names: dict[str, bool] = {}
        for entry in entries:
            name = looks.rule.named(self.inventories.lists.source.key(entry.name))
            names[name] = names.get(name, False) or entry.failed
        first = looks.look(names)  # the lists' own texts are too old to tell what moves
        apart = {name: seen for name, seen in first.items() if seen.source != seen.target}
        found = self.inventories.settling.settle(apart, looks.look)
        failed = {name: first[name] for name in looks.failed(name for name, said in names.items() if said)}
        return looks.differences(self.inventories.store, {**failed, **found})


def same(seen: Seen) -> bool:
    """Whether two contents of the lists are the same; an ETag that says nothing is left out, and the size decides."""
    if None in set(seen) or "marker" in set(seen):
        return seen.source == seen.target
    (size, etag), (other, its) = (str(text).split(":") for text in seen)
    return size == other and (etag == its or not (etag and its))


def by_lists(store: str, entry: Entry) -> Difference:
    """As it is named in a result, by the lists alone."""
    return Difference(store, entry.name, Side.TARGET, Kind.FAILED) if entry.failed else difference(store, entry.name, entry.seen)
