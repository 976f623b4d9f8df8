"""Planted differences are found exactly, and none is invented: any mix of them, in tables of many kinds."""

from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.contract.postgres.servers import Postgres, Twins

from landbridge.model.measure import Kind, Side
from landbridge.model.region import Pair
from landbridge.verify.postgres import subject
from landbridge.verify.postgres.digest import Form, form_of
from landbridge.verify.postgres.schema import Table
from landbridge.verify.postgres.server import Server

ROWS = 700  # more than are read at once, so ranges are cut
COLUMNS = "v numeric, s text, e text NOT NULL, at timestamptz, f float8, n bigint, j json, m mood, a int[]"
VALUES = """1.0, CASE WHEN g % 2 = 0 THEN NULL ELSE 'é' END, '',
    timestamptz '2026-03-29 01:30+00' + g * interval '1 hour', 0.0, -1, '{"a": 1}', 'calm', ARRAY[g, NULL]"""
KEYS = {
    "a number": ("id bigint PRIMARY KEY", "g", "{0}"),
    "a numeric": ("id numeric PRIMARY KEY", "g * 1.50", "{0}"),
    "a uuid": ("id uuid PRIMARY KEY", "md5(g::text)::uuid", "{0}"),
    "a text": ("id text PRIMARY KEY", "CASE g % 3 WHEN 0 THEN 'É' WHEN 1 THEN 'e' || chr(769) ELSE 'z''\"\\' END || g", "{0}"),
    "two columns": ("b text, id int, PRIMARY KEY (id, b)", "chr(97 + g % 5), g / 2", "({1}, {0})"),
    "partitions": ("d date, id int, PRIMARY KEY (d, id)", "date '2026-01-01' + g % 90, g", "({0}, {1})"),
}
ORDER = {"two columns": "id, b", "partitions": "d, id"}


@dataclass(frozen=True)
class Plant:
    """What is done to one row of the target, and what it is to be called; None = it is no difference."""

    act: str
    kind: Kind | None


PLANTS = (
    Plant("DELETE FROM t WHERE {0}", Kind.MISSING),
    Plant("UPDATE t SET v = 1.000000001 WHERE {0}", Kind.CHANGED),
    Plant("UPDATE t SET s = '' WHERE {0}", Kind.CHANGED),
    Plant("UPDATE t SET s = 'e' || chr(769) WHERE {0}", Kind.CHANGED),
    Plant("UPDATE t SET at = at + interval '1 microsecond' WHERE {0}", Kind.CHANGED),
    Plant("UPDATE t SET j = '{{\"a\":1}}' WHERE {0}", Kind.CHANGED),
    Plant("UPDATE t SET m = 'angry' WHERE {0}", Kind.CHANGED),
    Plant("UPDATE t SET a = array_append(a, NULL) WHERE {0}", Kind.CHANGED),
    Plant("UPDATE t SET e = ' ' WHERE {0}", Kind.CHANGED),
    Plant("UPDATE t SET v = NULL WHERE {0}", Kind.CHANGED),
    Plant("UPDATE t SET n = 4294967295 WHERE {0}", Kind.CHANGED),  # an unsigned -1: PostgreSQL hashes both alike
    Plant("UPDATE t SET v = 1.00 WHERE {0}", None),
    Plant("UPDATE t SET f = '-0' WHERE {0}", None),
    Plant("UPDATE t SET at = (at AT TIME ZONE 'Asia/Tokyo')::timestamp AT TIME ZONE 'Asia/Tokyo' WHERE {0}", None),
)


@dataclass
class Garden:
    """One table, the same on both sides, with room for weeds."""

    twins: Twins
    key: str

    def __post_init__(self) -> None:
        columns, values, _ = KEYS[self.key]
        partitioned = " PARTITION BY RANGE (d)" if self.key == "partitions" else ""
        self.twins.at_source("CREATE TYPE mood AS ENUM ('calm', 'angry')")
        self.twins.at_target("CREATE TYPE other AS ENUM ('x')", "CREATE TYPE mood AS ENUM ('calm', 'angry')", "DROP TYPE other")
        self.twins.both(f"CREATE TABLE t ({columns}, {COLUMNS}){partitioned}")
        if partitioned:
            self.twins.both(
                "CREATE TABLE t1 PARTITION OF t FOR VALUES FROM ('2026-01-01') TO ('2026-02-01')",
                "CREATE TABLE t2 PARTITION OF t DEFAULT",
            )
        names = ", ".join(part.split()[0] for part in columns.split(", PRIMARY")[0].split(", "))
        self.names = names
        self.twins.both(
            f"INSERT INTO t ({names}, v, s, e, at, f, n, j, m, a) SELECT {values}, {VALUES} FROM generate_series(1, {ROWS}) g"
        )
        self.twins.both("CREATE SCHEMA kept", "CREATE TABLE kept.t AS SELECT * FROM t", "ANALYZE")
        order = ORDER.get(self.key, "id")
        texts = ", ".join(f"{name}::text" for name in names.split(", "))
        self.keys = self.twins.servers[0].asks(self.twins.names[0], f"SELECT {texts} FROM t ORDER BY {order}")

    def planted(self, plants: dict[int, tuple[int, bool]]) -> set[tuple[str, Side, Kind]]:
        """Does the acts; what is to be found. A plant on the source swaps the sides of what is missing."""
        expected = set()
        for place, (number, at_source) in plants.items():
            key, plant = self.keys[place], PLANTS[number]
            test = " AND ".join(
                f"{name} = '{value.replace(chr(39), 2 * chr(39))}'"
                for name, value in zip(self.names.split(", "), key, strict=True)
            )
            (self.twins.at_source if at_source else self.twins.at_target)(plant.act.format(test))
            if plant.kind:
                side = Side.SOURCE if at_source and plant.kind is Kind.MISSING else Side.TARGET
                expected.add((f"public.t {KEYS[self.key][2].format(*key)}", side, plant.kind))
        return expected

    def weeded(self) -> None:
        """As it was."""
        self.twins.both("TRUNCATE t", "INSERT INTO t SELECT * FROM kept.t")

    def found(self) -> set[tuple[str, Side, Kind]]:
        """By the product."""
        return self.twins.found(tables=("public.t",))


PLACES = st.one_of(st.sampled_from([0, ROWS - 1]), st.integers(0, ROWS - 1))
WEEDS = st.dictionaries(PLACES, st.tuples(st.integers(0, len(PLANTS) - 1), st.booleans()), min_size=1, max_size=16)


@pytest.fixture(name="garden", params=sorted(KEYS))
def _garden(request: pytest.FixtureRequest, twins: Twins) -> Garden:
    return Garden(twins, request.param)


def weed(garden: Garden, examples: int) -> None:
    """Plants and looks, as often as that."""

    @settings(max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(WEEDS)
    def once(plants: dict[int, tuple[int, bool]]) -> None:
        try:
            assert garden.planted(plants) == garden.found()
        finally:
            garden.weeded()

    once()


def test_every_plant_is_found_and_no_other(garden: Garden) -> None:
    """Whatever the key is made of; the first and the last row more often than others."""
    assert garden.found() == set()
    weed(garden, 6)


def test_values_that_changed_places_between_rows_are_found(twins: Twins) -> None:
    """Sums of plain hashes of records often don't notice: every column has the same values as before."""
    garden = Garden(twins, "a number")
    for row in range(5, 10):
        pair = f"WHERE id IN ({row}, {row + 600})"
        twins.at_source(f"UPDATE t SET v = CASE id WHEN {row} THEN 5 ELSE 7 END {pair}")
        twins.at_target(f"UPDATE t SET v = CASE id WHEN {row} THEN 7 ELSE 5 END {pair}")
        assert garden.found() == {(f"public.t {each}", Side.TARGET, Kind.CHANGED) for each in (row, row + 600)}
        twins.both(f"UPDATE t SET v = 1.0 {pair}")


@pytest.mark.slow
def test_hundreds_of_plants_are_found_and_no_others(garden: Garden) -> None:
    """The same, longer."""
    weed(garden, 150)


def test_where_the_sides_sort_differently_every_plant_is_found(twins: Twins, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ranges of keys would not be the same on both sides; buckets are."""

    def unordered(both: Pair[Table], servers: Pair[Server], versions: Pair[int]) -> Form:
        return replace(form_of(both, servers, versions), ordered=False)

    monkeypatch.setattr(subject, "form_of", unordered)
    weed(Garden(twins, "a text"), 6)


def test_between_versions_rows_are_compared_as_text_and_it_says_so(postgres: Postgres, tmp_path: Path, older: Postgres) -> None:
    """A hash of rows is promised within one version only."""
    for server in (postgres, older):
        server.empty("versions")
    twins = Twins.of((postgres, older), ("versions", "versions"), tmp_path)
    garden = Garden(twins, "two columns")
    result = garden.twins.compare(tables=("public.t",))
    assert any("compared as text, because the servers' versions differ" in note for note in result.notes)
    weed(garden, 5)
