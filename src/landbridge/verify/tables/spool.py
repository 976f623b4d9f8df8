"""What one segment's scan has read: a line an item in a file, and sums that tell at once which prefixes differ.

A scan is never paid for twice: drilling down reads the file. Memory holds the sums alone, whatever the table's size.
"""

import zlib
from binascii import hexlify
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

PREFIXES = 1 << 16  # of which live writes on their way touch few
HEX = 32  # characters of a digest

Line = tuple[bytes, bytes]  # key, digest


def prefix(key: bytes) -> int:
    """The first bits of the key's hash."""
    return zlib.crc32(key) % PREFIXES


@dataclass
class Spool:
    """One segment of one side."""

    path: Path
    length: int = 0
    items: int = 0
    sums: Counter[int] = field(default_factory=Counter)

    def restore(self, length: int) -> bool:
        """Takes up what was read before, as far as it was finished; False = the file does not hold that much."""
        if not self.path.exists() or self.path.stat().st_size < length:
            return False
        with self.path.open("r+b") as file:
            file.truncate(length)
        self._count((key, bytes.fromhex(digest)) for key, digest in self.lines())
        self.length = length
        return True

    def add(self, lines: Iterable[Line]) -> None:
        """One page more."""
        found = list(lines)
        self._count(found)
        with self.path.open("ab") as file:
            file.write(b"".join([b"%b %b\n" % (hexlify(digest), key) for key, digest in found]))
            self.length = file.tell()

    def lines(self) -> Iterator[tuple[bytes, str]]:
        """Everything read so far, with digests in hex."""
        if not self.path.exists():
            return
        with self.path.open("rb") as file:
            for line in file:
                yield line[HEX + 1 : -1], line[:HEX].decode()

    def _count(self, lines: Iterable[Line]) -> None:
        sums, items = self.sums, 0
        for items, (key, digest) in enumerate(lines, 1):  # noqa: B007 it is the count afterwards
            place = prefix(key)
            sums[place] = sums.get(place, 0) + int.from_bytes(digest, "big")
        self.items += items


def total(spools: Iterable[Spool]) -> Counter[int]:
    """The order-free sum of each prefix over all segments; without a modulus, so that nothing wraps."""
    added = Counter[int]()
    for spool in spools:
        added.update(spool.sums)
    return added


def of_prefixes(spools: Iterable[Spool], wanted: frozenset[int]) -> dict[bytes, str]:
    """Key and digest of every item in these prefixes."""
    return {key: digest for spool in spools for key, digest in spool.lines() if prefix(key) in wanted}
