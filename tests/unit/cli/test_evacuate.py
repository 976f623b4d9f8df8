"""Verbs find out which platform a run is of, and say no in a sentence to what it has none of."""

import json
import os
from pathlib import Path

import pytest
from tests.builders import expansion, trading
from tests.unit.cli.test_main import run_verb
from tests.unit.house.places import ROOT

from landbridge.cli.exits import Exit
from landbridge.cli.migrate import moving_of
from landbridge.migrate.adapters.leading import under_way
from landbridge.migrate.adapters.payments import PaymentsMigration
from landbridge.model.region import Region
from landbridge.rehearse.run_folder import RunFolder

REGIONS = ("us-east-1", "us-east-2", "us-west-2", "eu-central-1", "eu-west-1")
FRONTS = {region: f"http://127.0.0.1:9/{region}" for region in REGIONS[:2]}


@pytest.fixture(name="run")
def _run(tmp_path: Path) -> RunFolder:
    """A folder whose world is said to be up, in this process."""
    told = {"pid": os.getpid(), "endpoints": dict.fromkeys(REGIONS, "http://127.0.0.1:9"), "fronts": FRONTS}
    (tmp_path / "run.json").write_text(json.dumps(told))
    return RunFolder(tmp_path)


@pytest.fixture(name="growing")
def _growing(run: RunFolder) -> Path:
    """Of the payments platform."""
    run.keep_expansion(expansion())
    return run.path


def refused(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """The one sentence a verb says no in."""
    monkeypatch.chdir(ROOT)
    assert run_verb(monkeypatch, *words) == Exit.BAD_INPUT
    return capsys.readouterr().err


def test_a_run_says_of_which_platform_it_is(growing: Path) -> None:
    """And where its load balancers answer; a journal's hash finds the way that is under way."""
    moving = moving_of(growing, ROOT / "templates")
    assert isinstance(moving, PaymentsMigration)
    assert moving.config == expansion()
    assert moving.url(Region("us-east-2")) == "http://127.0.0.1:9/us-east-2"
    plans = {way.out: way.plan().hash for way in moving.ways()}
    assert {out: getattr(under_way(moving, plan), "out", "") for out, plan in plans.items()} == {out: out for out in plans}


@pytest.mark.parametrize("verb", ["failback", "seize"])
def test_verbs_of_pens_are_not_for_payments(
    growing: Path, verb: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It has none."""
    assert "is of the payments platform, which has no pens" in refused(monkeypatch, capsys, verb, str(growing))


def test_only_a_region_of_the_platform_goes_out(
    growing: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Named with those it has."""
    said = refused(monkeypatch, capsys, "evacuate", str(growing), "eu-west-1")
    assert said == "landbridge: eu-west-1: is no region of this platform; name us-east-1 or us-east-2\n"


def test_trading_gives_no_region_up(run: RunFolder, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """It moves as a whole."""
    run.keep(trading())
    assert "is of the trading platform" in refused(monkeypatch, capsys, "evacuate", str(run.path), "us-east-1")


def test_plans_of_payments_are_printed_without_a_cloud(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Both kinds, walked too."""
    monkeypatch.chdir(ROOT)
    for words, first in (
        (("plan", "payments"), "expand us-east-1 to us-east-2, plan "),
        (("plan", "payments", "--evacuate", "us-east-2"), "evacuate us-east-2, plan "),
    ):
        assert run_verb(monkeypatch, *words) == Exit.DONE
        said = capsys.readouterr().out
        assert said.startswith(first)
        assert "An abort puts everything back at any moment." in said
        assert run_verb(monkeypatch, *words, "--dry-run") == Exit.DONE
        assert "shift_reads.50" in capsys.readouterr().out
