"""One side's server, asked read-only; whatever it answers but rows becomes one sentence with the way out."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, LiteralString

import psycopg
from psycopg import errors, sql
from psycopg.conninfo import make_conninfo

from landbridge.model.measure import Side
from landbridge.verify.port import Unfinished

Row = tuple[Any, ...]
Query = LiteralString | sql.SQL | sql.Composed

SETTINGS = {
    "default_transaction_read_only": "on",
    "search_path": "pg_catalog",  # names are then written out in full, the same on both sides
    "TimeZone": "UTC",
    "DateStyle": "ISO, YMD",
    "IntervalStyle": "postgres",
    "extra_float_digits": "1",
    "bytea_output": "hex",
    "lc_monetary": "C",
    "max_parallel_workers_per_gather": "0",  # never more than one core of a server that has users
    "jit": "off",
    "row_security": "off",  # rows a policy would hide are an error, not a silence
    "client_connection_check_interval": "1s",  # a killed client's statement ends too
}


class TooSlow(Unfinished):
    """A statement ran into its time limit, or a standby cancelled it to go on replaying: ask for less at once."""


class Lacking(Unfinished):
    """The server has no such function for such a type."""


@dataclass
class Server:
    """One side's database."""

    side: Side
    conninfo: str
    statement_seconds: float
    password: str | None = field(default=None, repr=False)
    _connection: "psycopg.Connection[Row] | None" = field(default=None, init=False)

    def ask(self, query: Query, params: Sequence[Any] | Mapping[str, Any] = ()) -> list[Row]:
        """The rows of one statement, which sees one moment of the database."""
        with self._speaking():
            text = sql.SQL(query) if isinstance(query, str) else query
            rows: list[Row] = self._connected().execute(text, params).fetchall()
            return rows

    def accepts(self, query: Query) -> bool:
        """Whether the server has the functions a statement asks for."""
        try:
            self.ask(query)
        except Lacking:
            return False
        return True

    def close(self) -> None:
        """Lets the server go."""
        if self._connection:
            self._connection.close()
            self._connection = None

    def _connected(self) -> "psycopg.Connection[Row]":
        if self._connection is None:
            settings = {**SETTINGS, "statement_timeout": f"{self.statement_seconds * 1000:.0f}"}
            conninfo = make_conninfo(self.conninfo, password=self.password)  # None = it is in a password file
            opened = psycopg.connect(conninfo, autocommit=True, connect_timeout=10, application_name="landbridge verify")
            asked = "SELECT set_config(name, value, false) FROM unnest(%s::text[], %s::text[]) AS given (name, value)"
            opened.execute(asked, [list(settings), list(settings.values())])
            self._connection = opened
        return self._connection

    @contextmanager
    def _speaking(self) -> Iterator[None]:
        try:
            yield
        except (errors.QueryCanceled, errors.SerializationFailure) as error:
            what = f"a statement was cancelled ({_line(error)})"
            raise TooSlow(
                f"the {self.side}'s database", what, "raise verify.database.statement_seconds, or lower its load"
            ) from None
        except errors.InsufficientPrivilege as error:
            raise self._unfinished(_line(error), "grant its user SELECT there (pg_read_all_data has it all)") from None
        except errors.UndefinedFunction as error:
            raise Lacking(f"the {self.side}'s database", _line(error), "compare with a newer version") from None
        except psycopg.OperationalError as error:
            self.close()
            raise self._unfinished(
                f"gave no answer ({_line(error)})", "start it, or correct its line in verify.database"
            ) from None
        except psycopg.Error as error:
            raise self._unfinished(
                f"refused a statement ({_line(error)})", "compare again once its definition stands still"
            ) from None

    def _unfinished(self, what: str, fix: str) -> Unfinished:
        return Unfinished(f"the {self.side}'s database", what, fix)


def _line(error: psycopg.Error) -> str:
    return "".join(str(error).strip().splitlines()[:1]).rstrip(".")
