"""Ctrl-C at any second: no process, no port, no temporary folder outside the run folder, and the right exit code."""

import random
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.integration.rehearsals import Rehearsal, leftovers

LATEST_SECONDS = 40.0
AT_ONCE = 2


@pytest.mark.parametrize("count", [3, pytest.param(7, marks=pytest.mark.slow)])
def test_ctrl_c_at_any_second_leaves_nothing_behind(count: int, tmp_path: Path) -> None:
    """Moments drawn anew at each run: loading, set-up, traffic, shift or cutover, it makes no difference."""
    before = _temporary()
    moments = [random.uniform(each, each + 1) * LATEST_SECONDS / count for each in range(count)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        wrong = list(pool.map(lambda after: _interrupted(tmp_path / f"run-{after:.2f}", after), moments))
    assert wrong == [[]] * count
    assert not _temporary() - before


def _interrupted(folder: Path, after: float) -> list[str]:
    """Everything that is wrong after Ctrl-C at this second."""
    rehearsal = Rehearsal.start(folder)
    time.sleep(after)
    code = rehearsal.interrupt()
    wrong = [f"exit code {code} after {after:.1f} s"] if code != 130 else []
    wrong += ["a traceback"] if "Traceback" in rehearsal.said() else []
    wrong += leftovers(folder) if folder.exists() else []
    return [*wrong, rehearsal.said()] if wrong else []


def _temporary() -> set[str]:
    """What our servers would leave in the machine's folder for such things."""
    return {path.name for path in Path(tempfile.gettempdir()).iterdir() if path.name.startswith(("ministack", "landbridge-run"))}
