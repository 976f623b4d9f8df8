"""What came out of a comparison is said in words and in a code; what can't be meant is refused."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

import orjson
import pytest
from tests.unit.cli.test_main import run_verb

from landbridge.cli import verify
from landbridge.cli.exits import Exit
from landbridge.config.spec import Trading
from landbridge.model.errors import BadInput, Unreachable
from landbridge.model.measure import Difference, Kind, Side
from landbridge.verify.port import Estimate, Progress, Result
from landbridge.verify.stores import Asked

EQUAL = Result(1.0, 2.0, 10, ())
PART = Result(1.0, 2.0, 5, (), 0.5, "the target's database: gave no answer (refused); start it", ("rows as text",))
FOUND = tuple(Difference("database", f"public.t {n}", Side.TARGET, Kind.CHANGED) for n in range(25))


@dataclass
class FakeComparison:
    """A store whose comparison ends as it is laid out."""

    result: Result
    asked: list[Asked] = field(default_factory=list)

    def made(self, trading: Trading, asked: Asked) -> "FakeComparison":
        """As a store plugs in."""
        assert trading.platform.source
        self.asked.append(asked)
        return self

    def compare(self) -> Result:
        """At once."""
        self.asked[0].say(Progress("database", "public.t", 0.5, 5, 1))
        return self.result

    def newest(self) -> Result:
        """The same."""
        return self.result

    def explain(self) -> tuple[Estimate, ...]:
        """One part."""
        return (Estimate("public.t", 10, "rows", 2**20, "about 1 s"),)


Stored = Callable[..., FakeComparison]


@pytest.fixture(name="stored")
def _stored(monkeypatch: pytest.MonkeyPatch) -> Stored:
    def store(**results: Result) -> FakeComparison:
        made = {name: FakeComparison(result) for name, result in results.items()}
        monkeypatch.setattr(verify, "STORES", {name: each.made for name, each in made.items()} | {"stream": lambda *_: None})
        return next(iter(made.values()))

    return store


@pytest.mark.parametrize(
    ("results", "code"),
    [
        ((EQUAL, EQUAL), Exit.DONE),
        ((EQUAL, PART), Exit.HELD),
        ((PART, Result(1.0, 2.0, 10, FOUND)), Exit.FAILED),
    ],
)
def test_the_code_says_what_came_out(
    stored: Stored, monkeypatch: pytest.MonkeyPatch, results: tuple[Result, Result], code: Exit
) -> None:
    """Differences are certain, so they weigh more than what could not be finished."""
    stored(database=results[0], objects=results[1])
    assert run_verb(monkeypatch, "verify") == code


def test_a_store_that_cannot_be_read_keeps_no_other_from_being_compared(
    stored: Stored, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It counts as not finished, in a sentence."""
    made = stored(database=EQUAL, objects=EQUAL)
    monkeypatch.setattr(made, "compare", lambda: (_ for _ in ()).throw(Unreachable("here", "Scan")))
    assert run_verb(monkeypatch, "verify") == Exit.HELD
    said = capsys.readouterr().out
    assert "  not finished: here did not answer (Scan)" in said
    assert "objects: equal on both sides" in said


def test_a_store_the_file_has_wrong_keeps_no_other_from_being_compared(
    stored: Stored, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whether it is seen when the store is made or when it is read; the code is bad input's, and a difference weighs more."""
    wrong = BadInput("s3://lists/", "holds no inventory", "wait for the first")

    def refused(*_: object) -> NoReturn:
        raise wrong

    made = stored(database=EQUAL, objects=EQUAL)
    others = {"objects": FakeComparison(EQUAL).made, "database": refused}
    monkeypatch.setattr(made, "compare", refused)
    read = run_verb(monkeypatch, "verify")
    monkeypatch.setattr(verify, "STORES", others)
    codes = read, run_verb(monkeypatch, "verify"), run_verb(monkeypatch, "verify", "--explain")
    assert codes == (Exit.BAD_INPUT,) * 3
    said = capsys.readouterr().out.splitlines()
    assert said.count(f"  not finished: {wrong}") == 2
    assert sum(line.startswith("objects: equal on both sides") for line in said) == 2
    assert f"database  {wrong}" in said
    assert any(line.startswith("objects  public.t") for line in said)


def test_a_difference_weighs_more_than_a_file_that_is_wrong() -> None:
    """Which weighs more than what could not be finished."""
    assert verify.worst([Exit.BAD_INPUT, Exit.FAILED, Exit.HELD]) == Exit.FAILED
    assert verify.worst([Exit.HELD, Exit.BAD_INPUT, Exit.DONE]) == Exit.BAD_INPUT


def test_a_person_reads_what_differs_and_what_is_missing(
    stored: Stored, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The first twenty by name; notes and the end are said."""
    stored(database=Result(1.0, 2.0, 5, FOUND, PART.coverage, PART.stopped, PART.notes))
    run_verb(monkeypatch, "verify", "database")
    said = capsys.readouterr().out.splitlines()
    assert said[:2] == [
        "database: 25 differences; 5 compared in 2.0 s, 50.00% of it",
        "  database public.t 0: changed at the target",
    ]
    assert said[21:] == ["  and 5 more, in the kept result", "  note: rows as text", f"  not finished: {PART.stopped}"]


def test_what_differs_by_decision_is_named_with_it_and_is_no_failure(
    stored: Stored, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Equal, but for that."""
    left = Difference("history", "k", Side.TARGET, Kind.MISSING, "archived: left behind by decision of X: kept")
    stored(history=Result(1.0, 2.0, 5, (), expected=(left,)))
    assert run_verb(monkeypatch, "verify") == Exit.DONE
    assert capsys.readouterr().out.splitlines() == [
        "history: equal on both sides; 5 compared in 2.0 s, 100.00% of it",
        "  expected: history k: missing at the target: archived: left behind by decision of X: kept",
    ]


def test_a_machine_reads_lines_of_json(
    stored: Stored, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Progress, then the result with every difference."""
    stored(database=Result(1.0, 2.0, 5, FOUND))
    run_verb(monkeypatch, "verify", "--json")
    progress, result = map(orjson.loads, capsys.readouterr().out.splitlines())
    assert progress["progress"]["coverage"] == 0.5
    assert len(result["result"]["differences"]) == 25


def test_what_it_costs_is_said_and_nothing_compared(
    stored: Stored, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line a part."""
    stored(database=PART)
    assert run_verb(monkeypatch, "verify", "--explain") == Exit.DONE
    said = capsys.readouterr().out
    assert said.split() == ["database", "public.t", "10", "rows,", "1", "MiB", "about", "1", "s"]


def test_what_was_asked_reaches_the_store(stored: Stored, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Folder, resume, load, full."""
    made = stored(database=EQUAL)
    run_verb(monkeypatch, "verify", "--folder", str(tmp_path), "--resume", "--max-load", "0.2", "--full")
    (asked,) = made.asked
    assert (asked.folder, asked.resume, asked.max_load, asked.full) == (tmp_path, True, 0.2, True)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("tables",), "landbridge: tables: is no store that can be compared; name one of database, stream\n"),
        (("stream",), "landbridge: stream: is not configured; add verify.stream to the file, as config/trading.toml shows\n"),
        (("--max-load", "3"), "landbridge: --max-load 3: is no share of a server's time; give a number above 0, at most 1\n"),
    ],
)
def test_what_can_not_be_meant_is_refused(
    stored: Stored,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    said: str,
) -> None:
    """One sentence, code 2."""
    stored(database=EQUAL)
    assert run_verb(monkeypatch, "verify", *arguments) == Exit.BAD_INPUT
    assert capsys.readouterr().err == said


def test_without_any_store_in_the_file_it_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """The project's own file, without the one that stands in it."""
    text = Path("config/trading.toml").read_text()
    before, _, after = text.partition("[verify.tables]")
    bare = tmp_path / "trading.toml"
    bare.write_text(before + after.partition("\n\n")[2])
    assert run_verb(monkeypatch, "verify", "--config", str(bare)) == Exit.BAD_INPUT
    assert (
        capsys.readouterr().err
        == "landbridge: verify: no store is configured; add one to the file, as config/trading.toml shows\n"
    )
