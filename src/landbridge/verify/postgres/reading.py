"""One table of one side, read by ranges of keys in the key's order, or by buckets where the two sides sort differently.

A statement reads many ranges: it walks the key's index, and a row costs no more than in one query over everything.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import LiteralString

from psycopg.sql import SQL, Composable, Composed, Identifier, Literal

from landbridge.verify.postgres.digest import HALVES, Digest
from landbridge.verify.postgres.server import Row, Server

Key = tuple[str, ...]
Sums = tuple[int, str | None, str | None]


@dataclass(frozen=True, slots=True)
class Range:
    """Keys from `low` on and before `high`; None = no end on that side."""

    low: Key | None
    high: Key | None


@dataclass(frozen=True, slots=True)
class Found:
    """One row: its hash, its key, and which version of it this is."""

    hashed: int
    key: Key
    written: str


LOOKED_AT = 2000  # keys a statement
Rows = dict[int, Found]  # by the key's hash


@dataclass(frozen=True)
class Reading:
    """The statements of a digest, asked of one side."""

    server: Server
    digest: Digest

    def sums(self, ranges: Sequence[Range]) -> list[Sums]:
        """For each range how many rows it has and the sums of their hashes."""
        return [(count, a, b) for count, a, b in self._each(ranges, self.digest.sums, "s.*")]

    def rows(self, ranges: Sequence[Range]) -> Rows:
        """Every row of the ranges."""
        return _found(self._each(ranges, self.digest.rows, "s.*"))

    def marks(self, ranges: Sequence[Range], every: int, percent: float | None = None) -> list[list[Key]]:
        """For each range every so many-th of its keys, in order; of a share of the table's pages only, if one is given."""
        picked = SQL("") if percent is None else SQL("TABLESAMPLE SYSTEM ({}) REPEATABLE (0)").format(Literal(percent))
        marks: list[list[Key]] = [[] for _ in ranges]
        for number, key, _ in self._each(ranges, lambda where: self._numbered(where, every, picked), "r.n, s.* ORDER BY 1, 3"):
            marks[number].append(tuple(key))
        return marks

    def look(self, keys: Sequence[Key]) -> Rows:
        """The rows of these keys, as they are now."""
        inner = self.digest.rows(self.digest.same_key)
        parts = (keys[at : at + LOOKED_AT] for at in range(0, len(keys), LOOKED_AT))
        return _found(row for part in parts for row in self._laid([("l", part)], range(len(part)), inner, "s.*"))

    def bucket_sums(self, mask: int) -> dict[int, Sums]:
        """The sums for each bucket of keys, all in one walk over the table."""
        row, bucket = self.digest.hashed(self.digest.row), self._bucket(mask)
        inner = SQL("SELECT {} AS k, {} AS h FROM {} t OFFSET 0").format(bucket, row, self.digest.relation)
        query = SQL("SELECT k, count(*), sum({})::text, sum({})::text FROM ({}) y GROUP BY k").format(*HALVES, inner)
        return {bucket: (count, a, b) for bucket, count, a, b in self.server.ask(query)}

    def bucket_rows(self, mask: int, buckets: Sequence[int]) -> Rows:
        """Every row of some buckets."""
        where = SQL("{} = ANY(%s)").format(self._bucket(mask))
        return _found(self.server.ask(self.digest.rows(where), [list(buckets)]))

    def _bucket(self, mask: int) -> Composable:
        return SQL("({} & {})").format(self.digest.key_hash(), Literal(mask))

    def _numbered(self, where: Composable, every: int, picked: Composable) -> Composed:
        """Only the keys that are picked are spelled out; `#` is no column of anybody's key."""
        key, relation = self.digest.key, self.digest.relation
        counted = SQL('SELECT {}, row_number() OVER (ORDER BY {}) AS "#" FROM {} t {} WHERE {}')
        inner = counted.format(key, key, relation, picked, where)
        chosen = SQL('SELECT {}, t."#" FROM ({}) t WHERE mod(t."#", {}) = 0')
        return chosen.format(self.digest.key_text, inner, Literal(every))

    def _each(self, ranges: Sequence[Range], inner: Callable[[Composable], Composed], wanted: LiteralString) -> Iterator[Row]:
        """One statement for all ranges that have the same ends: only the first and the last of a table lack one."""
        for (low, high), group in groupby(enumerate(ranges), lambda each: (each[1].low is not None, each[1].high is not None)):
            numbers, alike = zip(*group, strict=True)
            ends = [("l", [each.low or () for each in alike])] if low else []
            ends += [("h", [each.high or () for each in alike])] if high else []
            yield from self._laid(ends, numbers, inner(self.digest.within(low=low, high=high)), wanted)

    def _laid(
        self, ends: Sequence[tuple[str, Sequence[Key]]], numbers: Sequence[int], inner: Composed, wanted: LiteralString
    ) -> list[Row]:
        """Asks `inner` for each of the numbered keys or ranges, `r`."""
        places = range(len(self.digest.table.key))
        names = [SQL("n"), *(Identifier(f"{letter}{place}") for letter, _ in ends for place in places)]
        given = SQL(", ").join([SQL("%s::int[]"), *[SQL("%s::text[]")] * (len(names) - 1)])
        columns = [[key[place] for key in keys] for _, keys in ends for place in places]
        picked, _, order = wanted.partition(" ORDER BY ")
        query = SQL("SELECT {} FROM unnest({}) AS r({}) CROSS JOIN LATERAL ({}) s ORDER BY {}").format(
            SQL(picked), given, SQL(", ").join(names), inner, SQL(order or "r.n")
        )
        return self.server.ask(query, [list(numbers), *columns])


def _found(rows: Iterable[Row]) -> Rows:
    return {place: Found(hashed, tuple(key), written) for place, hashed, key, written in rows}
