"""Where both sides tell what was written, the next comparison reads that and no more, and still finds everything."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.contract.postgres.servers import Postgres, Twins

from landbridge.model.measure import Kind, Side

ROWS = 20_000
TABLE = "CREATE TABLE t (id int, b text, v text, PRIMARY KEY (b, id))"
FILL = f"INSERT INTO t SELECT g, 'b' || g % 3, 'v' || g FROM generate_series(1, {ROWS}) g"
LOST = {("public.t (b1, 7)", Side.TARGET, Kind.CHANGED)}


@pytest.fixture(name="told")
def _told(postgres: Postgres, other: Postgres, tmp_path: Path) -> Iterator[Twins]:
    """Two databases with a publication and a slot each, made as an operator makes them."""
    for server in (postgres, other):
        server.empty("told")
    twins = Twins.of((postgres, other), ("told", "told"), tmp_path)
    twins.both(TABLE, FILL, "ANALYZE", "CREATE PUBLICATION seen FOR TABLE t WITH (publish_via_partition_root)")
    twins.both("SELECT pg_create_logical_replication_slot('seen', 'pgoutput')")
    yield twins
    twins.both("SELECT pg_drop_replication_slot('seen') FROM pg_replication_slots WHERE slot_name = 'seen'")


def again(told: Twins, expected: set[tuple[str, Side, Kind]], **settings: object) -> int:
    """The next comparison finds this; how many keys it read."""
    result = told.compare(changes="seen", **settings)
    assert result.whole, result.stopped
    assert {(each.key, each.side, each.kind) for each in result.differences} == expected
    return result.compared


def test_only_what_was_written_is_read(told: Twins) -> None:
    """Changed, new, gone, with another key; each is found when its copy is not the same."""
    assert again(told, set()) == ROWS
    assert again(told, set()) == 0
    told.both("UPDATE t SET v = 'w' WHERE id <= 50", "DELETE FROM t WHERE id = 60", "INSERT INTO t VALUES (0, 'b''\"\\', NULL)")
    told.at_source("UPDATE t SET v = 'lost' WHERE id = 7", "UPDATE t SET id = -70 WHERE id = 70")
    found = LOST | {("public.t (b1, -70)", Side.TARGET, Kind.MISSING), ("public.t (b1, 70)", Side.SOURCE, Kind.MISSING)}
    assert again(told, found) == 50 + 1 + 1 + 2


def test_what_only_the_target_wrote_is_found(told: Twins) -> None:
    """That is why both sides must tell."""
    again(told, set())
    told.at_target("UPDATE t SET v = 'by hand' WHERE id = 7")
    assert again(told, LOST) == 1


def test_what_differed_is_looked_at_until_it_is_equal(told: Twins) -> None:
    """Though nobody wrote it meanwhile."""
    told.at_target("UPDATE t SET v = 'x' WHERE id = 7")
    again(told, LOST)
    assert again(told, LOST) == 1
    told.at_target("UPDATE t SET v = 'v7' WHERE id = 7")
    assert again(told, set()) == 1


def test_a_flag_forces_the_full_pass(told: Twins) -> None:
    """Whatever the sides tell."""
    again(told, set())
    assert again(told, set(), full=True) == ROWS


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT pg_drop_replication_slot('seen')",
        "SELECT pg_logical_slot_get_binary_changes('seen', NULL, NULL, 'proto_version', '1', 'publication_names', 'seen')",
        "TRUNCATE t",
        "VACUUM FULL t",
        "ALTER PUBLICATION seen DROP TABLE t",
    ],
)
def test_where_a_side_can_not_tell_everything_is_read(told: Twins, statement: str) -> None:
    """No slot or one somebody else has read, a table emptied, written anew or not published: and it says so."""
    again(told, set())
    told.at_target("UPDATE t SET v = 'x' WHERE id = 7")
    told.at_target(statement)
    if statement == "TRUNCATE t":
        told.at_target(FILL)
    result = told.compare(changes="seen")
    assert result.compared == ROWS
    assert any(note.startswith("everything is read: the sides do not both tell") for note in result.notes)
    assert len(result.differences) == (0 if statement == "TRUNCATE t" else 1)


def test_what_was_written_before_a_kill_is_not_forgotten(told: Twins) -> None:
    """Work that is gone on with stands where it began: what was read early is looked at again next time."""
    again(told, set())
    cut = told.comparison(changes="seen", full=True, chunk_seconds=0.001, max_load=0.5)

    def end(_seconds: float) -> None:
        raise KeyboardInterrupt

    cut.sleep = end
    with pytest.raises(KeyboardInterrupt):
        cut.compare()
    told.at_target("UPDATE t SET v = 'by hand' WHERE b = 'b0' AND id <= 3")
    again(told, set())
    assert again(told, {("public.t (b0, 3)", Side.TARGET, Kind.CHANGED)}) == 1


def test_what_is_written_in_tables_that_are_not_compared_is_of_no_interest(told: Twins) -> None:
    """A publication may have more than the comparison asks for."""
    told.both("CREATE TABLE u (id int PRIMARY KEY)", "ALTER PUBLICATION seen ADD TABLE u")
    assert again(told, set(), tables=("public.t",)) == ROWS
    told.both("INSERT INTO u VALUES (1)", "UPDATE t SET v = 'w' WHERE id = 5")
    assert again(told, set(), tables=("public.t",)) == 1
