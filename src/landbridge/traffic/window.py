"""A rolling window of probes' answers that can be counted from any moment on; what is older is forgotten."""

import math
from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Answers:
    """What one look's probes came to. Only good answers count for speed, or fast errors would look like health."""

    at: float
    total: int
    errors: int
    wrong: int
    seconds: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of one stretch of time."""

    total: int
    errors: int
    wrong: int
    slow: int


@dataclass
class Window:
    """Looks of the last so many seconds; sums run on, so that any stretch is a difference of two."""

    seconds: float
    _looks: list[Answers] = field(default_factory=list)
    _times: list[float] = field(default_factory=list)
    _sums: list[tuple[int, int, int]] = field(default_factory=lambda: [(0, 0, 0)])
    _speeds: list[tuple[float, float]] = field(default_factory=list)

    def add(self, answers: Answers) -> None:
        """Takes one more look, not older than the last, and forgets what is now too old."""
        total, errors, wrong = self._sums[-1]
        self._looks.append(answers)
        self._times.append(answers.at)
        self._sums.append((total + answers.total, errors + answers.errors, wrong + answers.wrong))
        for seconds in answers.seconds:
            insort(self._speeds, (seconds, answers.at))
        self._forget(bisect_left(self._times, answers.at - self.seconds))

    def recall(self, earlier: Iterable[Answers]) -> None:
        """Takes in looks that somebody else made before its own, oldest first."""
        looks, self._looks, self._times = [*earlier, *self._looks], [], []
        self._sums, self._speeds = [(0, 0, 0)], []
        for look in looks:
            self.add(look)

    @property
    def last(self) -> Answers:
        """The newest look."""
        return self._looks[-1]

    def _forget(self, looks: int) -> None:
        for old in self._looks[:looks]:
            for seconds in old.seconds:
                del self._speeds[bisect_left(self._speeds, (seconds, old.at))]
        del self._looks[:looks], self._times[:looks], self._sums[:looks]

    @property
    def total(self) -> int:
        """How many answers there are."""
        return self._sums[-1][0] - self._sums[0][0]

    @property
    def p99(self) -> float | None:
        """The smallest number of seconds that 99 in 100 good answers did not exceed; None = there is no good answer."""
        total, errors, wrong = (last - first for last, first in zip(self._sums[-1], self._sums[0], strict=True))
        good = total - errors - wrong
        slower = good - math.ceil(0.99 * good)
        return self._speeds[-1 - slower][0] if good else None

    def slower(self, limit: float) -> list[float]:
        """When the good answers came that took longer than this, oldest first."""
        return sorted(at for _, at in self._speeds[bisect_right(self._speeds, (limit, math.inf)) :])

    def since(self, at: float, slow: list[float]) -> Tally:
        """Counts from this moment on; `slow` is what `slower` gave."""
        begin = self._sums[bisect_left(self._times, at)]
        total, errors, wrong = (last - first for last, first in zip(self._sums[-1], begin, strict=True))
        return Tally(total, errors, wrong, len(slow) - bisect_left(slow, at))

    def newest(self, total: int) -> float | None:
        """Since when at least this many answers came; None = there are fewer."""
        if self.total < total:
            return None
        return self._times[bisect_right(self._sums, self._sums[-1][0] - total, key=lambda sums: sums[0]) - 1]
