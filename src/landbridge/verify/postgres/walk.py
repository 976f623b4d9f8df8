"""One table walked range by range on both sides at once; a range that differs is cut until its rows are few enough to read."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar

from landbridge.model.region import Pair
from landbridge.verify.postgres.pace import Pace
from landbridge.verify.postgres.reading import Key, Range, Reading, Rows, Sums
from landbridge.verify.postgres.server import TooSlow
from landbridge.verify.sides import at_once

RANGE_ROWS, RANGE_BYTES = 2000, 16 * 2**20  # what the first look tells apart, at most
LEAF_ROWS = 250  # a range whose rows are read
AT_ONCE = 16  # ranges that are cut at once
PARTS = 64  # into at most so many
SMALL_PAGES = 400  # up to which every key is counted; above, a sample of pages
MOST_RANGES = 20_000
BUCKET_ROWS = 500
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Chunk:
    """What one statement a side has told."""

    rows: int
    suspects: tuple[Key, ...]
    after: Key | None  # everything before it is read; None = to the end
    share: float  # of the table
    too_many: bool = False  # suspects; not all of them are named


@dataclass(frozen=True)
class Walk:
    """Both sides of one table."""

    readings: Pair[Reading]
    pace: Pace
    most: int  # suspects a chunk names

    def chunks(self, after: Key | None) -> Iterator[Chunk]:
        """From a key on, one statement a side at a time."""
        if not self.readings.source.digest.form.ordered:
            yield self._buckets()
            return
        ranges, at = self._ranges(after), 0
        while at < len(ranges):
            part = ranges[at : at + self.pace.step]
            if sums := self._paced(part):
                at += len(part)
                suspects = self._suspects(part, sums)
                rows = sum(count for count, _, _ in sums.source)
                yield Chunk(rows, suspects, part[-1].high, at / len(ranges), len(suspects) > self.most)
                self.pace.rest()  # what is read is kept by now

    def _paced(self, part: Sequence[Range]) -> Pair[list[Sums]] | None:
        began = self.pace.clock()
        try:
            sums = at_once(self.readings, lambda reading: reading.sums(part))
        except TooSlow:
            if not self.pace.too_slow(len(part)):
                raise
            return None
        self.pace.took(self.pace.clock() - began, len(part))
        return sums

    def _ranges(self, after: Key | None) -> list[Range]:
        """Cut by keys of whichever side has more; a sample of its pages is enough, since only their order must be right."""
        fuller = max(self.readings, key=lambda reading: reading.digest.table.size)
        table = fuller.digest.table
        rows = max(1, table.rows)
        every = max(1, min(RANGE_ROWS, RANGE_BYTES * rows // max(1, table.size)), rows // MOST_RANGES)
        percent = None
        if table.pages > SMALL_PAGES:
            percent = min(100.0, 100 * (rows / every) / table.pages)
            every = max(1, round(every * percent / 100))
        (marks,) = fuller.marks([Range(after, None)], every, percent)
        return _cut(Range(after, None), marks)

    def _suspects(self, ranges: Sequence[Range], sums: Pair[list[Sums]]) -> tuple[Key, ...]:
        """The keys that differ in these ranges; not many more than are named."""
        odd = [(each, max(a[0], b[0])) for each, a, b in zip(ranges, *sums, strict=True) if a != b]
        leaves, wide = [each for each, rows in odd if rows <= LEAF_ROWS], [each for each in odd if each[1] > LEAF_ROWS]
        found: tuple[Key, ...] = ()
        for part in _batches(leaves):
            found += differing(at_once(self.readings, lambda reading, part=part: reading.rows(part)))  # type: ignore[misc]
            if len(found) > self.most:
                return found
        for batch in _batches(wide):
            found += self._narrowed([each for each, _ in batch], max(rows for _, rows in batch))
            if len(found) > self.most:
                break
        return found

    def _narrowed(self, wide: Sequence[Range], rows: int) -> tuple[Key, ...]:
        """Each cut by its keys of whichever side has more."""
        every = max(LEAF_ROWS // 2, rows // PARTS)
        marks = at_once(self.readings, lambda reading: reading.marks(wide, every))
        parts = [part for each, *cuts in zip(wide, *marks, strict=True) for part in _cut(each, max(cuts, key=len))]
        return self._suspects(parts, at_once(self.readings, lambda reading: reading.sums(parts)))

    def _buckets(self) -> Chunk:
        """Where the sides sort differently no range is the same on both: keys are dealt into buckets by their hashes."""
        rows = max(reading.digest.table.rows for reading in self.readings)
        mask = (1 << max(4, (rows // BUCKET_ROWS).bit_length())) - 1
        sums = at_once(self.readings, lambda reading: reading.bucket_sums(mask))
        odd = sorted(b for b in sums.source.keys() | sums.target.keys() if sums.source.get(b) != sums.target.get(b))
        suspects: tuple[Key, ...] = ()
        for part in _batches(odd, self.most):
            suspects += differing(at_once(self.readings, lambda reading, part=part: reading.bucket_rows(mask, part)))  # type: ignore[misc]
        return Chunk(sum(count for count, _, _ in sums.source.values()), suspects, None, 1.0, len(suspects) > self.most)


def differing(rows: Pair[Rows]) -> tuple[Key, ...]:
    """The keys whose rows are not the same."""
    source, target = rows
    return tuple(
        (source.get(key) or target[key]).key
        for key in sorted(source.keys() | target.keys())
        if key not in source or key not in target or source[key].hashed != target[key].hashed
    )


def _cut(whole: Range, marks: Sequence[Key]) -> list[Range]:
    return [Range(low, high) for low, high in pairwise((whole.low, *marks, whole.high))]


def _batches(parts: Sequence[T], size: int = AT_ONCE) -> Iterator[Sequence[T]]:
    return (parts[at : at + size] for at in range(0, len(parts), size))
