"""How we get into a customer's database: one statement a connection, quick or not at all."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, LiteralString

import psycopg
from psycopg import errors
from psycopg.conninfo import make_conninfo

from landbridge.model.errors import Unreachable
from landbridge.model.region import Region
from landbridge.replicate.aurora import Address

CONNECT_SECONDS = 3
QUICK = "-c statement_timeout=3000 -c lock_timeout=3000 -c synchronous_commit=on"


@dataclass(frozen=True)
class Login:
    """A user whose password is asked for each time, so that a rotated secret is no surprise.

    `tls` is libpq's own words: on AWS `verify-full` with the bundle of RDS's certificates.
    """

    user: str
    password: Callable[[], str] = field(repr=False)
    database: str
    tls: Mapping[str, str]

    def rows(self, region: Region, at: Address, statement: LiteralString, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """What a statement gives; Unreachable when the database does not answer, lets nobody in, or only reads."""
        try:
            with psycopg.connect(self._where(at), autocommit=True) as connection:
                cursor = connection.execute(statement, values)
                return cursor.fetchall() if cursor.description else []
        except (psycopg.OperationalError, errors.ReadOnlySqlTransaction) as silent:
            raise Unreachable(region, f"the database at {at.host}:{at.port}: {type(silent).__name__}") from silent

    def _where(self, at: Address) -> str:
        return make_conninfo(
            host=at.host,
            port=at.port,
            user=self.user,
            password=self.password(),
            dbname=self.database,
            connect_timeout=CONNECT_SECONDS,
            options=QUICK,
            **self.tls,
        )
