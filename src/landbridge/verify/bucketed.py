"""Two lists too big for memory, compared by the sums of their buckets and then entry by entry where sums differ.

A finished part (a file's sums, a slice's entries) is kept, so that a killed comparison loses at most one.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from landbridge.model.region import Pair
from landbridge.verify.kept import Kept
from landbridge.verify.relations import BUCKETS, rows, sums
from landbridge.verify.sides import at_once

AT_ONCE = 400_000  # entries of suspect buckets joined in one slice; all of them may differ
AT_MOST = 100_000  # entries named; more than that differ only where a copy is broken

Ask = Callable[[str], list[tuple[Any, ...]]]
Sums = dict[int, tuple[int, int, int]]  # bucket -> entries, digests, failures


@dataclass(frozen=True, slots=True)
class Entry:
    """A name whose contents differ, or that replication gave up."""

    name: str
    seen: Pair[str | None]
    failed: bool


@dataclass
class Bucketed:
    """One comparison: the parts of each side by name, each a relation; `whole` is the relation over all of a side's."""

    ask: Ask
    parts: Pair[Mapping[str, str]]
    whole: Pair[str]
    kept: Kept
    buckets: int = BUCKETS
    compared: int = field(default=0, init=False)

    def run(self) -> list[Entry]:
        """Every entry that differs, at most AT_MOST."""
        source, target = at_once(self.parts, self._sums)
        suspects = {
            bucket: source.get(bucket, (0, 0, 0))[0] + target.get(bucket, (0, 0, 0))[0]
            for bucket in sorted(source.keys() | target.keys())
            if source.get(bucket, ())[:2] != target.get(bucket, ())[:2] or source.get(bucket, (0, 0, 0))[2]
        }
        found: list[Entry] = []
        for number, slice_ in enumerate(sliced(suspects)):
            found += self._rows(f"slice.{number}", slice_)
            if len(found) >= AT_MOST:
                break
        self.compared += sum(entry.seen.source is None for entry in found)
        return sorted(found[:AT_MOST], key=lambda entry: entry.name)

    def coverage(self) -> float:
        """The share of parts whose sums are known."""
        every = [*self.parts.source, *self.parts.target]
        return sum(name in self.kept.chunks for name in every) / max(1, len(every))

    def _sums(self, parts: Mapping[str, str]) -> Sums:
        """Sums of parts add up; without a modulus, so that nothing wraps."""
        added: Sums = {}
        for name, relation in parts.items():
            for bucket, entries, digests, failures in self._part(name, relation):
                before = added.get(bucket, (0, 0, 0))
                added[bucket] = before[0] + entries, before[1] + digests, before[2] + failures
            self.kept.chunks[name] = ()  # it is in the sums; a hundred parts would not stay small
        return added

    def _part(self, name: str, relation: str) -> list[list[int]]:
        if name not in self.kept.chunks:
            found = self.ask(sums(relation, self.buckets))
            self.kept.keep(name, [[int(value) for value in row] for row in found])
        self.compared += sum(row[1] for row in self.kept.chunks[name]) * (name in self.parts.source)
        part: list[list[int]] = self.kept.chunks[name]
        return part

    def _rows(self, name: str, numbers: Sequence[int]) -> list[Entry]:
        if name not in self.kept.chunks:
            found = self.ask(rows(self.whole.source, self.whole.target, numbers, self.buckets))
            self.kept.keep(name, [list(row) for row in found[:AT_MOST]])
        return [Entry(row[0], Pair(row[1], row[2]), bool(row[3])) for row in self.kept.chunks[name]]


def sliced(suspects: Mapping[int, int]) -> list[list[int]]:
    """The buckets in slices of at most AT_ONCE entries; a bucket of more is a slice of its own."""
    slices: list[list[int]] = []
    size = AT_ONCE
    for bucket, entries in suspects.items():
        if size + entries > AT_ONCE:
            slices.append([])
            size = 0
        slices[-1].append(bucket)
        size += entries
    return slices
