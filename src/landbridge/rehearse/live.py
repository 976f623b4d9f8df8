"""Shows a run while it goes: a calm panel on a terminal, one line a change elsewhere, JSON lines for programs.

The panel is redrawn only when told something new, in one write, so it doesn't flicker; on a narrow terminal it wraps.
"""

import re
from abc import abstractmethod
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, field
from typing import Self, TextIO

import orjson
from rich.columns import Columns
from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

MARKS = {"waiting": ("○", "dim"), "running": ("◐", "bold"), "done": ("●", "green"), "held": ("◐", "yellow")}
OTHER_MARK = ("✕", "red")
BAR_CELLS = 20


@dataclass(frozen=True, slots=True)
class Moment:
    """The run as it stands: phases with 'waiting', 'running', 'done', 'held', 'reverted' or 'failed', in order."""

    elapsed_s: float
    phases: tuple[tuple[str, str], ...]
    step: str
    why: str
    target_percent: float = 0.0
    holders: Mapping[str, str] = field(default_factory=dict)
    pauses_ms: Mapping[str, float] = field(default_factory=dict)
    rate: float = 0.0
    p99_ms: float | None = None
    raw_errors: int = 0
    failed: int = 0
    lag_s: float | None = None


class View(AbstractContextManager["View"]):
    """Shows moments as they come; leaving it leaves the last one standing."""

    @abstractmethod
    def show(self, moment: Moment) -> None:
        """Takes note of the newest moment."""

    def __exit__(self, *_: object) -> None:
        """Leaves the terminal as it was found."""


class PanelView(View):
    """For people at a terminal."""

    def __init__(self, console: Console) -> None:
        self._live = Live(console=console, auto_refresh=False, vertical_overflow="crop")

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        """The last panel stays, the cursor comes back."""
        self._live.stop()

    def show(self, moment: Moment) -> None:
        """Draws the panel anew."""
        self._live.update(panel(moment), refresh=True)


class LineView(View):
    """For logs: a line for each change of phase, step, weight, pen or errors; a reason whose figures alone moved is no news."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._shown: dict[str, str] = {}

    def show(self, moment: Moment) -> None:
        """Prints what is news, each with the seconds since the run began."""
        for what, line in _lines(moment).items():
            kind = re.sub(r"\d[\d.,]*", "#", line) if what == "step" else line
            if self._shown.get(what) != kind:
                self._shown[what] = kind
                self._out.write(f"{moment.elapsed_s:7.1f} s  {line}\n")
        self._out.flush()


class JsonView(View):
    """For programs: every moment that differs from the last in more than its time, as one line of JSON."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._shown: dict[str, object] = {}

    def show(self, moment: Moment) -> None:
        """Prints the moment unless it says nothing new."""
        news = {**asdict(moment), "phases": [list(phase) for phase in moment.phases], "elapsed_s": 0}
        if news != self._shown:
            self._shown = news
            self._out.write(orjson.dumps({**news, "elapsed_s": round(moment.elapsed_s, 3)}).decode() + "\n")
            self._out.flush()


def view_for(out: TextIO, *, as_json: bool) -> View:
    """The view that fits: JSON when asked for, a panel on a terminal, lines anywhere else."""
    if as_json:
        return JsonView(out)
    console = Console(file=out)
    return PanelView(console) if console.is_terminal and not console.is_dumb_terminal else LineView(out)


def panel(moment: Moment) -> Group:
    """The moment as people see it."""
    facts = Table.grid(padding=(0, 2))
    facts.add_column(style="dim", no_wrap=True)
    facts.add_column(overflow="fold")
    for name, text in _figures(moment):
        facts.add_row(name, text)
    return Group(_phases(moment), Text(), facts)


def _phases(moment: Moment) -> Columns:
    signs = ((name, *MARKS.get(mark, OTHER_MARK)) for name, mark in moment.phases)
    return Columns(
        [Text(f"{sign} {name}", style=style, no_wrap=True, overflow="ellipsis") for name, sign, style in signs], padding=(0, 3)
    )


def _figures(moment: Moment) -> list[tuple[str, Text]]:
    bad = "red" if moment.failed else "yellow" if moment.raw_errors else "green"
    filled = round(moment.target_percent / 100 * BAR_CELLS)
    bar = Text("━" * filled, style="blue").append("━" * (BAR_CELLS - filled), style="dim")
    return [
        ("step", Text(moment.step, style="bold")),
        ("", Text(moment.why)),
        ("reads", bar.append(f" {moment.target_percent:g} % at the target", style="default")),
        *((f"pen {domain}", Text(told)) for domain, told in _pens(moment)),
        ("traffic", Text(f"{moment.rate:.0f}/s, p99 {_ms(moment.p99_ms)}")),
        ("errors", Text(f"{moment.raw_errors} raw, {moment.failed} failed", style=bad)),
        ("lag", Text("not copying" if moment.lag_s is None else f"{moment.lag_s:.1f} s")),
        ("elapsed", Text(f"{moment.elapsed_s:.0f} s")),
    ]


def _lines(moment: Moment) -> dict[str, str]:
    running = [f"{name} ({mark})" for name, mark in moment.phases if mark not in ("waiting", "done")]
    return {
        "phase": f"phase {', '.join(running)}" if running else "no phase is running",
        "step": f"{moment.step}: {moment.why}" if moment.step else moment.why,
        "weight": f"{moment.target_percent:g} % of reads at the target",
        **{domain: f"pen {domain}: {told}" for domain, told in _pens(moment)},
        "errors": f"{moment.raw_errors} raw errors, {moment.failed} failed requests",
    }


def _pens(moment: Moment) -> list[tuple[str, str]]:
    """Who may write what, and how long nobody could when it moved."""
    told = {domain: f", after {_ms(pause)} of nobody" for domain, pause in moment.pauses_ms.items()}
    return [(domain, f"{holder}{told.get(domain, '')}") for domain, holder in sorted(moment.holders.items())]


def _ms(milliseconds: float | None) -> str:
    return "-" if milliseconds is None else f"{milliseconds:.0f} ms"
