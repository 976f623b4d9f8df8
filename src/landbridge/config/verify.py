"""What `landbridge verify` compares, store by store, and how gently.

Every description below is shown to the operator as the fix when a value is refused.
"""

from typing import Annotated, Self

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict
from pydantic import AfterValidator, Field, model_validator

from landbridge.config.frozen import Spec


def _without_password(conninfo: str) -> str:
    try:
        known = conninfo_to_dict(conninfo)
    except ProgrammingError as error:
        raise ValueError(
            f"it is no connection string ({str(error).strip()}): write one like host=db.example dbname=trading"
        ) from None
    if "password" in known:
        raise ValueError("a password does not belong in this file: put it into a password file, and name that in PGPASSFILE")
    return conninfo


Connection = Annotated[
    str,
    AfterValidator(_without_password),
    Field(min_length=3, description="a connection string like host=db.example dbname=trading"),
]
TableName = Annotated[str, Field(pattern=r"^[^.]+\..+$", description="a table with its schema, like public.orders")]
Place = Annotated[
    str,
    Field(
        pattern=r"^(s3://[a-z0-9.-]{3,63}/([A-Za-z0-9!_.*()=/-]+/)?)?$",
        description="a place like s3://bucket/prefix/, or nothing",
    ),
]
Tables = Annotated[tuple[TableName, ...], Field(strict=False, description='tables with their schemas, like ["public.orders"]')]


class Database(Spec):
    """The database of both sides."""

    source: Connection
    target: Connection
    tables: Tables = ()
    leave_out: Tables = ()
    chunk_seconds: Annotated[float, Field(gt=0, le=60, description="seconds above 0, at most 60")] = 0.5
    statement_seconds: Annotated[float, Field(ge=0.01, le=3600, description="seconds from 0.01 to 3600")] = 60.0
    max_load: Annotated[float, Field(gt=0, le=1, description="a share above 0, at most 1")] = 0.5
    settle_seconds: Annotated[float, Field(ge=0, le=3600, description="seconds from 0 to 3600")] = 30.0
    patience_seconds: Annotated[float, Field(gt=0, le=86_400, description="seconds above 0, at most a day")] = 300.0
    most_differences: Annotated[int, Field(ge=1, le=100_000, description="a number from 1 to 100000")] = 1000
    changes: Annotated[str, Field(pattern="^[a-z0-9_]{0,63}$", description="the name of a replication slot, or nothing")] = ""

    @model_validator(mode="after")
    def _a_chunk_fits_its_limit(self) -> Self:
        if self.chunk_seconds > self.statement_seconds:
            raise ValueError("chunk_seconds is above statement_seconds: no chunk would ever be finished")
        return self


class Items(Spec):
    """The global tables of both regions."""

    names: Annotated[
        tuple[Annotated[str, Field(pattern="^(state|analytics|commands)$")], ...],
        Field(strict=False, min_length=1, description='some of "state", "analytics", "commands"'),
    ]
    read_units: Annotated[float, Field(gt=0, description="read units a second and side, above 0")] = 1000.0
    exports: Place = ""


class History(Spec):
    """The buckets of history of both regions."""

    prefix: Annotated[str, Field(max_length=512, description="the beginning of the keys that are compared, or nothing")] = ""
    same_versions: bool = True
    settle_seconds: Annotated[float, Field(ge=0, le=86_400, description="seconds from 0 to a day")] = 900.0
    source_list: Place = ""
    target_list: Place = ""

    @model_validator(mode="after")
    def _both_lists_or_none(self) -> Self:
        if bool(self.source_list) != bool(self.target_list):
            raise ValueError("one list is named without the other: name where both regions deliver their inventories")
        return self


class Market(Spec):
    """The source's live stream and the target's mirror."""

    window_seconds: Annotated[float, Field(gt=0, le=604_800, description="seconds above 0, at most a week")] = 600.0
    lag_seconds: Annotated[float, Field(ge=0, le=3600, description="seconds from 0 to an hour")] = 30.0
    calls_per_second: Annotated[float, Field(gt=0, le=5, description="reads a second and shard, above 0, at most 5")] = 1.0


class Query(Spec):
    """The workgroup of Athena that compares lists and exports where they lie, in the target's region."""

    workgroup: Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,128}$", description="the name of a workgroup")] = "primary"
    database: Annotated[str, Field(pattern="^[a-z0-9_]{1,255}$", description="the name of a database of Glue")] = "default"
    output: Place = ""


class Verify(Spec):
    """The stores that `landbridge verify` compares; one that is left out is not compared."""

    database: Database | None = None
    tables: Items | None = None
    history: History | None = None
    market: Market | None = None
    athena: Query | None = None

    @model_validator(mode="after")
    def _exports_need_athena(self) -> Self:
        if self.tables and self.tables.exports and not self.athena:
            raise ValueError(
                "tables.exports is given without [verify.athena]: add it, or leave exports out and have tables scanned"
            )
        return self
