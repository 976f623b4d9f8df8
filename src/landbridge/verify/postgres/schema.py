"""How a database is defined: its tables as they can be compared, and every definition as one text under one name."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib import resources
from typing import Any, LiteralString

from landbridge.model.region import Pair
from landbridge.verify.postgres.server import Server


@dataclass(frozen=True, slots=True)
class Column:
    """A column by its name and type; `order` says how its values are sorted where that is a matter of collation."""

    name: str
    type: str
    key: int  # its place in the primary key, from 1; 0 = none
    order: str
    plain: bool  # whether its hash is the same in every database: an enum's is not


@dataclass(frozen=True, slots=True)
class Table:
    """One table, or a partitioned table as a whole."""

    schema: str
    name: str
    partitioned: bool
    rows: int  # as the statistics have it, or as its pages suggest
    pages: int  # without what is stored out of line
    size: int  # with it
    columns: tuple[Column, ...]

    @property
    def full_name(self) -> str:
        """As people write it."""
        return f"{self.schema}.{self.name}"

    @property
    def key(self) -> tuple[Column, ...]:
        """The columns of its primary key, in the key's order."""
        return tuple(sorted((each for each in self.columns if each.key), key=lambda each: each.key))


SEQUENCES = "SELECT schemaname || '.' || sequencename, last_value, increment_by > 0 FROM pg_sequences"


def tables(server: Server) -> dict[str, Table]:
    """Every table of a side that holds rows, by its full name."""
    made: dict[str, list[Sequence[Any]]] = {}
    for row in server.ask(_text("tables.sql"), [server.side.value]):
        made.setdefault(f"{row[0]}.{row[1]}", []).append(row)
    return {name: _table(rows) for name, rows in made.items()}


def _text(name: str) -> LiteralString:
    """A statement long enough for a file of its own, where a database's people can read it."""
    return resources.files(__package__).joinpath(name).read_text(encoding="utf-8")


def _table(rows: list[Sequence[Any]]) -> Table:
    schema, name, partitioned, count, pages, size = rows[0][:6]
    return Table(schema, name, partitioned, count, pages, size, tuple(Column(*row[6:]) for row in rows))


def definitions(server: Server) -> dict[str, str]:
    """Everything that is defined in a side's database, by what it is and its name."""
    return {str(name): str(text) for name, text in server.ask(_text("definitions.sql"))}


def version(server: Server) -> int:
    """The major version of a side's server."""
    return int(server.ask("SHOW server_version_num")[0][0]) // 10000


def shared(both: Pair[Table]) -> Pair[Table]:
    """A table of both sides, cut down to the columns that both have, in one order."""
    names = {each.name for each in both.source.columns} & {each.name for each in both.target.columns}
    return both.map(lambda table: _only(table, names))


def _only(table: Table, names: set[str]) -> Table:
    kept = tuple(sorted((each for each in table.columns if each.name in names), key=lambda each: each.name))
    return replace(table, columns=kept)


def unlike(both: Pair[dict[str, str]]) -> list[str]:
    """The names that are not defined alike on both sides."""
    return sorted(name for name in both.source.keys() | both.target.keys() if both.source.get(name) != both.target.get(name))


def sequences(server: Server) -> dict[str, tuple[int, bool]]:
    """Where each sequence that was used stands, and whether it rises."""
    return {name: (last, rises) for name, last, rises in server.ask(SEQUENCES) if last is not None}
