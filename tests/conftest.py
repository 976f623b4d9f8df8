"""A test run that is told to end ends in order: fixtures stop the processes and servers they started."""

import signal
from types import FrameType

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Where tests/account runs."""
    told = "where tests/account runs: on emulators of its own, or on the account whose credentials are at hand"
    parser.addoption("--on", choices=("rehearsal", "aws"), default="rehearsal", help=told)


def pytest_sessionstart() -> None:
    """SIGTERM is taken as Ctrl-C is; without this a terminated run would leave emulators behind.

    A worker whose controller is gone sends itself SIGINT, which a shell that started the run in the background has switched off.
    """
    signal.signal(signal.SIGTERM, _end)
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests that share servers go to one worker: a folder of contract tests, or else a file."""
    for item in items:
        file = item.path.relative_to(config.rootpath)
        shared = file.parent if file.parts[:2] == ("tests", "contract") else file
        item.add_marker(pytest.mark.xdist_group(str(shared)))


def _end(number: int, frame: FrameType | None) -> None:
    del frame
    pytest.exit(f"told to end by signal {number}", returncode=128 + number)
