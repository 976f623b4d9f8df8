"""A test run that is told to end ends in order: fixtures stop the processes and servers they started."""

import signal
from types import FrameType

import pytest


def pytest_sessionstart() -> None:
    """SIGTERM is taken as Ctrl-C is; without this a terminated run would leave emulators behind."""
    signal.signal(signal.SIGTERM, _end)


def _end(number: int, frame: FrameType | None) -> None:
    del frame
    pytest.exit(f"told to end by signal {number}", returncode=128 + number)
