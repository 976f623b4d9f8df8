"""Every way to misuse a verb ends in one clear sentence and the documented exit code."""

import asyncio
import sys
import tempfile
from pathlib import Path

import pytest

from landbridge.cli import __main__ as entry
from landbridge.cli import main as root
from landbridge.cli.exits import OF_RUN, Exit
from landbridge.migrate.runner import Ended
from landbridge.model.errors import BadInput, ChainBroken, LandbridgeError, LeaseHeld, Refused, Unreachable


def run_verb(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    """The exit code of one verb."""
    monkeypatch.setattr(sys, "argv", ["landbridge", *arguments])
    with pytest.raises(SystemExit) as ended:
        entry.main()
    return int(str(ended.value.code))


MISUSES = {
    ("frob",): "landbridge: No such command 'frob'",
    ("rehearse", "--seed", "x"): "landbridge: Invalid value for '--seed'",
    (
        "rehearse",
        "--quick",
        "--world",
        "mine.toml",
    ): "landbridge: --quick: is a world of its own, and --world names another; give",
    ("rehearse", "--inject", "lag", "--inject", "errors-in-target"): (
        "landbridge: --inject: one run can't end in two ways; give at most one fault whose outcome is not 'done'"
    ),
    ("rehearse", "--inject", "rain"): "landbridge: --inject rain: there is no such fault; choose one of abort, ",
    ("rehearse", "--retire", "--and-back"): "landbridge: --retire: takes away the region that --and-back goes home to",
    ("retire", "no-folder"): "landbridge: no-folder: is not the folder of a rehearsal",
    ("rehearse", "--rate", "0"): "landbridge: command line: traffic.rate: 0.0 can't be used",
    ("rehearse", "--world", "no.toml"): "landbridge: no.toml: there is no such file",
    ("rehearse", "--config", "no.toml"): "landbridge: no.toml: there is no such file",
    ("rehearse", "shop"): "landbridge: shop: is no platform that is rehearsed; name trading or payments",
    ("rehearse", "payments", "--and-back"): "landbridge: --and-back: is for the trading platform; leave it out",
    ("rehearse", "trading", "--out", "us-east-1"): "landbridge: --out: is for the payments platform; leave it out",
    ("rehearse", "payments", "--out", "us-west-2"): "landbridge: --out us-west-2: is no region of this platform",
    ("rehearse", "payments", "--rate", "0"): "landbridge: command line: traffic.rate: 0.0 can't be used",
    ("rehearse", "payments", "--config", "no.toml"): "landbridge: no.toml: there is no such file",
    ("migrate", "no-folder"): "landbridge: no-folder: is not the folder of a rehearsal",
    ("migrate",): "landbridge: Missing argument",
    ("abort", "no-folder", "--why", "x"): "landbridge: no-folder: is not the folder of a rehearsal",
}


@pytest.mark.parametrize("arguments", sorted(MISUSES))
def test_misuse_is_one_sentence_and_code_2(
    arguments: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is wrong, where, and how to put it right; nothing was begun."""
    assert run_verb(monkeypatch, *arguments) == Exit.BAD_INPUT
    said = capsys.readouterr().err
    assert said.startswith(MISUSES[arguments])
    assert said.count("\n") == 1


def test_a_run_is_never_written_over_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A run folder that holds anything is refused."""
    (tmp_path / "report.html").touch()
    assert run_verb(monkeypatch, "rehearse", "--run-dir", str(tmp_path)) == Exit.BAD_INPUT
    assert "is not an empty folder" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (BadInput("a", "b", "c"), Exit.BAD_INPUT),
        (LeaseHeld("other", 2, 9.0, 1.0), Exit.HELD),
        (ChainBroken("chain", 3, "torn"), Exit.HELD),
        (Refused("r", "w", "y"), Exit.FAILED),
        (Unreachable("r", "w"), Exit.FAILED),
    ],
)
def test_each_error_has_its_exit_code(error: LandbridgeError, code: Exit) -> None:
    """The documented table, and nothing beside it."""
    assert root.code_of(error) is code


def _raising(error: BaseException, monkeypatch: pytest.MonkeyPatch) -> int:
    def app(*, standalone_mode: bool) -> int:
        raise error

    monkeypatch.setattr(root, "app", app)
    return run_verb(monkeypatch)


def test_errors_of_things_under_way_at_once_are_still_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The first of a group speaks for it."""
    group = BaseExceptionGroup("both", [Refused("us-east-1", "a thing", "no room"), Unreachable("x", "y")])
    assert _raising(group, monkeypatch) == Exit.FAILED
    assert capsys.readouterr().err == "landbridge: a thing was refused in us-east-1: no room\n"


@pytest.mark.parametrize("error", [KeyboardInterrupt(), asyncio.CancelledError()])
def test_interruption_has_its_own_code(
    error: BaseException, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """130, and a word that nothing is left behind."""
    assert _raising(error, monkeypatch) == Exit.INTERRUPTED
    assert "interrupted" in capsys.readouterr().err


def test_ctrl_c_while_it_is_still_loading_is_no_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Loading takes a moment; nothing was begun, and it says so."""

    def run() -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(root, "run", run)
    assert run_verb(monkeypatch) == Exit.INTERRUPTED == entry.INTERRUPTED
    assert "before anything was begun" in capsys.readouterr().err


def test_a_defect_is_kept_whole_and_told_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """No traceback on the terminal; all of it in a file that is named."""
    monkeypatch.setattr(tempfile, "gettempdir", lambda: str(tmp_path))
    assert _raising(ZeroDivisionError("by zero"), monkeypatch) == Exit.FAILED
    said = capsys.readouterr().err
    assert "ZeroDivisionError: by zero" in said
    assert "Traceback" not in said
    assert "Traceback" in next(tmp_path.iterdir()).read_text()


def test_every_end_of_a_run_has_an_exit_code() -> None:
    """A new way to end can't be forgotten in the table."""
    assert OF_RUN.keys() == set(Ended)
