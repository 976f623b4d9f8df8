"""Athena is asked and waited for within bounds; what it says no to is one sentence with what the caller needs."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from botocore.exceptions import ClientError
from tests.fakes import TARGET, Clock

from landbridge.aws.clients import Clients
from landbridge.model.errors import Refused
from landbridge.verify.athena import LIMIT, Athena, Table

TYPES = ("varchar", "bigint", "decimal", "boolean")


@dataclass
class FakeAthena:
    """A workgroup whose queries stand as they are laid out, one state a look; the last one stays."""

    states: list[dict[str, str]] = field(default_factory=lambda: [{"State": "SUCCEEDED"}])
    denies: str = ""
    asked: list[dict[str, Any]] = field(default_factory=list)
    stopped: list[str] = field(default_factory=list)

    def start_query_execution(self, **what: Any) -> dict[str, str]:
        """Another query."""
        if self.denies == "start":
            told = {"Error": {"Code": "AccessDeniedException", "Message": "no"}, "ResponseMetadata": {"HTTPStatusCode": 400}}
            raise ClientError(told, "StartQueryExecution")
        self.asked.append(what)
        return {"QueryExecutionId": f"q{len(self.asked)}"}

    def get_query_execution(self, **_which: str) -> dict[str, Any]:
        """Where it stands."""
        return {"QueryExecution": {"Status": self.states.pop(0) if len(self.states) > 1 else self.states[0]}}

    def stop_query_execution(self, **which: str) -> None:
        """Nobody waits for it any more."""
        self.stopped.append(which["QueryExecutionId"])

    def get_paginator(self, _operation: str) -> "FakeAthena":
        """Of results."""
        return self

    def paginate(self, **_which: str) -> list[dict[str, Any]]:
        """Two pages; only the first one names the columns."""
        told = {"ColumnInfo": [{"Type": kind} for kind in TYPES]}
        names = {"Data": [{"VarCharValue": name} for name in ("name", "entries", "digests", "failed")]}
        rows = [{"Data": [{"VarCharValue": "a"}, {"VarCharValue": "2"}, {"VarCharValue": str(2**70)}, {"VarCharValue": "true"}]}]
        more = [{"Data": [{}, {"VarCharValue": "3"}, {}, {"VarCharValue": "false"}]}]
        return [{"ResultSet": {"ResultSetMetadata": told, "Rows": each}} for each in ([names, *rows], more)]


Made = Callable[[FakeAthena], Athena]


@pytest.fixture(name="clock")
def _clock() -> Clock:
    """Sleeping is looking at it later."""
    return Clock()


@pytest.fixture(name="made")
def _made(clock: Clock) -> Made:
    """As the product makes it, over the fake."""

    def make(fake: FakeAthena) -> Athena:
        clients = Clients()
        clients._made["athena", TARGET, True] = fake
        return Athena(clients, TARGET, "audit", "lists", "s3://bucket/answers/", clock, clock.sleep)

    return make


def test_an_answer_has_the_types_of_its_columns(made: Made) -> None:
    """Over all pages, without the names; what is NULL stays so."""
    fake = FakeAthena([{"State": "QUEUED"}, {"State": "RUNNING"}, {"State": "SUCCEEDED"}])
    assert made(fake).ask("SELECT 1") == [("a", 2, 2**70, True), (None, 3, None, False)]
    (asked,) = fake.asked
    assert (asked["QueryString"], asked["WorkGroup"], asked["QueryExecutionContext"]) == (
        "SELECT 1",
        "audit",
        {"Database": "lists"},
    )
    assert asked["ResultConfiguration"] == {"OutputLocation": "s3://bucket/answers/"}


def test_a_missing_permission_is_named(made: Made) -> None:
    """Of Athena itself, and of what a query reads and writes."""
    with pytest.raises(Refused, match=r"StartQueryExecution in the workgroup audit was refused .* the caller needs athena:Start"):
        made(FakeAthena(denies="start")).ask("SELECT 1")
    denied = FakeAthena([{"State": "FAILED", "StateChangeReason": "Access Denied (Service: Amazon S3)"}])
    with pytest.raises(Refused, match=r"Access Denied .*; the caller needs glue:GetDatabase, .* s3:PutObject where results go"):
        made(denied).ask("SELECT 1")


@pytest.mark.parametrize(
    ("status", "why"),
    [({"State": "FAILED", "StateChangeReason": "SYNTAX_ERROR: line 1"}, "SYNTAX_ERROR"), ({"State": "CANCELLED"}, "cancelled")],
)
def test_a_query_that_ended_badly_says_why(made: Made, status: dict[str, str], why: str) -> None:
    """Athena's own words."""
    with pytest.raises(Refused, match=f"the query q1 of Athena was refused in {TARGET}: .*{why}"):
        made(FakeAthena([status])).ask("SELECT 1")


def test_a_query_nobody_waits_for_is_stopped(made: Made, clock: Clock) -> None:
    """After its limit, and when the operator interrupts: it would go on reading at our cost."""
    fake, began = FakeAthena([{"State": "RUNNING"}]), clock()
    with pytest.raises(Refused, match="took longer than 3600 s"):
        made(fake).ask("SELECT 1")
    assert fake.stopped == ["q1"]
    assert clock() - began == pytest.approx(LIMIT)


def test_tables_stand_while_they_are_asked(made: Made) -> None:
    """Made before, dropped after, also where the work failed."""
    fake, files = FakeAthena(), Table("s3://bucket/some/", {"line": "string"}, "STORED AS TEXTFILE")
    athena = made(fake)
    fake.states = [{"State": "SUCCEEDED"}, {"State": "CANCELLED"}, {"State": "SUCCEEDED"}]
    with pytest.raises(Refused), athena.tables([files]):
        athena.ask(f"SELECT line FROM {athena.named(files)}")
    create, select, drop = (each["QueryString"] for each in fake.asked)
    assert create.startswith(
        f"CREATE EXTERNAL TABLE IF NOT EXISTS `lists`.`{files.name}` (`line` string) STORED AS TEXTFILE LOCATION"
    )
    assert select.endswith(f"FROM lists.{files.name}")
    assert drop == f"DROP TABLE IF EXISTS `lists`.`{files.name}`"
