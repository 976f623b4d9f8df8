"""Under live writes what is behind is no difference, and what is apart is one, however busy the rest is."""

import random
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest
from tests.contract.postgres.servers import Postgres, Twins, until

from landbridge.model.measure import Kind, Side

ROWS = 3000
BUSY = 300  # rows that are written all the time
LAG = 0.15
TABLE = "CREATE TABLE t (id int PRIMARY KEY, v int, n text)"
FILL = f"INSERT INTO t SELECT g, g, 'x' FROM generate_series(1, {ROWS}) g"


def write(seed: int) -> str:
    """One write to a busy row: changed, toggled, gone or there again."""
    drawn = random.Random(seed)
    row = drawn.randrange(BUSY) + 1
    return drawn.choice(
        (
            f"UPDATE t SET v = v + 1 WHERE id = {row}",
            f"UPDATE t SET n = CASE n WHEN 'x' THEN 'y' ELSE 'x' END WHERE id = {row}",
            f"DELETE FROM t WHERE id = {row}",
            f"INSERT INTO t VALUES ({row}, 0, 'x') ON CONFLICT DO NOTHING",
            f"INSERT INTO t VALUES ({ROWS} + {seed}, 0, 'new')",
        )
    )


@contextmanager
def going_on(*works: "threading.Thread") -> Iterator[None]:
    """Threads that end when they are no longer wanted."""
    for each in works:
        each.start()
    try:
        yield
    finally:
        for each in works:
            each.join()


@dataclass
class Copier:
    """Writes at the source, and the same writes at the target some time later, in order. It is its own position."""

    twins: Twins
    wanted: bool = True
    begun: int = 0
    copied: int = 0
    under_way: deque[tuple[float, str]] = field(default_factory=deque)

    def writing(self) -> None:
        """At the source, as fast as it goes, with a breath."""
        with psycopg.connect(self.twins.source, autocommit=True) as connection:
            while self.wanted:
                self.begun += 1  # before it is visible to anybody
                statement = write(self.begun)
                connection.execute(statement)
                self.under_way.append((time.monotonic(), statement))
                time.sleep(0.002)

    def copying(self) -> None:
        """At the target, late."""
        with psycopg.connect(self.twins.target, autocommit=True) as connection:
            while self.wanted or self.under_way:
                if self.under_way and time.monotonic() - self.under_way[0][0] > LAG:
                    connection.execute(self.under_way.popleft()[1])
                    self.copied += 1
                else:
                    time.sleep(0.005)

    def position(self) -> str:
        """How many writes were begun."""
        return str(self.begun)

    def reached(self, position: str) -> bool:
        """Whether so many are copied."""
        return self.copied >= int(position)


def test_what_is_planted_is_found_while_a_late_copier_is_at_work(twins: Twins) -> None:
    """First and last row, changed, missing and extra; not one of the busy rows is called different."""
    twins.both(TABLE, FILL, "ANALYZE")
    twins.at_target(
        "UPDATE t SET v = -1 WHERE id IN (301, 900)", "DELETE FROM t WHERE id = 3000", "INSERT INTO t VALUES (-5, 1, 'x')"
    )
    planted = {
        ("public.t -5", Side.SOURCE, Kind.MISSING),
        ("public.t 301", Side.TARGET, Kind.CHANGED),
        ("public.t 900", Side.TARGET, Kind.CHANGED),
        ("public.t 3000", Side.TARGET, Kind.MISSING),
    }
    copier = Copier(twins)
    with going_on(threading.Thread(target=copier.writing), threading.Thread(target=copier.copying)):
        try:
            until(lambda: copier.copied > 20)
            rounds = [twins.found(copying=copier) for _ in range(4)]
        finally:
            copier.wanted = False
    assert rounds == [planted] * 4
    assert twins.found(copying=copier) == planted


def test_a_busy_row_that_lost_its_copy_is_found_too(twins: Twins) -> None:
    """Its source is never still, but its target is stuck, and that is proof."""
    twins.both(TABLE, "INSERT INTO t VALUES (1, 0, 'x'), (2, 0, 'x')")
    copier = Copier(twins)

    def busy() -> None:
        with psycopg.connect(twins.source, autocommit=True) as connection:
            while copier.wanted:
                copier.begun += 1
                connection.execute("UPDATE t SET v = v + 1 WHERE id = 1")
                copier.copied = copier.begun

    with going_on(threading.Thread(target=busy)):
        try:
            until(lambda: copier.begun > 20)
            assert twins.found(copying=copier) == {("public.t 1", Side.TARGET, Kind.CHANGED)}
        finally:
            copier.wanted = False


def test_a_target_that_does_not_catch_up_leaves_the_comparison_unfinished(twins: Twins) -> None:
    """It says how far the copy did not get; nothing is called different."""
    twins.both(TABLE, FILL)
    twins.at_target("DELETE FROM t WHERE id = 7")
    result = twins.compare(copying=Copier(twins, begun=1), patience_seconds=0.2)
    assert not result.differences
    assert not result.whole
    assert result.stopped == (
        "the target's copy: has not got to the source's position 1 within 0.2 s; compare again when it has caught up"
    )
    assert "1 keys differed at first sight and were not looked at again" in result.notes


@pytest.fixture(scope="session", name="standby")
def _standby(postgres: Postgres) -> Iterator[Postgres]:
    server = postgres.standby("300ms")
    try:
        yield server
    finally:
        server.gone()


def test_a_late_standby_is_equal_while_its_source_is_written(postgres: Postgres, standby: Postgres, tmp_path: Path) -> None:
    """By replayed WAL: whatever is read too early is read again at the source's own position."""
    postgres.empty("followed")
    postgres.does("followed", TABLE, FILL, "CREATE SEQUENCE s", "SELECT nextval('s')")
    until(lambda: _has(standby, "SELECT count(*) FROM t", ROWS))
    twins = Twins(
        postgres.address("followed"), standby.address("followed"), tmp_path, (postgres, standby), ("followed", "followed")
    )
    copier = Copier(twins)
    with going_on(threading.Thread(target=copier.writing)):
        try:
            until(lambda: copier.begun > 20)
            assert [twins.found() for _ in range(3)] == [set()] * 3
        finally:
            copier.wanted = False
    assert any(each.differences for each in twins.progress), "nothing was ever behind, so nothing was shown"


def _has(server: Postgres, statement: str, figure: int) -> bool:
    try:
        return bool(server.asks("followed", statement)[0][0] == figure)
    except psycopg.Error:
        return False
