"""`landbridge retire` says no, with where things stand, as long as anything is still at the source; and that it is final."""

from dataclasses import replace
from pathlib import Path

import pytest
from tests.fakes import SOURCE, TARGET, Clock
from tests.unit.cli.test_main import run_verb
from tests.unit.cli.test_seize import CONFIG, Rehearsed

from landbridge.aws.clients import Clients
from landbridge.cli import retire
from landbridge.cli.exits import Exit
from landbridge.cli.rehearse import refuse_both
from landbridge.config.database import Database
from landbridge.config.market import Market
from landbridge.migrate.adapters.compose import Migration
from landbridge.migrate.adapters.leading import under_way
from landbridge.migrate.adapters.leaving.compose import LiveLeaving
from landbridge.model.errors import BadInput
from landbridge.model.pen import Domain, PenState
from landbridge.model.region import Region
from landbridge.traffic.route53 import Route53Traffic

FED = CONFIG.model_copy(update={"market": Market(feeds=("direct",), producers=("arn:aws:iam::000000000000:role/feeds",))})
BEFORE = ["verify_store", "bake_target", "quiet_source", "restore_backup", "copy_evidence"]
AFTER = ["hand_over_tables", "detach_member", "destroy_source", "report_residency"]


@pytest.fixture(name="moved")
def _moved(monkeypatch: pytest.MonkeyPatch) -> Rehearsed:
    """Every pen and every read is at the target."""
    clock = Clock()
    nowhere = dict.fromkeys((SOURCE, TARGET, Region("eu-west-1")), "http://127.0.0.1:9")
    made = Rehearsed(Clients(nowhere), FED, Path("templates"), clock, clock.sleep)
    for domain in Domain:
        made.pens.lay(SOURCE, domain, PenState.CLOSED, epoch=1)
        made.pens.lay(TARGET, domain, PenState.OPEN, epoch=2)
    monkeypatch.setattr(retire, "migration_of", lambda _run, _templates: made)
    monkeypatch.setattr(Route53Traffic, "percent", lambda _self: 100)
    return made


@pytest.fixture(name="driven")
def _driven(monkeypatch: pytest.MonkeyPatch) -> list[Migration]:
    """What would be driven."""
    driven: list[Migration] = []
    monkeypatch.setattr(retire, "drive", lambda migration, _run, **_how: driven.append(migration))
    return driven


def test_what_has_moved_may_retire_and_is_told_from_where_it_is_final(
    moved: Rehearsed, driven: list[Migration], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One plan, by its own name, that nobody else begins."""
    assert run_verb(monkeypatch, "retire", "run") == Exit.DONE
    said = "final: from hand_over_tables on there is no way back; until then `landbridge failback run` brings all home\n"
    assert capsys.readouterr().out == said
    plan = driven[0].plan()
    assert plan.name == "retire us-east-1"
    assert list(dict.fromkeys(step.name.partition(".")[0] for step in plan.steps())) == BEFORE + AFTER
    assert under_way(moved, plan.hash) == replace(moved, retiring=True)


def test_a_database_takes_its_member_and_its_password_along(
    moved: Rehearsed,
) -> None:
    """And somebody answers for its backup first, by name."""
    with_it = replace(moved, config=FED.model_copy(update={"database": Database(moves=True)}))
    plan, without = replace(with_it, retiring=True).plan(), replace(moved, retiring=True).plan()
    names = [step.name for step in plan.steps()]
    more = [name for name in names if name not in {step.name for step in without.steps()}]
    bakes = ["verify_store.database.bake", "verify_store.database.retire"]
    assert more == ["go_untried.database", *bakes, "detach_member.secrets", "detach_member.cluster"]
    assert names[0] == "go_untried.database"
    assert plan.phases[0].approvals == FED.approvals.retire
    LiveLeaving(with_it).refuse_what_stays_behind()


def test_a_pen_at_the_source_is_a_no(
    moved: Rehearsed, driven: list[Migration], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With where the run stands."""
    moved.pens.lay(TARGET, Domain.COMMANDS, PenState.CLOSED, epoch=2)
    assert run_verb(monkeypatch, "retire", "run") == Exit.BAD_INPUT
    said = "landbridge: run: eu-central-1 does not hold the commands pen, so us-east-1 is needed; the run goes forward at"
    assert capsys.readouterr().err.startswith(said)
    assert not driven


@pytest.mark.parametrize("percent", [99, None])
def test_reads_at_the_source_are_a_no(
    percent: int | None,
    moved: Rehearsed,
    driven: list[Migration],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """All of them must have moved."""
    del moved
    monkeypatch.setattr(Route53Traffic, "percent", lambda _self: percent)
    assert run_verb(monkeypatch, "retire", "run") == Exit.BAD_INPUT
    assert f"{percent or 0} % of the reads go to eu-central-1" in capsys.readouterr().err
    assert not driven


def test_a_market_that_has_not_moved_is_a_no(
    moved: Rehearsed, driven: list[Migration], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The source holds all of it."""
    unmoved = replace(moved, config=CONFIG)
    monkeypatch.setattr(retire, "migration_of", lambda _run, _templates: unmoved)
    assert run_verb(monkeypatch, "retire", "run") == Exit.BAD_INPUT
    assert "market.feeds: is empty, so nothing of the market has moved" in capsys.readouterr().err
    assert not driven


def test_a_rehearsal_of_it_takes_a_market_that_moves() -> None:
    """Refused before a world is made."""
    with pytest.raises(BadInput, match="would take away a market that has not moved"):
        refuse_both(CONFIG, and_back=False, retire=True)
    refuse_both(FED, and_back=False, retire=True)


def test_going_on_asks_nothing(moved: Rehearsed, driven: list[Migration], monkeypatch: pytest.MonkeyPatch) -> None:
    """Something of the source may be gone already."""
    moved.pens.out.add(SOURCE)
    monkeypatch.setattr(Route53Traffic, "percent", lambda _self: None)
    assert run_verb(monkeypatch, "retire", "run", "--resume") == Exit.DONE
    assert driven
