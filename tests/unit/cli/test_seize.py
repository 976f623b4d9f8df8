"""`landbridge seize` finds out which region is lost, and says no to everything that is not a loss accepted by people."""

from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from tests.builders import trading
from tests.fakes import SOURCE, TARGET, Clock, FakeJournalStore, FakePens
from tests.unit.cli.test_main import run_verb

from landbridge.aws.clients import Clients
from landbridge.cli import seize
from landbridge.cli.exits import Exit
from landbridge.migrate.adapters import leading
from landbridge.migrate.adapters.compose import Migration
from landbridge.migrate.journal import Journal
from landbridge.migrate.progress import Outcome
from landbridge.migrate.record import Kind
from landbridge.migrate.runner import Ended, Runner
from landbridge.model.pen import Domain, PenState
from landbridge.model.region import Region

CONFIG = trading(
    {"engine": {"patience_seconds": 1, "tick_seconds": 0.01}, "gate": {"window_seconds": 1}, "calendar": {"hours": []}}
)


@dataclass(frozen=True)
class Rehearsed(Migration):
    """A migration whose pens and chain are in memory; nothing else of it can be reached."""

    fake_pens: FakePens = field(default_factory=lambda: FakePens(Clock()))
    store: FakeJournalStore = field(default_factory=FakeJournalStore)

    @property
    def pens(self) -> FakePens:  # type: ignore[override]
        """In memory."""
        return self.fake_pens

    def journal(self, who: str) -> Journal:
        """In memory."""
        return Journal(self.store, who, self.clock, CONFIG.engine.lease_seconds, 0.1)


@pytest.fixture(name="rehearsed")
def _rehearsed(monkeypatch: pytest.MonkeyPatch) -> Rehearsed:
    """The source holds the pen, and the target's lies closed."""
    clock = Clock()
    made = Rehearsed(
        Clients(dict.fromkeys((SOURCE, TARGET, Region("eu-west-1")), "http://127.0.0.1:9")),
        CONFIG,
        Path("templates"),
        clock,
        clock.sleep,
    )
    for domain in made.movers.domains:
        made.pens.lay(SOURCE, domain, PenState.OPEN, epoch=1)
        made.pens.lay(TARGET, domain, PenState.CLOSED, epoch=0)
    monkeypatch.setattr(seize, "migration_of", lambda _run, _templates: made)
    return made


def test_a_region_that_answers_is_not_seized_from(
    rehearsed: Rehearsed, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One sentence, code 2, and nothing in the journal."""
    assert run_verb(monkeypatch, "seize", "run", "--accept-loss") == Exit.BAD_INPUT
    said = "run: both regions answer, and us-east-1 holds the pen; begin a migrate or a failback, which loses nothing"
    assert capsys.readouterr().err == f"landbridge: {said}\n"
    assert not rehearsed.store.kept


def test_the_loss_must_be_accepted(
    rehearsed: Rehearsed, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is said what would be lost, and who else is asked."""
    rehearsed.pens.out.add(SOURCE)
    assert run_verb(monkeypatch, "seize", "run") == Exit.BAD_INPUT
    said = capsys.readouterr().err
    assert "every write that us-east-1 accepted and did not copy to eu-central-1 in time would be lost" in said
    assert "landbridge approve run seize" in said
    assert not rehearsed.store.kept


def test_with_both_regions_silent_nothing_can_be_seized(
    rehearsed: Rehearsed, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nobody could take a pen."""
    rehearsed.pens.out.update((SOURCE, TARGET))
    assert run_verb(monkeypatch, "seize", "run", "--accept-loss") == Exit.BAD_INPUT
    assert "are both silent" in capsys.readouterr().err


def test_there_is_nothing_to_resume_where_nothing_was_begun(
    rehearsed: Rehearsed, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A move is not a seize."""
    assert run_verb(monkeypatch, "seize", "run", "--accept-loss", "--resume") == Exit.BAD_INPUT
    assert "no seize is under way" in capsys.readouterr().err


@pytest.mark.parametrize(("lost", "name"), [(SOURCE, "us-east-1 for eu-central-1"), (TARGET, "eu-central-1 for us-east-1")])
def test_the_silent_region_is_the_lost_one(rehearsed: Rehearsed, monkeypatch: pytest.MonkeyPatch, lost: str, name: str) -> None:
    """Whichever it is."""
    rehearsed.pens.out.add(SOURCE if lost == SOURCE else TARGET)
    driven: list[Migration] = []
    monkeypatch.setattr(seize, "drive", lambda migration, _run, **_how: driven.append(migration))
    assert run_verb(monkeypatch, "seize", "run", "--accept-loss") == Exit.DONE
    assert driven[0].plan().name == f"seize {name}"


def test_where_nobody_holds_the_pen_the_last_holder_gets_it(rehearsed: Rehearsed, monkeypatch: pytest.MonkeyPatch) -> None:
    """It has everything, so nothing is lost. One pen that is held is one too many."""
    rehearsed.pens.lay(SOURCE, Domain.STATE, PenState.CLOSED, epoch=1)
    assert run_verb(monkeypatch, "seize", "run", "--accept-loss") == Exit.BAD_INPUT
    rehearsed.pens.lay(SOURCE, Domain.COMMANDS, PenState.CLOSED, epoch=1)
    driven: list[Migration] = []
    monkeypatch.setattr(seize, "drive", lambda migration, _run, **_how: driven.append(migration))
    assert run_verb(monkeypatch, "seize", "run", "--accept-loss") == Exit.DONE
    assert driven[0].regions.target == SOURCE


def test_a_run_under_way_is_given_up_and_the_seize_found_again(rehearsed: Rehearsed, monkeypatch: pytest.MonkeyPatch) -> None:
    """The move's engine would wait for ever; the seize goes on by --resume, as the plan the journal names."""
    moving = rehearsed.engine("old", "ada")
    moving.advance()
    moving.journal.release()
    rehearsed.pens.out.add(SOURCE)
    monkeypatch.setattr(Runner, "run", lambda _runner: Ended.DONE)
    monkeypatch.setattr(leading, "beating", lambda *_how: nullcontext())
    assert run_verb(monkeypatch, "seize", "run", "--accept-loss") == Exit.DONE
    rehearsed.pens.out.clear()
    assert run_verb(monkeypatch, "seize", "run", "--accept-loss", "--resume") == Exit.DONE
    rehearsed.pens.out.add(SOURCE)
    assert run_verb(monkeypatch, "seize", "run", "--accept-loss") == Exit.BAD_INPUT  # it is under way
    told = [
        (r.kind, r.data.get("outcome", r.data.get("name"))) for r in rehearsed.store.kept if r.kind in {Kind.PLAN, Kind.ENDED}
    ]
    assert told == [
        (Kind.PLAN, "trading us-east-1 to eu-central-1"),
        (Kind.ENDED, Outcome.GIVEN_UP),
        (Kind.PLAN, "seize us-east-1 for eu-central-1"),
    ]
