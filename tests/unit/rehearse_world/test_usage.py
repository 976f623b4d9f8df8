"""What a run took of the machine is counted by kind and by stretch of time, and never shrinks when a process ends."""

import os
import subprocess
import sys
from collections.abc import Iterable

import pytest

from landbridge.rehearse.usage import Usage, Used

BUSY = "import time\nwhile time.process_time() < 0.2: pass\nprint('worked', flush=True)\ninput()"


def test_a_process_that_worked_is_counted_and_stays_counted_when_it_is_gone() -> None:
    """Its kind's processor time and memory are those of the process."""
    process = subprocess.Popen([sys.executable, "-c", BUSY], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    alive = [process.pid]
    now = iter([1.0, 2.0, 3.0])
    usage = Usage({"busy": lambda: alive, "ourselves": lambda: [os.getpid()]}, lambda: next(now))
    usage.look()
    assert process.stdout
    assert process.stdout.readline() == b"worked\n"
    usage.look()
    process.communicate()
    alive.clear()
    usage.look()
    assert usage.between(1.0, 3.0)["busy"] >= 0.1
    assert usage.between(2.0, 3.0)["busy"] == 0
    assert usage.memory["busy"] > 1


def test_between_two_looks_work_is_even() -> None:
    """A stretch that begins or ends between looks gets its share; outside of all looks there is none."""
    usage = Usage({"one": _nobody}, lambda: 0.0, looks=[Used(10.0, {"one": 4.0}), Used(20.0, {"one": 9.0})])
    assert usage.between(10.0, 20.0) == {"one": 5.0}
    assert usage.between(12.0, 14.0) == pytest.approx({"one": 1.0})
    assert usage.between(0.0, 10.0) == usage.between(20.0, 99.0) == {"one": 0.0}


def test_without_a_look_nothing_was_used() -> None:
    """A run that ended before the first look."""
    assert Usage({"one": _nobody}, lambda: 0.0).between(0.0, 9.0) == {"one": 0.0}


def _nobody() -> Iterable[int]:
    return ()
