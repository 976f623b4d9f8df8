"""The verbs by which operators decide: what fits is written into the journal, what does not is refused at the door."""

import pwd
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from tests.unit.cli.test_main import run_verb
from tests.unit.migrate.toys import Bench, Toy, row

from landbridge.cli import ask as door
from landbridge.cli.exits import Exit
from landbridge.cli.principal import user
from landbridge.migrate.journal import Journal
from landbridge.migrate.plan import Plan
from landbridge.migrate.record import Kind, Record
from landbridge.migrate.step import Seen, State


@dataclass
class Migrating:
    """A migration of toys that waits in its first phase; the second needs an approval."""

    bench: Bench = field(
        default_factory=lambda: Bench(
            row(("shift", [Toy("five", sees=Seen(State.WAITING, "not yet"))]), ("cut", [Toy("close")]), cut=1)
        )
    )
    hinted: list[int] = field(default_factory=list)  # how many decisions stood when an engine in AWS was told to look

    def ways(self) -> Iterator["Migrating"]:
        """The toys go one way."""
        yield self

    def journal(self, name: str) -> Journal:
        """As this person sees it."""
        return self.bench.another(name).journal

    def plan(self) -> Plan:
        """The toys'."""
        return self.bench.engine.plan

    def asked(self) -> list[Record]:
        """What is in the journal."""
        return [record for record in self.bench.store.kept if record.kind is Kind.ASKED]


@pytest.fixture(name="migrating")
def _migrating(monkeypatch: pytest.MonkeyPatch) -> Migrating:
    made = Migrating()
    monkeypatch.setattr(door, "moving_of", lambda _run, _templates: made)
    monkeypatch.setattr(door, "principal", lambda _moving: "ben")
    monkeypatch.setattr(door, "hint", lambda migration: migration.hinted.append(len(migration.asked())))
    return made


ASKS = {
    ("abort", "run", "--why", "too slow"): ("abort", "", "too slow"),
    ("pause", "run", "--why", "lunch"): ("pause", "", "lunch"),
    ("hold", "run", "five"): ("hold", "five", "no reason given"),
    ("approve", "run", "cut", "--why", "reviewed"): ("approve", "cut", "reviewed"),
}


@pytest.mark.parametrize("arguments", sorted(ASKS))
def test_what_fits_is_asked_under_the_operators_own_name(
    arguments: tuple[str, ...], migrating: Migrating, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One record, on the run that was seen, with the reason; its number is told."""
    migrating.bench.run()
    assert run_verb(monkeypatch, *arguments) == Exit.DONE
    (record,) = migrating.asked()
    assert (record.data["what"], record.step, record.why) == ASKS[arguments]
    assert (record.who, record.data["run"]) == ("ben", migrating.bench.engine.journal.progress.run)
    assert f"as record {record.number} of the journal" in capsys.readouterr().out
    assert migrating.hinted == [1]


REFUSED = {
    ("resume", "run"): "run: resume refused: it is neither paused nor held; the run goes forward at five",
    ("hold", "run", "fifty"): "run: hold refused: the plan has no step 'fifty'; the run goes forward at five",
    ("approve", "run", "shift"): "run: approve refused: shift needs no approval; the run goes forward at five",
}


@pytest.mark.parametrize("arguments", sorted(REFUSED))
def test_what_does_not_fit_is_refused_with_where_the_run_stands(
    arguments: tuple[str, ...], migrating: Migrating, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One sentence, code 2, and nothing in the journal."""
    migrating.bench.run()
    assert run_verb(monkeypatch, *arguments) == Exit.BAD_INPUT
    assert capsys.readouterr().err == f"landbridge: {REFUSED[arguments]}\n"
    assert not migrating.asked()


def test_before_anything_was_begun_there_is_nothing_to_decide(
    migrating: Migrating, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same sentence as after the end."""
    assert run_verb(monkeypatch, "abort", "run", "--why", "x") == Exit.BAD_INPUT
    assert "abort refused: no migration is under way" in capsys.readouterr().err


def test_the_user_is_the_systems_word(monkeypatch: pytest.MonkeyPatch) -> None:
    """No environment variable makes two people of one; a number without a name is a name, too."""
    named = user()
    for name in ("LOGNAME", "USER", "USERNAME"):
        monkeypatch.setenv(name, "somebody-else")
    assert user() == named

    def unknown(_uid: int) -> None:
        raise KeyError

    monkeypatch.setattr(pwd, "getpwuid", unknown)
    assert user().startswith("uid-")


def test_every_verb_says_no_to_a_folder_that_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """In the same words."""
    for verb in (["abort", "--why", "x"], ["pause"], ["resume"], ["hold", "shift_reads.5"], ["approve", "cutover"]):
        assert run_verb(monkeypatch, verb[0], str(tmp_path), *verb[1:]) == Exit.BAD_INPUT
        assert "is not the folder of a rehearsal" in capsys.readouterr().err
