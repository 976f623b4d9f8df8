"""Two copies of a bucket compared by listing both, key range by key range; for buckets of some million versions."""

import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from landbridge.model.errors import LandbridgeError
from landbridge.model.region import Pair
from landbridge.verify.kept import Kept, Partial
from landbridge.verify.objects.bucket import Copy, Page
from landbridge.verify.objects.looks import Looks
from landbridge.verify.objects.versions import Rule
from landbridge.verify.port import Result
from landbridge.verify.settle import Seen, Settling


@dataclass(frozen=True, slots=True)
class ListingCost:
    """What a comparison would ask for: a LIST request a 1,000 versions a side, and two requests a suspect and look."""

    versions: Pair[int]
    whole: bool  # False = there are more versions than were counted

    def __str__(self) -> str:
        least = "" if self.whole else "more than "
        return f"{least}{self.versions.source} + {self.versions.target} versions, a LIST request for each 1,000"


@dataclass
class BucketVerifier:
    """Compares a bucket of both regions."""

    store: str
    copies: Pair[Copy]
    rule: Rule
    settling: Settling
    clock: Callable[[], float]
    folder: Path | None = None  # where a killed comparison is taken up again; None = it is not
    _newest: Result | None = field(default=None, init=False)
    _partial: Partial | None = field(default=None, init=False)

    def newest(self) -> Result | None:
        """The newest whole comparison of this process."""
        return self._newest

    def partial(self) -> Partial | None:
        """What the last comparison had found when it could not go on; None = it went on to its end."""
        return self._partial

    def explain(self) -> ListingCost:
        """Counted as far as one listing a side goes."""
        pages = self.copies.map(lambda copy: copy.page(""))
        return ListingCost(pages.map(lambda page: len(page.versions)), all(page.upto is None for page in pages))

    def compare(self) -> Result:
        """Lists both sides; what differs counts when it outlives the lag."""
        self._partial = None
        if self.folder is not None:
            return self._compare(self.folder)
        with tempfile.TemporaryDirectory(prefix="landbridge-verify-") as folder:
            return self._compare(Path(folder) / "bucket")

    def _compare(self, folder: Path) -> Result:
        kept, looks = Kept(folder, {"store": self.store, "rule": str(self.rule)}, self.clock()), Looks(self.copies, self.rule)
        try:
            self._list(kept)
            found = self.settling.settle(suspects(kept), looks.look)
        except LandbridgeError as error:
            self._partial = Partial(self._result(kept, looks, {}), covered(kept), str(error))
            raise
        self._newest = self._result(kept, looks, found)
        kept.finish()
        return self._newest

    def _list(self, kept: Kept) -> None:
        for number in count():
            if str(number) not in kept.chunks:
                after = kept.chunks[str(number - 1)]["upto"] if number else ""
                kept.keep(str(number), self._chunk(after))
            if kept.chunks[str(number)]["upto"] is None:
                return

    def _chunk(self, after: str) -> dict[str, Any]:
        """As far as both listings go."""
        with ThreadPoolExecutor(2) as pool:
            pages = Pair[Page](*pool.map(lambda copy: copy.page(after), self.copies))
        ends = [page.upto for page in pages if page.upto is not None]
        upto = min(ends, key=str.encode) if ends else None
        source, target = pages.map(lambda page: self.rule.entries(each for each in page.versions if within(each.key, upto)))
        names = sorted(source.keys() | target.keys())
        differ = {name: [source.get(name), target.get(name)] for name in names if source.get(name) != target.get(name)}
        return {"upto": upto, "compared": len(names), "suspects": differ}

    def _result(self, kept: Kept, looks: Looks, found: dict[str, Seen]) -> Result:
        compared = sum(chunk["compared"] for chunk in kept.chunks.values())
        differences = sorted(looks.difference(self.store, name, seen) for name, seen in found.items())
        return Result(kept.began, self.clock() - kept.began, compared, tuple(differences))


def within(key: str, upto: str | None) -> bool:
    """Whether a key is not behind that one, in S3's order."""
    return upto is None or key.encode() <= upto.encode()


def suspects(kept: Kept) -> dict[str, Seen]:
    """What differed in any chunk, as it was seen first."""
    return {name: Pair(*seen) for chunk in kept.chunks.values() for name, seen in chunk["suspects"].items()}


def covered(kept: Kept) -> str:
    """How far the listing has come, in the order of keys."""
    if not kept.chunks:
        return "nothing was listed"
    upto = kept.chunks[str(len(kept.chunks) - 1)]["upto"]
    return "everything was listed; what differs was not looked at again" if upto is None else f"listed up to the key {upto}"
