"""Draws the report's charts as inline SVG and HTML: no script, no library, nothing fetched.

Shapes stretch with the page, words don't: they are HTML laid over the drawing, so they stay readable on a phone.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

WIDTH = 1000.0
HEIGHT = 100.0
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Plot:
    """A rectangle that shows `from_x`..`to_x` across and 0..`top` upwards; everything outside is clipped."""

    from_x: float
    to_x: float
    top: float

    def x(self, value: float) -> float:
        """Across, in drawing units, kept inside."""
        share = (value - self.from_x) / ((self.to_x - self.from_x) or 1.0)
        return round(WIDTH * min(1.0, max(0.0, share)), 2)

    def y(self, value: float) -> float:
        """Downwards, in drawing units, kept inside."""
        return round(HEIGHT * (1 - min(1.0, max(0.0, value / (self.top or 1.0)))), 2)

    def area(self, name: str, upper: Sequence[Point], lower: Sequence[Point]) -> str:
        """The band between two lines over the same x."""
        points = " ".join(f"{self.x(x)},{self.y(y)}" for x, y in (*upper, *reversed(lower)))
        return f'<polygon class="{name}" points="{points}"/>' if upper else ""

    def line(self, name: str, points: Iterable[Point]) -> str:
        """A line through the points."""
        drawn = " ".join(f"{self.x(x)},{self.y(y)}" for x, y in points)
        return f'<polyline class="{name}" points="{drawn}"/>' if drawn else ""

    def steps(self, name: str, points: Sequence[Point]) -> str:
        """A line that keeps each value until the next, and the last to the end."""
        corners: list[Point] = []
        for at, (x, y) in enumerate(points):
            following = points[at + 1][0] if at + 1 < len(points) else self.to_x
            corners += [(x, y), (following, y)]
        return self.line(name, corners)

    def band(self, name: str, from_x: float, to_x: float, title: str = "") -> str:
        """A full-height band, never thinner than can be seen."""
        left, right = self.x(from_x), self.x(to_x)
        told = f"<title>{escape(title)}</title>" if title else ""
        return f'<rect class="{name}" x="{left}" y="0" width="{max(1.5, right - left):.2f}" height="{HEIGHT:g}">{told}</rect>'

    def rule(self, name: str, at_x: float) -> str:
        """A vertical line."""
        return f'<line class="{name}" x1="{self.x(at_x)}" x2="{self.x(at_x)}" y1="0" y2="{HEIGHT:g}"/>'

    def drawn(
        self, name: str, shapes: Iterable[str], left: Iterable[tuple[float, str]] = (), right: Iterable[tuple[float, str]] = ()
    ) -> str:
        """The plot with its shapes and the words at its left and right edges, each at a height."""
        svg = f'<svg viewBox="0 0 {WIDTH:g} {HEIGHT:g}" preserveAspectRatio="none" aria-hidden="true">{"".join(shapes)}</svg>'
        words = [_word("left", self.y(at), text) for at, text in left] + [_word("right", self.y(at), text) for at, text in right]
        return f'<div class="plot {name}">{svg}{"".join(words)}</div>'

    def axis(self, ticks: Iterable[tuple[float, str]]) -> str:
        """The words below the plot, each under its place."""
        places = "".join(f'<span style="left:{self.x(at) / WIDTH:.2%}">{escape(text)}</span>' for at, text in ticks)
        return f'<div class="axis" aria-hidden="true">{places}</div>'


def nice(value: float) -> float:
    """The next 1, 2, 2.5 or 5 times a power of ten that is not below the value."""
    if value <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(factor * power for factor in (1.0, 2.0, 2.5, 5.0, 10.0) if factor * power >= value - 1e-12)


def ticks(from_x: float, to_x: float, about: int = 6) -> list[float]:
    """Round places along the axis, about so many."""
    step = nice((to_x - from_x) / about)
    first = math.ceil(from_x / step)
    return [number * step for number in range(first, math.floor(to_x / step + 1e-9) + 1)]


def smooth(values: Sequence[float]) -> list[float]:
    """The mean of each value and its two neighbours."""
    windows = (values[max(0, at - 1) : at + 2] for at in range(len(values)))
    return [sum(window) / len(window) for window in windows]


def _word(side: str, y: float, text: str) -> str:
    return f'<span class="{side}" style="top:{y:g}%">{escape(text)}</span>'
