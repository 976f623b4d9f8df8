"""Both sides of a table read at once in parallel segments, page by page; each page is kept before the next is asked for."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

from landbridge.model.errors import BadInput
from landbridge.model.measure import Side
from landbridge.model.region import Pair
from landbridge.verify.kept import Kept
from landbridge.verify.settle import Seen
from landbridge.verify.sides import at_once
from landbridge.verify.tables.canonical import digest
from landbridge.verify.tables.spool import PREFIXES, Line, Spool, of_prefixes, total
from landbridge.verify.tables.wire import Copy, Item, key_of

T = TypeVar("T")
SIDES = Pair(Side.SOURCE, Side.TARGET)
IN_MEMORY = 500_000  # items of suspect prefixes held at once


@dataclass
class Scan:
    """One pass over both copies, as far as it has come."""

    copies: Pair[Copy]
    segments: int
    reserved: Callable[[str], bool]
    kept: Kept

    def __post_init__(self) -> None:
        self.spools = SIDES.map(lambda side: [self._spool(side, number) for number in range(self.segments)])

    def run(self) -> None:
        """Reads to the end; where one segment fails, the others stop after their page."""
        names = at_once(self.copies, lambda copy: copy.names())
        if names.source != names.target:
            raise BadInput(
                "table keys", f"are {names.source} at the source and {names.target} at the target", "compare two copies"
            )
        stop = threading.Event()
        with ThreadPoolExecutor(2 * self.segments) as pool:
            every = [(side, number) for number in range(self.segments) for side in SIDES]
            runs = [pool.submit(self._segment, side, number, names.source, stop) for side, number in every]
        for run in runs:
            run.result()

    def items(self) -> Pair[int]:
        """How many were read."""
        return self.spools.map(lambda side: sum(spool.items for spool in side))

    def coverage(self) -> float:
        """The share of segments read to their end."""
        return sum(self._ended(side, number) for side in SIDES for number in range(self.segments)) / (2 * self.segments)

    def suspects(self, at_most: int) -> dict[bytes, Seen]:
        """The keys whose digests differ, at most so many."""
        return dict(islice(self._differing(), at_most))

    def _differing(self) -> Iterator[tuple[bytes, Seen]]:
        source, target = self.spools.map(total)
        prefixes = sorted(number for number in source.keys() | target.keys() if source[number] != target[number])
        step = max(1, IN_MEMORY * PREFIXES // (1 + sum(self.items())))
        for at in range(0, len(prefixes), step):
            wanted = frozenset(prefixes[at : at + step])
            ours, theirs = self.spools.map(lambda side, wanted=wanted: of_prefixes(side, wanted))  # type: ignore[misc]
            for key in sorted(ours.keys() | theirs.keys()):
                if ours.get(key) != theirs.get(key):
                    yield key, Pair(ours.get(key), theirs.get(key))

    def _segment(self, side: Side, number: int, names: tuple[str, ...], stop: threading.Event) -> None:
        copy, spool = of(self.copies, side), of(self.spools, side)[number]
        start = self.kept.chunks.get(f"{side}.{number}", {}).get("next")
        try:
            while not (self._ended(side, number) or stop.is_set()):
                items, start = copy.page(number, self.segments, start)
                spool.add(self._lines(items, names))
                self.kept.keep(f"{side}.{number}", {"length": spool.length, "next": start})
        except BaseException:
            stop.set()
            raise

    def _lines(self, items: list[Item], names: tuple[str, ...]) -> Iterator[Line]:
        first = names[0]
        for item in items:
            if not self.reserved(item[first].get("S", "")):
                yield key_of(item, names), digest(item)

    def _ended(self, side: Side, number: int) -> bool:
        chunk = self.kept.chunks.get(f"{side}.{number}")
        return chunk is not None and chunk["next"] is None

    def _spool(self, side: Side, number: int) -> Spool:
        made, name = Spool(self.kept.folder / f"{side}.{number}.spool"), f"{side}.{number}"
        if not made.restore(self.kept.chunks.get(name, {"length": 0})["length"]):
            self.kept.chunks.pop(name, None)
            made = Spool(made.path)
            made.path.write_bytes(b"")
        return made


def of(pair: Pair[T], side: Side) -> T:
    """The one of that side."""
    return pair.source if side is Side.SOURCE else pair.target
