"""What is defined differently is named before any row is compared, and rows are compared as far as they can be."""

import pytest
from tests.contract.postgres.servers import Twins

from landbridge.model.measure import Kind, Side

BASE = (
    "CREATE TYPE mood AS ENUM ('calm')",
    "CREATE TABLE t (id int PRIMARY KEY, v varchar(9) DEFAULT 'x', w int NOT NULL CHECK (w > 0))",
    "CREATE INDEX byv ON t (v)",
    "CREATE SEQUENCE s",
    "SELECT nextval('s')",
    "INSERT INTO t SELECT g, 'v', g FROM generate_series(1, 500) g",
)
CHANGED, MISSING = Kind.CHANGED, Kind.MISSING
UNLIKE = {
    "ALTER TABLE t ALTER v TYPE text": {("column public.t v", Side.TARGET, CHANGED)},
    "ALTER TABLE t ALTER v SET DEFAULT 'y'": {("column public.t v", Side.TARGET, CHANGED)},
    "ALTER TABLE t ALTER w DROP NOT NULL": {("column public.t w", Side.TARGET, CHANGED)},
    "ALTER TABLE t DROP v": {("column public.t v", Side.TARGET, MISSING), ("index public.byv", Side.TARGET, MISSING)},
    "ALTER TABLE t ADD more int": {("column public.t more", Side.SOURCE, MISSING)},
    "ALTER TABLE t DROP CONSTRAINT t_w_check": {("constraint public.t t_w_check", Side.TARGET, MISSING)},
    "DROP INDEX byv": {("index public.byv", Side.TARGET, MISSING)},
    "ALTER SEQUENCE s INCREMENT 5": {("sequence public.s", Side.TARGET, CHANGED)},
    "SELECT setval('s', 1, false)": {("sequence public.s: its value", Side.TARGET, CHANGED)},
    "ALTER TYPE mood ADD VALUE 'angry'": {("type public.mood", Side.TARGET, CHANGED)},
    "CREATE EXTENSION vector SCHEMA pg_catalog": {("extension vector", Side.SOURCE, MISSING)},
    "CREATE TABLE more (id int)": {("table public.more", Side.SOURCE, MISSING), ("column public.more id", Side.SOURCE, MISSING)},
}


@pytest.mark.parametrize("statement", sorted(UNLIKE))
def test_one_definition_that_is_unlike_is_named(twins: Twins, statement: str) -> None:
    """And nothing else."""
    twins.both(*BASE)
    twins.at_target(statement)
    assert twins.found() == UNLIKE[statement]


def test_a_sequence_that_is_ahead_is_no_difference(twins: Twins) -> None:
    """A standby's always is: it has logged numbers that were not given out yet."""
    twins.both(*BASE)
    twins.at_target("SELECT setval('s', 100)")
    assert twins.found() == set()


def test_columns_in_another_order_hold_the_same_rows(twins: Twins) -> None:
    """Columns are known by their names."""
    twins.at_source("CREATE TABLE t (id int PRIMARY KEY, a text, b int)", "INSERT INTO t VALUES (1, 'x', 2)")
    twins.at_target("CREATE TABLE t (b int, gone int, id int PRIMARY KEY, a text)", "ALTER TABLE t DROP gone")
    twins.at_target("INSERT INTO t VALUES (2, 1, 'x')")
    assert twins.found() == set()


def test_what_only_the_key_index_includes_is_no_key(twins: Twins) -> None:
    """`INCLUDE` carries a column along."""
    twins.both("CREATE TABLE t (id int, v int, PRIMARY KEY (id) INCLUDE (v))", "INSERT INTO t VALUES (1, 2)")
    twins.at_target("UPDATE t SET v = 3")
    assert twins.found() == {("public.t 1", Side.TARGET, CHANGED)}


def test_rows_of_tables_that_inherit_are_counted_once(twins: Twins) -> None:
    """Each table for itself."""
    twins.both(
        "CREATE TABLE t (id int PRIMARY KEY)", "CREATE TABLE u (PRIMARY KEY (id)) INHERITS (t)", "INSERT INTO u VALUES (1)"
    )
    twins.at_target("DELETE FROM u")
    assert twins.found() == {("public.u 1", Side.TARGET, MISSING)}


def test_empty_tables_and_odd_names_are_compared(twins: Twins) -> None:
    """Quotes, dots, capitals, percent signs."""
    twins.both(
        'CREATE SCHEMA "Od d"',
        'CREATE TABLE "Od d"."a.b%s""c" ("id%" int PRIMARY KEY, "x{}" text)',
        "CREATE TABLE e (id int PRIMARY KEY)",
    )
    twins.at_target('INSERT INTO "Od d"."a.b%s""c" VALUES (1, NULL)')
    assert twins.found() == {('Od d.a.b%s"c 1', Side.SOURCE, MISSING)}
