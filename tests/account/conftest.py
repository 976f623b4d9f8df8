"""What the lives have in common: where they run, under which name, and what that place could not show."""

import secrets
from collections.abc import Iterator

import pytest
from _pytest.terminal import TerminalReporter

LEFT_OUT = "left out"


@pytest.fixture(name="on")
def _on(request: pytest.FixtureRequest) -> str:
    """`rehearsal` or `aws`."""
    return str(request.config.getoption("--on"))


@pytest.fixture(name="suffix")
def _suffix() -> str:
    """So that two runs on one account don't meet."""
    return f"try-{secrets.token_hex(3)}"


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    """Says by name what was not as on an account."""
    if told := sorted(set(_told(terminalreporter))):
        terminalreporter.section("not as on an account")
        for line in told:
            terminalreporter.line(line)


def _told(terminal: TerminalReporter) -> Iterator[str]:
    for reports in terminal.stats.values():
        for report in reports:
            yield from (str(told) for name, told in getattr(report, "user_properties", ()) if name == LEFT_OUT)
