"""`landbridge plan` prints what an operator approves, and needs nothing but its files."""

import json
import os
from datetime import date
from pathlib import Path

import pytest
from tests.builders import CONFIG, FakeWorld, trading
from tests.unit.cli.test_main import run_verb
from tests.unit.migrate.toys import Toy, row

from landbridge.cli.exits import Exit
from landbridge.cli.plan import page
from landbridge.migrate.display.walk import DryRun
from landbridge.migrate.plan import Phase, Plan
from landbridge.migrate.plans.trading import there
from landbridge.migrate.plans.trading import trading as plan_of

ROOT = CONFIG.parent
HOME = "From there on failing back brings everything home, until `landbridge retire` has passed its own last moment."
UNTIL = "Until then an abort puts everything back"
SHIPPED = DryRun(trading(), (), 0.0).plan


@pytest.fixture(autouse=True)
def _at_home(monkeypatch: pytest.MonkeyPatch) -> None:
    """The shipped files are found from the project's folder, and no cloud is."""
    monkeypatch.chdir(ROOT)
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)


def said(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *options: str) -> str:
    """What the verb prints, when it is done."""
    assert run_verb(monkeypatch, "plan", *options) == Exit.DONE
    return capsys.readouterr().out


def test_it_prints_every_step_its_marks_and_the_hash(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Phases are numbered, the pivot is marked, approvals and the last moment of going back are named."""
    lines = said(capsys, monkeypatch).splitlines()
    assert lines[0] == f"trading us-east-1 to eu-central-1, plan {SHIPPED.hash}"
    heads = [line for line in lines if line[:1].isdigit()]
    assert heads == [
        "1. preflight",
        "2. adopt",
        "3. foundation",
        "4. replicate",
        "5. verify",
        "6. shift (needs 1 approval, none by who begins it)",
        "7. cutover.state (needs 2 approvals, none by who begins it)",
        "8. cutover.commands (needs 2 approvals, none by who begins it)",
    ]
    assert all(any(step.name in line and step.sentence in line for line in lines) for step in SHIPPED.steps())
    assert [line.split()[0] for line in lines if line.endswith("[pivot]")] == ["open_target.state", "open_target.commands"]
    assert lines[-3:] == [
        f"The last moment of going back is before open_target.state. {UNTIL}; cutover needs 2 approvals.",
        HOME,
        "Nothing begins to move on mon, tue, wed, thu, fri from 09:30 to 16:00 (America/New_York): the market is open.",
    ]


def test_as_data_it_says_the_same(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """For programs."""
    told = json.loads(said(capsys, monkeypatch, "--json"))
    assert (told["hash"], told["no_return"], told["no_failback"]) == (SHIPPED.hash, "open_target.state", None)
    assert [phase["name"] for phase in told["phases"]] == [phase.name for phase in SHIPPED.phases]
    assert {phase["name"]: phase["approvals"] for phase in told["phases"] if phase["approvals"]} == {
        "shift": 1,
        "cutover.state": 2,
        "cutover.commands": 2,
    }
    assert [step["name"] for phase in told["phases"] for step in phase["steps"]] == [step.name for step in SHIPPED.steps()]


def test_a_dry_run_names_the_stacks_that_are_shipped(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Those of the target, from the committed templates; as data it is the same walk."""
    config = tmp_path / "trading.toml"
    shipped = (CONFIG / "trading.toml").read_text().replace("bake_seconds = 1800", "bake_seconds = 10").partition("[calendar]")[0]
    config.write_text(shipped)
    lines = said(capsys, monkeypatch, "--dry-run", "--config", str(config)).splitlines()
    stacks = [line.split("the stack ")[1].split()[0] for line in lines if "the stack " in line]
    assert stacks[-1:] == ["stacksets"]
    assert "journal" not in stacks
    walked = json.loads(said(capsys, monkeypatch, "--dry-run", "--json", "--config", str(config)))["dry_run"]
    assert [line.split(maxsplit=2)[1:] for line in lines] == [[line["step"], line["what"]] for line in walked]


def test_the_end_of_the_source_is_a_plan_of_its_own(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Printed, as data, and walked: it begins where everything has moved, and the last thing told is the report."""
    lines = said(capsys, monkeypatch, "--retire").splitlines()
    assert lines[0].startswith("retire us-east-1, plan ")
    assert f"The last moment of going back is before hand_over_tables. {UNTIL}; retire needs 2 approvals." in lines
    told = json.loads(said(capsys, monkeypatch, "--retire", "--json"))
    assert (told["no_return"], told["phases"][-1]["final"]) == ("hand_over_tables", True)
    config = tmp_path / "trading.toml"
    quick = (CONFIG / "trading.toml").read_text().replace("bake_seconds = 1800", "bake_seconds = 10").partition("[calendar]")[0]
    config.write_text(quick.replace("bake_seconds = 604800", "bake_seconds = 60"))
    walked = said(capsys, monkeypatch, "--retire", "--dry-run", "--config", str(config)).splitlines()
    assert walked[0].split()[1] == "bake_target"  # the comparisons of the move are good still
    assert not [line for line in walked if "open_target" in line]
    gone = [line.rpartition(" ")[2] for line in walked if " the stack " in line]
    assert (gone[-1], {"peering", "logs", "journal", "edge"} & set(gone)) == ("keys", set())
    assert walked[-1].endswith("write the report of where everything lives into the customer's bucket in eu-central-1")


def test_a_plan_that_can_always_go_back_says_so() -> None:
    """And a final phase is named as one."""
    assert list(page(Plan("toys", row(("one", [Toy("a")])))))[-1] == "An abort puts everything back at any moment."
    final = list(page(Plan("toys", (Phase("one", (Toy("a"),)), Phase("retire", (Toy("b"),), 2, final=True)))))
    assert "2. retire (final: no way back, needs 2 approvals, none by who begins it)" in final
    last = "The last moment of going back is before b. Until then an abort puts everything back; retire needs 2 approvals."
    assert final[-1] == last


def test_both_last_moments_are_said() -> None:
    """Of going back, and after it of failing back; two people are asked before either."""
    moved = list(page(plan_of(trading(), FakeWorld().whole_ports(), there(trading()))))
    assert moved[-3:-1] == [
        f"The last moment of going back is before open_target.market. {UNTIL}; cutover needs 2 approvals.",
        HOME,
    ]
    lines = list(page(FakeWorld().retirement(trading())))
    last = f"The last moment of going back is before hand_over_tables. {UNTIL}; retire needs 2 approvals."
    assert last in lines
    assert [line for line in lines if line[:1].isdigit()] == [
        "1. bake",
        "2. retire.prove (needs 2 approvals, none by who begins it)",
        "3. retire.remove (final: no way back, needs 2 approvals, none by who begins it)",
    ]


def test_freezes_are_named() -> None:
    """Whoever plans the night sees them."""
    freeze = {"first": date(2026, 12, 18), "last": date(2027, 1, 4), "reason": "end of the year"}
    made = DryRun(trading({"calendar": {"freezes": [freeze]}}), (), 0.0).plan
    frozen = "Nothing begins to move from 2026-12-18 to 2027-01-04 (America/New_York): end of the year."
    assert list(page(made))[-1] == frozen
    assert made.hash == SHIPPED.hash  # a freeze that comes up under way does not make it another plan
