"""Athena asked the same text as DuckDB: started, waited for, read page by page; a query nobody waits for any more is stopped."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from botocore.exceptions import ClientError

from landbridge.aws.clients import Clients, said, speaking
from landbridge.model.errors import LandbridgeError, Refused
from landbridge.model.region import Region

PAUSE = 1.0
LIMIT = 3600.0  # seconds; a workgroup's own limit is 30 minutes unless it was raised
DENIED = frozenset({"AccessDenied", "AccessDeniedException"})
NEEDS = "athena:StartQueryExecution, GetQueryExecution, GetQueryResults and StopQueryExecution on the workgroup"
READS = (
    "the caller needs glue:GetDatabase, GetTable, CreateTable and DeleteTable on the database, "
    "s3:GetObject and s3:ListBucket where the lists lie, and s3:PutObject where results go"
)
MEANS: dict[str, Callable[[str], Any]] = {
    "boolean": lambda text: text == "true",
    "integer": int,
    "bigint": int,
    "decimal": int,  # the text's only decimals are sums of whole numbers
}


@dataclass(frozen=True)
class Athena:
    """One workgroup of one region, and the database where its tables lie."""

    clients: Clients
    region: Region
    workgroup: str
    database: str
    output: str  # s3://bucket/prefix/ where results go; empty = where the workgroup says
    clock: Callable[[], float]
    sleep: Callable[[float], None]

    def ask(self, text: str) -> list[tuple[Any, ...]]:
        """Every row of the answer, by its columns' types."""
        told = list(self._rows(self._done(text)))[1:]  # the first names the columns
        return [tuple(map(_value, types, data)) for types, data in told]

    @contextmanager
    def tables(self, wanted: Iterable["Table"]) -> Iterator[None]:
        """They are there inside; nothing of them stays."""
        made = list(wanted)
        try:
            for table in made:
                self._done(table.created(self.database))
            yield
        finally:
            for table in made:
                self._done(f"DROP TABLE IF EXISTS `{self.database}`.`{table.name}`")

    def named(self, table: "Table") -> str:
        """As a text names it."""
        return f"{self.database}.{table.name}"

    def _done(self, text: str) -> str:
        where = {"ResultConfiguration": {"OutputLocation": self.output}} if self.output else {}
        context = {"Database": self.database}
        with self._speaking("StartQueryExecution"):
            told = self._client.start_query_execution(
                QueryString=text, QueryExecutionContext=context, WorkGroup=self.workgroup, **where
            )
        query: str = told["QueryExecutionId"]
        try:
            self._wait(query)
        except BaseException:  # an interrupt, too: what nobody waits for costs all the same
            with suppress(LandbridgeError):
                self._stop(query)
            raise
        return query

    def _wait(self, query: str) -> None:
        until = self.clock() + LIMIT
        while True:
            with self._speaking("GetQueryExecution"):
                status = self._client.get_query_execution(QueryExecutionId=query)["QueryExecution"]["Status"]
            if status["State"] == "SUCCEEDED":
                return
            if status["State"] in {"FAILED", "CANCELLED"}:
                raise Refused(self.region, f"the query {query} of Athena", _why(status))
            if self.clock() >= until:
                raise Refused(self.region, f"the query {query} of Athena", f"it took longer than {LIMIT:.0f} s, and was stopped")
            self.sleep(PAUSE)

    def _stop(self, query: str) -> None:
        """It may have ended already; then nothing happens."""
        with self._speaking("StopQueryExecution"):
            self._client.stop_query_execution(QueryExecutionId=query)

    def _rows(self, query: str) -> Iterator[tuple[list[str], list[dict[str, str]]]]:
        """Each with the types of its columns, as text."""
        with self._speaking("GetQueryResults"):
            for page in self._client.get_paginator("get_query_results").paginate(QueryExecutionId=query):
                told = page["ResultSet"]
                types = [column["Type"] for column in told["ResultSetMetadata"]["ColumnInfo"]]
                yield from ((types, row["Data"]) for row in told["Rows"])

    @contextmanager
    def _speaking(self, what: str) -> Iterator[None]:
        with speaking(self.region, f"{what} in the workgroup {self.workgroup}"):
            try:
                yield
            except ClientError as error:
                if said(error) not in DENIED:
                    raise
                raise Refused(self.region, f"{what} in the workgroup {self.workgroup}", f"the caller needs {NEEDS}") from error

    @cached_property
    def _client(self) -> Any:
        return self.clients.client("athena", self.region)


@dataclass(frozen=True)
class Table:
    """Files of S3 as Athena reads them."""

    location: str  # s3://bucket/prefix/
    columns: Mapping[str, str]  # name -> type
    stored: str  # the row format, and how files are found

    @property
    def name(self) -> str:
        """The same for the same files, so that a comparison that was killed leaves nothing behind once it was resumed."""
        return f"landbridge_{hashlib.sha256(self.location.encode()).hexdigest()[:16]}"

    def created(self, database: str) -> str:
        """The statement that makes it."""
        columns = ", ".join(f"`{name}` {kind}" for name, kind in self.columns.items())
        return (
            f"CREATE EXTERNAL TABLE IF NOT EXISTS `{database}`.`{self.name}` ({columns}) {self.stored} LOCATION '{self.location}'"
        )


def _why(status: dict[str, Any]) -> str:
    reason = str(status.get("StateChangeReason", "")) or "it was cancelled"
    return f"{reason}; {READS}" if "denied" in reason.lower() else reason


def _value(kind: str, datum: dict[str, str]) -> Any:
    text = datum.get("VarCharValue")
    return text if text is None else MEANS.get(kind, str)(text)
