"""A comparison that was killed goes on where it stood: the chunk that was not kept is all that is done again."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from tests.unit.verify.killed import STORES, counting

from landbridge.model.measure import Difference
from landbridge.verify.kept import Kept

ROOT = Path(__file__).parents[3]


def killed(store: str, folder: Path, after: int) -> None:
    """A real process, dead before it could keep another chunk."""
    paths = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    child = [sys.executable, "-m", "tests.unit.verify.killed", store, str(folder), str(after)]
    ended = subprocess.run(child, cwd=ROOT, env={**os.environ, "PYTHONPATH": paths}, capture_output=True, text=True, check=False)
    assert ended.returncode == -signal.SIGKILL, ended.stderr


def chunks(store: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[int, tuple[Difference, ...]]:
    """How many chunks it takes to the end, and what is found."""
    kept: list[int] = []
    with monkeypatch.context() as patch:
        patch.setattr(Kept, "keep", counting(kept.append))
        found = STORES[store](folder).compare().differences
    return len(kept), found


@pytest.mark.parametrize("store", STORES)
def test_what_was_kept_is_not_done_again(store: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And the result is that of a comparison nobody killed; a torn last line costs no more."""
    once, again = tmp_path / "once", tmp_path / "again"
    once.mkdir()
    again.mkdir()
    whole, expected = chunks(store, once, monkeypatch)
    killed(store, again, 3)
    with (again / "work" / "chunks.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"chunk": "torn')
    assert chunks(store, again, monkeypatch) == (whole - 3, expected)
    assert len(expected) == 1
    assert not (again / "work").exists()


def test_another_plan_begins_anew(tmp_path: Path) -> None:
    """What was kept of something else says nothing."""
    Kept(tmp_path / "work", {"segments": 2}, 1.0).keep("a", 1)
    assert Kept(tmp_path / "work", {"segments": 2}, 5.0).chunks == {"a": 1}
    assert Kept(tmp_path / "work", {"segments": 2}, 5.0).began == 1.0
    other = Kept(tmp_path / "work", {"segments": 3}, 5.0)
    assert (other.chunks, other.began) == ({}, 5.0)


def test_a_line_that_was_torn_does_not_swallow_the_next(tmp_path: Path) -> None:
    """Killed while it wrote, taken up, and killed again."""
    Kept(tmp_path / "work", {}, 1.0).keep("a", 1)
    with (tmp_path / "work" / "chunks.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"chunk": "torn')
    Kept(tmp_path / "work", {}, 2.0).keep("b", 2)
    assert Kept(tmp_path / "work", {}, 3.0).chunks == {"a": 1, "b": 2}
