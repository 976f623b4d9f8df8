"""`landbridge status` and `landbridge journal` tell what the chain tells, change nothing, and say so when it is broken."""

import json
from dataclasses import dataclass, field, replace

import pytest
from tests.unit.cli.test_ask import Migrating
from tests.unit.cli.test_main import run_verb

from landbridge.cli import journal as chain
from landbridge.cli import status as door
from landbridge.cli.exits import Exit
from landbridge.migrate.figures import Figure
from landbridge.model.metrics import RUNNER, WEIGHT
from landbridge.model.region import Pair, Region

REGIONS = Pair(Region("us-east-1"), Region("eu-central-1"))


@dataclass
class Measured:
    """What alarms and the board would see."""

    regions: Pair[Region] = REGIONS

    def by_region(self) -> Pair[list[Figure]]:
        """A weight at the source, nothing from the target."""
        return Pair([Figure(RUNNER, 1), Figure(WEIGHT, 75)], [Figure(RUNNER, 1)])


@dataclass
class Published:
    """Who would publish them."""

    figures: Measured = field(default_factory=Measured)


class Watched(Migrating):
    """Toys with figures."""

    def published(self, _tell: object) -> Published:
        """As above."""
        return Published()


@pytest.fixture(name="migrating")
def _migrating(monkeypatch: pytest.MonkeyPatch) -> Watched:
    made = Watched()
    made.bench.run()
    for module in (door, chain):
        monkeypatch.setattr(module, "moving_of", lambda _run, _templates: made)
    monkeypatch.setattr(door, "principal", lambda _moving: "ben")
    monkeypatch.setattr(door, "under_way", lambda migration, _plan: migration)
    return made


def test_people_are_told_where_it_stands(
    migrating: Watched, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The step, the engine, what is measured, what comes next; and the chain is as it was."""
    before = len(migrating.bench.store.kept)
    assert run_verb(monkeypatch, "status", "run") == Exit.DONE
    said = capsys.readouterr().out.splitlines()
    assert "goes forward at five: not yet" in said
    assert ("us-east-1: Weight 75" in said, said[-1]) == (True, "next: wait (not yet)")
    assert len(migrating.bench.store.kept) == before


def test_programs_are_told_the_same(
    migrating: Watched, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the figures by region; a sign of life is the engine's own to give."""
    assert run_verb(monkeypatch, "status", "run", "--json") == Exit.DONE
    told = json.loads(capsys.readouterr().out)
    assert (told["step"], told["next"]) == ("five", {"command": "", "why": "not yet"})
    assert told["figures"] == {"us-east-1": {"Weight": 75}, "eu-central-1": {}}
    assert told["run"] == migrating.bench.engine.journal.progress.run


def test_a_whole_chain_is_told_with_its_last_link(
    migrating: Watched, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """To be kept elsewhere."""
    assert run_verb(monkeypatch, "journal", "verify", "run") == Exit.DONE
    last = migrating.bench.store.kept[-1]
    assert f"{last.number} records, each follows from the one before; the last is {last.hash}" in capsys.readouterr().out


def test_a_changed_record_is_named(
    migrating: Watched, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One sentence, and the code of what is held for a person."""
    kept = migrating.bench.store.kept
    kept[1] = replace(kept[1], why="as somebody would like it")
    assert run_verb(monkeypatch, "journal", "verify", "run") == Exit.HELD
    assert "it does not follow from record 2" in capsys.readouterr().err


def test_records_are_shown_as_they_were_hashed(
    migrating: Watched, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One a line, from the number asked for."""
    assert run_verb(monkeypatch, "journal", "show", "run", "--from", "2") == Exit.DONE
    assert capsys.readouterr().out.splitlines() == [record.body() for record in migrating.bench.store.kept[1:]]
