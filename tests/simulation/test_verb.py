"""`./dev simulate` works in processes of its own, which find what they are to do."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_a_schedule_is_tried_by_the_verb() -> None:
    """As ./dev runs it."""
    command = [sys.executable, "-m", "tests.simulation", "--seeds", "1"]
    ran = subprocess.run(
        command, cwd=ROOT, env={**os.environ, "PYTHONPATH": "src"}, capture_output=True, text=True, check=False, timeout=100
    )
    assert (ran.returncode, "0 broken" in ran.stdout) == (0, True), ran.stderr
