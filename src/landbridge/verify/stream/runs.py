"""Which sequence numbers of one symbol were seen, as runs without a gap: a few numbers, however long the stream."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass
class Runs:
    """Starts and ends (included) of runs, in order."""

    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)

    def __contains__(self, number: int) -> bool:
        at = bisect_right(self.starts, number) - 1
        return at >= 0 and number <= self.ends[at]

    def add(self, number: int) -> bool:
        """Takes a number up; False = it was seen before."""
        if self.ends and number == self.ends[-1] + 1:
            self.ends[-1] = number
            return True
        if number in self:
            return False
        at = bisect_right(self.starts, number)
        self.starts.insert(at, number)
        self.ends.insert(at, number)
        self._join(at)
        self._join(at - 1)
        return True

    def gaps(self) -> Iterator[int]:
        """Every number that is missing between the first and the last."""
        for end, start in zip(self.ends, self.starts[1:], strict=False):
            yield from range(end + 1, start)

    def without(self, other: "Runs") -> Iterator[int]:
        """Every number seen here and not there."""
        for start, end in zip(self.starts, self.ends, strict=True):
            yield from other.absent(start, end)

    def absent(self, start: int, end: int) -> Iterator[int]:
        """Every number from start to end that was not seen."""
        at = max(0, bisect_right(self.starts, start) - 1)
        while start <= end and at < len(self.starts):
            yield from range(start, min(end + 1, self.starts[at]))
            start = max(start, self.ends[at] + 1)
            at += 1
        yield from range(start, end + 1)

    def _join(self, at: int) -> None:
        if 0 <= at < len(self.starts) - 1 and self.ends[at] + 1 == self.starts[at + 1]:
            self.ends[at : at + 2] = [self.ends[at + 1]]
            del self.starts[at + 1]
