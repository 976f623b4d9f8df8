"""A bucket compared by listing both copies, key range by key range; for buckets of some million versions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from landbridge.model.held import Reason
from landbridge.model.measure import Difference, Side
from landbridge.model.region import Pair
from landbridge.verify.kept import Kept
from landbridge.verify.objects.bucket import Copy, Page, within
from landbridge.verify.objects.looks import Looks
from landbridge.verify.objects.versions import Rule
from landbridge.verify.port import Estimate
from landbridge.verify.settle import Seen, Settling
from landbridge.verify.sides import at_once


@dataclass(frozen=True)
class Bucket:
    """A bucket of both regions."""

    store: str
    copies: Pair[Copy]
    rule: Rule
    settling: Settling
    leave: Mapping[Reason, str] = field(default_factory=dict)  # what may stay behind, by whose decision and why
    behind: Side = Side.SOURCE  # where that stays
    many: int = 1  # of how many names at once more is asked

    def plan(self) -> dict[str, Any]:
        """Another rule compares something else."""
        return {"store": self.store, "rule": str(self.rule)}

    def explain(self) -> tuple[Estimate, ...]:
        """As far as one listing a side goes: S3 tells no number of versions."""
        return tuple(self._estimate(side, copy.page("")) for side, copy in zip(("source", "target"), self.copies, strict=True))

    def begin(self, kept: Kept) -> "BucketWork":
        """Listing by listing."""
        return BucketWork(self, kept, self.looks)

    @property
    def looks(self) -> Looks:
        """At what differs."""
        return Looks(self.copies, self.rule, self.leave, self.behind, self.many)

    def _estimate(self, side: str, page: Page) -> Estimate:
        versions, size = len(page.versions), sum(version.size for version in page.versions)
        least = "" if page.upto is None else "at least; one request lists 1,000 versions"
        return Estimate(f"{self.store} at the {side}", -(-versions // 1000), "LIST requests", size, least)


@dataclass
class BucketWork:
    """One comparison of a bucket, under way."""

    bucket: Bucket
    kept: Kept
    looks: Looks
    _whole: bool = field(default=False, init=False)

    def run(self) -> list[Difference]:
        """Lists both sides, then looks again at what differs."""
        self._list()
        found = self.bucket.settling.settle(self._suspects(), self.looks.look)
        return self.looks.differences(self.bucket.store, found)

    def compared(self) -> int:
        """Names listed on either side."""
        return sum(chunk["compared"] for chunk in self.kept.chunks.values())

    def coverage(self) -> float:
        """Nobody knows how many keys are still to come."""
        return 1.0 if self._whole else 0.0

    def notes(self) -> tuple[str, ...]:
        """How far it was listed, in the order of keys."""
        upto = self.kept.chunks[str(len(self.kept.chunks) - 1)]["upto"] if self.kept.chunks else ""
        return () if upto is None else (f"listed up to the key {upto}",)

    def _list(self) -> None:
        for number in count():
            if str(number) not in self.kept.chunks:
                after = self.kept.chunks[str(number - 1)]["upto"] if number else ""
                self.kept.keep(str(number), self._chunk(after))
            if self.kept.chunks[str(number)]["upto"] is None:
                break
        self._whole = True

    def _chunk(self, after: str) -> dict[str, Any]:
        """As far as both listings go."""
        pages = at_once(self.bucket.copies, lambda copy: copy.page(after))
        ends = [page.upto for page in pages if page.upto is not None]
        upto = min(ends, key=str.encode) if ends else None
        rule = self.bucket.rule
        source, target = pages.map(lambda page: rule.entries(each for each in page.versions if within(each.key, upto)))
        names = sorted(source.keys() | target.keys())
        differ = {name: [source.get(name), target.get(name)] for name in names if source.get(name) != target.get(name)}
        return {"upto": upto, "compared": len(names), "suspects": differ}

    def _suspects(self) -> dict[str, Seen]:
        """What differed in any chunk, as it was seen first."""
        return {name: Pair(*seen) for chunk in self.kept.chunks.values() for name, seen in chunk["suspects"].items()}
