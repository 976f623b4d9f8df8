"""A test run that is told to end ends in order: fixtures stop the processes and servers they started."""

import signal
from types import FrameType

import pytest
from xdist.scheduler import LoadScopeScheduling


def pytest_addoption(parser: pytest.Parser) -> None:
    """Where tests/account runs, and what it is given there."""
    told = "where tests/account runs: on emulators of its own, or on the account whose credentials are at hand"
    parser.addoption("--on", choices=("rehearsal", "aws"), default="rehearsal", help=told)
    told = "with --on aws: the payments platform's own file, with certificates of the account"
    parser.addoption("--payments", default="config/payments.toml", help=told)
    told = "with --on aws: a command that pushes the payments service's image to the repository it is told, and prints the digest"
    parser.addoption("--push", default="", help=told)


def pytest_sessionstart() -> None:
    """SIGTERM is taken as Ctrl-C is; without this a terminated run would leave emulators behind.

    A worker whose controller is gone sends itself SIGINT, which a shell that started the run in the background has switched off.
    """
    signal.signal(signal.SIGTERM, _end)
    signal.signal(signal.SIGINT, signal.default_int_handler)


class Together(LoadScopeScheduling):  # type: ignore[misc]  # xdist has no types
    """Tests that share servers go to one worker: a folder of contract tests, or else a file."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return file.rpartition("/")[0] if file.startswith("tests/contract/") else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> Together:
    """Its own groups by mark (`loadgroup`) get lost: this pytest does not take the names it gives to tests."""
    return Together(config, log)


def _end(number: int, frame: FrameType | None) -> None:
    del frame
    pytest.exit(f"told to end by signal {number}", returncode=128 + number)
