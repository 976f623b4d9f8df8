"""A run can be watched on any terminal, in any log and by any program."""

import contextlib
import io
from dataclasses import replace

import orjson
import pytest
from rich.console import Console

from landbridge.rehearse.live import JsonView, LineView, Moment, PanelView, view_for

MOMENT = Moment(
    elapsed_s=12.34,
    phases=(("preflight", "done"), ("shift", "running"), ("cutover", "waiting"), ("bake", "failed")),
    step="shift_reads",
    why="25 % has held up for 3.2 s of 6 s",
    target_percent=25,
    holders={"state": "us-east-1"},
    rate=24.6,
    p99_ms=104.2,
    raw_errors=2,
    lag_s=0.21,
)


class _Terminal(io.StringIO):
    """Says it is a terminal."""

    def isatty(self) -> bool:
        """It does."""
        return True


@pytest.mark.parametrize("width", [12, 20, 40, 80, 200])
def test_the_panel_fits_any_terminal(width: int) -> None:
    """No line is wider than the terminal, and the essentials are there."""
    out = _Terminal()
    console = Console(file=out, width=width, height=60, force_terminal=True, color_system=None, legacy_windows=False)
    with PanelView(console) as view:
        view.show(MOMENT)
        view.show(replace(MOMENT, elapsed_s=13, lag_s=None, p99_ms=None, failed=1))
    plain = [line for line in out.getvalue().replace("\r", "\n").splitlines() if "\x1b" not in line]
    assert max(len(line) for line in plain) <= width
    assert "preflight" in out.getvalue()


def test_the_panel_gives_the_cursor_back() -> None:
    """Hidden while it runs, shown afterwards, also after an error."""
    out = _Terminal()
    console = Console(file=out, width=80, force_terminal=True, legacy_windows=False)
    with contextlib.suppress(KeyboardInterrupt), PanelView(console) as view:  # what Ctrl-C does to it
        view.show(MOMENT)
        raise KeyboardInterrupt
    assert out.getvalue().rstrip().endswith("\x1b[?25h")


def test_a_log_gets_one_line_a_change() -> None:
    """Told three times, once with other figures and once with another weight, only the weight is news."""
    out = io.StringIO()
    with LineView(out) as view:
        view.show(MOMENT)
        first = out.getvalue()
        view.show(replace(MOMENT, elapsed_s=13.1, why="25 % has held up for 4.0 s of 6 s", rate=30))
        assert out.getvalue() == first
        view.show(replace(MOMENT, elapsed_s=19, target_percent=50))
    assert out.getvalue().removeprefix(first) == "   19.0 s  50 % of reads at the target\n"
    assert "   12.3 s  pen state: us-east-1\n" in first


def test_a_log_says_when_no_phase_runs() -> None:
    """Between phases there is a sentence too."""
    out = io.StringIO()
    LineView(out).show(replace(MOMENT, phases=(("preflight", "done"),)))
    assert "no phase is running" in out.getvalue()


def test_programs_get_json_lines() -> None:
    """Each line is a moment; one that differs in time alone is left out."""
    out = io.StringIO()
    with JsonView(out) as view:
        for moment in (MOMENT, replace(MOMENT, elapsed_s=13), replace(MOMENT, elapsed_s=14, raw_errors=3)):
            view.show(moment)
    lines = [orjson.loads(line) for line in out.getvalue().splitlines()]
    assert [(line["elapsed_s"], line["raw_errors"]) for line in lines] == [(12.34, 2), (14, 3)]
    assert lines[0]["phases"][1] == ["shift", "running"]


def test_the_view_fits_where_it_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """JSON when asked for, a panel on a terminal, lines in a log or on a terminal that can't move its cursor."""
    monkeypatch.setenv("TERM", "xterm")
    for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE"):
        monkeypatch.delenv(name, raising=False)
    assert isinstance(view_for(_Terminal(), as_json=True), JsonView)
    assert isinstance(view_for(_Terminal(), as_json=False), PanelView)
    assert isinstance(view_for(io.StringIO(), as_json=False), LineView)
    monkeypatch.setenv("TERM", "dumb")
    assert isinstance(view_for(_Terminal(), as_json=False), LineView)
