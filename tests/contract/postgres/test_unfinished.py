"""A comparison that can't go on says so in one sentence, keeps what it has, and loses at most one chunk to a kill."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import orjson
import pytest
from tests.contract.platform.emulators import free_port
from tests.contract.postgres.servers import Twins, until
from tests.unit.cli.test_main import run_verb
from tests.unit.house.places import ROOT

from landbridge.cli.exits import Exit
from landbridge.model.errors import BadInput
from landbridge.verify.port import Result
from landbridge.verify.results import ResultFiles

ROWS = 60_000
TABLE = "CREATE TABLE t (id int PRIMARY KEY, v text)"
FILL = f"INSERT INTO t SELECT g, 'value ' || g FROM generate_series(1, {ROWS}) g"
EMPTY = "host=127.0.0.1 port={} dbname=none"


def configured(twins: Twins, more: str = "") -> Path:
    """The project's own file with these two databases."""
    file = twins.folder / "trading.toml"
    said = f'source = "{twins.source}"\ntarget = "{twins.target}"\nsettle_seconds = 0\nchunk_seconds = 0.001\n{more}'
    file.write_text(f"{(ROOT / 'config/trading.toml').read_text()}\n[verify.database]\n{said}\n")
    return file


def options(twins: Twins, *more: str) -> list[str]:
    """How `landbridge verify` is called for these two."""
    return ["verify", "database", "--config", str(twins.folder / "trading.toml"), "--folder", str(twins.folder), "--json", *more]


def told(said: str, what: str) -> list[dict[str, object]]:
    """The JSON lines of one kind."""
    return [line[what] for line in map(orjson.loads, said.splitlines()) if what in line]


def test_a_killed_comparison_goes_on_where_it_was(
    twins: Twins, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every row is read once in all; what was found before the kill is found."""
    twins.both(TABLE, FILL, "ANALYZE")
    twins.at_target("UPDATE t SET v = 'other' WHERE id IN (1, 60000)")
    configured(twins)
    work = twins.folder / "database.work.json"
    command = [sys.executable, "-m", "landbridge.cli", *options(twins, "--max-load", "0.02")]
    slow = subprocess.Popen(command, env={**os.environ, "PYTHONPATH": str(ROOT / "src")}, stdout=subprocess.DEVNULL)
    until(lambda: work.exists() and orjson.loads(work.read_bytes())["compared"] > 0)
    slow.send_signal(signal.SIGKILL)
    slow.wait()
    before = orjson.loads(work.read_bytes())["compared"]
    assert 0 < before < ROWS
    assert run_verb(monkeypatch, *options(twins, "--resume", "--max-load", "1")) == Exit.FAILED
    said = capsys.readouterr().out
    (result,) = told(said, "result")
    assert result["compared"] == ROWS
    assert int(str(told(said, "progress")[0]["compared"])) > before
    assert [each["key"] for each in result["differences"]] == ["public.t 1", "public.t 60000"]  # type: ignore[attr-defined]
    assert not work.exists()


def _stop(_seconds: float) -> None:
    raise KeyboardInterrupt


def test_a_comparison_in_slices_reads_every_row_once(twins: Twins) -> None:
    """Whoever may not be away for long compares a little, says how far it is, and goes on; a difference is found all the same."""
    rows = 10_000
    twins.both(TABLE, f"INSERT INTO t SELECT g, 'value' FROM generate_series(1, {rows}) g", "ANALYZE")
    twins.at_target("UPDATE t SET v = 'other' WHERE id = 9000")
    said = list[Result]()
    while not said or said[-1].stopped:
        part = twins.comparison(chunk_seconds=0.001)
        part.at_most = 0.0
        said.append(part.compare())
    assert len(said) > 2
    assert said[0].stopped.endswith("% is compared; what is left comes next")
    assert [each.compared for each in said] == sorted(each.compared for each in said)
    assert (said[-1].compared, [each.key for each in said[-1].differences]) == (rows, ["public.t 9000"])
    assert not any(each.whole for each in said[:-1])


def test_without_resume_it_begins_anew(twins: Twins) -> None:
    """And work on other databases is never gone on with."""
    twins.both(TABLE, FILL)
    part = twins.comparison(chunk_seconds=0.001, max_load=0.5)
    part.sleep = _stop
    with pytest.raises(KeyboardInterrupt):
        part.compare()
    assert twins.compare(resume=False).compared == ROWS
    twins.both("CREATE TABLE u (id int PRIMARY KEY)")
    assert twins.compare(tables=("public.u",)).compared == 0


def test_equal_and_unfinished_are_exit_codes(
    twins: Twins, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """0 for equal; 3 where it could not be finished, with the sentence in the result."""
    twins.both(TABLE, "INSERT INTO t VALUES (1, 'x')")
    configured(twins)
    assert run_verb(monkeypatch, *options(twins)) == Exit.DONE
    twins.target = EMPTY.format(free_port())
    configured(twins)
    capsys.readouterr()
    assert run_verb(monkeypatch, *options(twins)) == Exit.HELD
    said = capsys.readouterr()
    (result,) = told(said.out, "result")
    assert said.err == ""
    assert str(result["stopped"]).startswith("the target's database: gave no answer (")


def test_a_result_of_other_databases_is_none(twins: Twins) -> None:
    """A gate asks by the configuration it was given: not the sides swapped, not some of the tables."""
    twins.both(TABLE, "CREATE TABLE u (id int PRIMARY KEY)")
    result = twins.compare()
    assert twins.comparison().newest() == result
    assert twins.comparison(tables=("public.t",)).newest() is None
    twins.source, twins.target = twins.target, twins.source
    assert twins.comparison().newest() is None


def test_one_side_that_is_down_is_named(twins: Twins) -> None:
    """With the way out; the result is kept."""
    twins.source = EMPTY.format(free_port())
    result = twins.compare()
    assert result.stopped.startswith("the source's database: gave no answer (")
    assert result.stopped.endswith("; start it, or correct its line in verify.database")
    assert not result.whole
    assert ResultFiles(twins.folder).newest("database") == result


def test_both_sides_that_are_down_are_named_at_once(twins: Twins) -> None:
    """One sentence."""
    twins.source = twins.target = EMPTY.format(free_port())
    stopped = twins.compare().stopped
    assert stopped.startswith("both databases: the source's database: gave no answer (")
    assert " and the target's database: gave no answer (" in stopped


def test_a_side_that_goes_away_leaves_what_was_found(twins: Twins) -> None:
    """In part; then it goes on."""
    twins.both(TABLE, FILL, "ANALYZE")
    ended: list[bool] = []

    def end(_seconds: float) -> None:
        if twins.progress and not ended:
            ended.append(True)
            twins.servers[0].does(
                "postgres", f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{twins.names[1]}'"
            )

    cut = twins.comparison(chunk_seconds=0.001, max_load=0.9)
    cut.sleep = end
    twins.servers[1].leave(twins.names[1])
    result = cut.compare()
    assert result.stopped.startswith("the target's database: gave no answer (")
    assert 0 < result.compared < ROWS
    assert 0 < result.coverage < 1
    assert twins.compare().compared == ROWS


def test_a_statement_that_takes_too_long_ends_it(twins: Twins) -> None:
    """After asking for less, down to one range; the sentence names the setting."""
    twins.both(TABLE, FILL)
    result = twins.compare(statement_seconds=0.01, chunk_seconds=0.01)
    assert "a statement was cancelled (canceling statement due to statement timeout)" in result.stopped
    assert "raise verify.database.statement_seconds" in result.stopped


def test_a_table_it_may_not_read_is_named(twins: Twins) -> None:
    """With what to grant; a policy that hides rows is a refusal, not a silence."""
    name = f"reader_{twins.names[0]}"
    twins.both(TABLE, "INSERT INTO t VALUES (1, 'x')")
    twins.at_source(f"CREATE ROLE {name} LOGIN", "GRANT USAGE ON SCHEMA public TO PUBLIC")
    twins.source = twins.servers[0].address(twins.names[0], name)
    without = twins.compare()
    twins.at_source(f"GRANT SELECT ON t TO {name}", "ALTER TABLE t ENABLE ROW LEVEL SECURITY")
    hidden = twins.compare()
    twins.at_source(f"REVOKE SELECT ON t FROM {name}", f"DROP ROLE {name}")
    assert without.stopped == (
        "the source's database: permission denied for table t; grant its user SELECT there (pg_read_all_data has it all)"
    )
    assert "row-level security" in hidden.stopped


def test_a_table_without_a_key_is_not_passed_over(twins: Twins) -> None:
    """The rest is compared; left out by name, it is no gap any more."""
    twins.both(TABLE, "CREATE TABLE log (what text)", "INSERT INTO t VALUES (1, 'x')")
    result = twins.compare()
    assert result.compared == 1
    assert result.stopped == (
        "database: not all of it was compared: public.log has no primary key; "
        "mend that, or name them in verify.database.leave_out"
    )
    assert twins.compare(leave_out=("public.log",)).whole


def test_a_table_nobody_has_is_bad_input(twins: Twins) -> None:
    """It is named."""
    with pytest.raises(BadInput, match=r"public.tt is no table of either side"):
        twins.compare(tables=("public.tt",))


def test_more_differences_than_anybody_reads_stop_it(twins: Twins) -> None:
    """The first are named, nothing is read to the end; an empty copy does not cost a day."""
    twins.both(TABLE, FILL, "ANALYZE")
    twins.at_target("TRUNCATE t")
    result = twins.compare(most_differences=50)
    assert result.stopped.startswith("public.t: ")
    assert result.stopped.endswith(" rows differ, and there are more; see what they have in common, mend it, and compare again")
    assert 50 <= len(result.differences) <= 10_000
    assert result.coverage < 1


def test_what_it_would_cost_is_said_without_reading(twins: Twins) -> None:
    """By the statistics; what can't be compared is in it."""
    twins.both(TABLE, FILL, "CREATE TABLE log (what text)", "ANALYZE")
    log, table = sorted(twins.comparison(max_load=0.5).explain(), key=lambda each: each.what)
    assert log.note == "not compared: it has no primary key"
    assert (table.what, table.reads, table.unit) == ("public.t", ROWS, "rows")
    assert table.note == "about 0 s with at most 50% of one core a side"
