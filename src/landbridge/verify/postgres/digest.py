"""The statements that read one table: hashes of ranges of keys, of rows, of single keys. Nothing but hashes and keys travels.

PostgreSQL's hash of a record is a sum of its columns' hashes with fixed factors, so values that changed places between two
rows would leave a sum of such hashes as it was. So each hash is hashed again before it is added up, under two seeds; each of
the two takes another half of it. Sums don't depend on the order of rows, so a range of keys is one pair of figures.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from psycopg import sql
from psycopg.sql import SQL, Composable, Composed, Identifier

from landbridge.model.region import Pair
from landbridge.verify.postgres.schema import Column, Table
from landbridge.verify.postgres.server import Server

ALIKE = {  # by the beginning of a type's name
    "numeric": "trim_scale({})::text",
    "real": "({} + '0')::text",  # minus zero is zero
    "double precision": "({} + '0')::text",
    "interval": "justify_interval({})::text",
}
HALVES = (SQL("hashint8extended(h, 1)"), SQL("hashint8extended(h & 4294967295, 2)"))


@dataclass(frozen=True, slots=True)
class Form:
    """How the rows of a table are hashed, the same on both sides."""

    whole_text: bool  # each row as one text
    as_text: frozenset[str]  # columns hashed as text
    ordered: bool  # whether both sides sort the key alike


def form_of(both: Pair[Table], servers: Pair[Server], versions: Pair[int]) -> Form:
    """The fastest form that means the same on both sides."""
    whole = versions.source != versions.target
    as_text = {
        mine.name
        for mine, other in zip(both.source.columns, both.target.columns, strict=True)
        if mine.type != other.type
        or not (mine.plain and other.plain)
        or mine.type == "bigint[]"
        or (not whole and not _hashes(mine, servers.source))
    }
    orders = both.map(lambda table: [each.order for each in table.key])
    return Form(whole, frozenset(as_text), orders.source == orders.target)


def _hashes(column: Column, server: Server) -> bool:
    return server.accepts(SQL("SELECT hash_record_extended(ROW(NULL::{}), 0)").format(_type(column)))


def _type(column: Column) -> SQL:
    return SQL(column.type.replace("%", "%%"))  # spelled and quoted by format_type


@dataclass(frozen=True)
class Digest:
    """The statements for one table in one form."""

    table: Table
    form: Form

    @property
    def relation(self) -> Composable:
        """The table itself, without tables that inherit from it."""
        only = SQL("") if self.table.partitioned else SQL("ONLY ")
        return SQL("{}{}").format(only, named(self.table.schema, self.table.name))

    @property
    def row(self) -> Composable:
        """A row as it is hashed."""
        return self._record(self.table.columns)

    @property
    def key_text(self) -> Composable:
        """A key as it travels: each column's own text, which reads back as the same value."""
        return SQL("ARRAY[{}]").format(_list(SQL("{}::text").format(_of(each)) for each in self.table.key))

    @property
    def key(self) -> Composable:
        """The columns of a key, as it is sorted."""
        return _list(map(_of, self.table.key))

    def within(self, *, low: bool, high: bool) -> Composable:
        """The rows of the range `r`: from its low key on, before its high key; without an end, all on that side."""
        tests = [SQL("({}) >= ({})").format(self.key, self._given("l"))] if low else []
        if high:
            tests.append(SQL("({}) < ({})").format(self.key, self._given("h")))
        return SQL(" AND ").join(tests) if tests else SQL("true")

    @property
    def same_key(self) -> Composable:
        """The row whose key is `r`."""
        return SQL("({}) = ({})").format(self.key, self._given("l"))

    def _given(self, letter: str) -> Composable:
        names = (Identifier("r", f"{letter}{place}") for place in range(len(self.table.key)))
        return _list(SQL("{}::{}").format(name, _type(column)) for name, column in zip(names, self.table.key, strict=True))

    def key_hash(self) -> Composable:
        """A key's own hash: equal keys have one, however they are written."""
        return self.hashed(self._record(self.table.key))

    def hashed(self, record: Composable) -> Composable:
        """A record's hash of 64 bits."""
        return SQL("hashtextextended({}, 1)" if self.form.whole_text else "hash_record_extended({}, 1)").format(record)

    def sums(self, where: Composable) -> Composed:
        """How many rows there are, and two sums over them; each row is put together and hashed once."""
        hashes = SQL("SELECT {} AS h FROM {} t WHERE {} OFFSET 0").format(self.hashed(self.row), self.relation, where)
        return SQL("SELECT count(*), sum({})::text, sum({})::text FROM ({}) y").format(*HALVES, hashes)

    def rows(self, where: Composable) -> Composed:
        """Every row: its key's hash, its own, its key, its version."""
        return SQL("SELECT {}, {}, {}, t.xmin::text FROM {} t WHERE {}").format(
            self.key_hash(), self.hashed(self.row), self.key_text, self.relation, where
        )

    def _record(self, columns: Iterable[Column]) -> Composable:
        values = _list(value for column in columns for value in self._values(column))
        record = SQL("ROW({})").format(values)
        return SQL('{}::text COLLATE "C"').format(record) if self.form.whole_text else record

    def _values(self, column: Column) -> Iterator[Composable]:
        if self.form.whole_text or column.name in self.form.as_text:
            yield _spelling(column).format(_of(column))
            return
        yield _of(column)
        if column.type == "bigint":  # its hash is of both halves laid over each other: -1 has that of 4294967295
            yield SQL("({} >> 32)").format(_of(column))


def _spelling(column: Column) -> SQL:
    """Values that PostgreSQL calls equal are spelled alike, so that both forms have one rule."""
    spelled = (
        "" if column.type.endswith("]") else next((each for name, each in ALIKE.items() if column.type.startswith(name)), "")
    )
    return SQL(spelled or '{}::text COLLATE "C"')


def named(*names: str) -> Identifier:
    """A name in a statement that takes parameters, where a percent sign is written twice."""
    return Identifier(*(name.replace("%", "%%") for name in names))


def _of(column: Column) -> Identifier:
    return named("t", column.name)


def _list(parts: Iterable[Composable]) -> Composed:
    return sql.SQL(", ").join(parts)
