"""Counts what traders saw, second by second: every request, every raw error, every slow or wrong answer."""

from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass

RECENT_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Requests:
    """What became of all requests. `by_region` counts those answered at last; `errors` names the raw errors behind them."""

    total: int
    failed: int
    raw_errors: int
    slow: int
    wrong: int
    by_region: Mapping[str, int]
    errors: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Second:
    """What traders got within one second of the run."""

    at_s: int
    by_region: Mapping[str, int]
    raw_errors: int


@dataclass(frozen=True, slots=True)
class Stretch:
    """One write of a resource from the moment it was due to its answer, and the region that gave it."""

    from_s: float
    to_s: float
    region: str
    resource: str


@dataclass(frozen=True, slots=True)
class Recent:
    """The last few seconds, for eyes on a live view; p99 is None while nothing was answered."""

    rate: float
    p99_ms: float | None
    raw_errors: int


class Tally:
    """Counts as it is told; never forgets an error."""

    def __init__(self, slow_seconds: float) -> None:
        self._slow_seconds = slow_seconds
        self._counts: Counter[str] = Counter()
        self._by_region: Counter[str] = Counter()
        self._errors: Counter[str] = Counter()
        self._answers: dict[int, Counter[str]] = {}
        self._stumbles: Counter[int] = Counter()
        self._writes: list[Stretch] = []
        self._recent: deque[tuple[float, float | None]] = deque()

    def asked(self) -> None:
        """A request became due."""
        self._counts["total"] += 1

    def stumbled(self, at: float, what: str) -> None:
        """One attempt brought no answer a trader can use."""
        self._errors[what] += 1
        self._stumbles[int(at)] += 1
        self._remember(at, None)

    def answered(self, asked_at: float, at: float, region: str, wrote: str | None = None) -> None:
        """A request was answered at last; it is slow when that took long, counted from when it was due. `wrote`: a resource."""
        self._by_region[region] += 1
        self._answers.setdefault(int(at), Counter())[region] += 1
        if at - asked_at > self._slow_seconds:
            self._counts["slow"] += 1
        if wrote:
            self._writes.append(Stretch(asked_at, at, region, wrote))
        self._remember(at, at - asked_at)

    def failed(self) -> None:
        """A request was given up."""
        self._counts["failed"] += 1

    def wronged(self) -> None:
        """An answer was wrong."""
        self._counts["wrong"] += 1

    def requests(self) -> Requests:
        """All requests so far."""
        return Requests(
            total=self._counts["total"],
            failed=self._counts["failed"],
            raw_errors=sum(self._errors.values()),
            slow=self._counts["slow"],
            wrong=self._counts["wrong"],
            by_region=dict(sorted(self._by_region.items())),
            errors=dict(sorted(self._errors.items())),
        )

    def seconds(self) -> tuple[Second, ...]:
        """Every second in which something came back, in order; the quiet ones between are left out."""
        told = sorted(set(self._answers) | set(self._stumbles))
        return tuple(Second(at, dict(sorted(self._answers.get(at, Counter()).items())), self._stumbles[at]) for at in told)

    def writes(self) -> tuple[Stretch, ...]:
        """Every write that was answered, in the order of the answers."""
        return tuple(self._writes)

    def recent(self, now: float) -> Recent:
        """The last few seconds before `now`."""
        self._forget(now)
        took = sorted(seconds for _, seconds in self._recent if seconds is not None)
        span = min(RECENT_SECONDS, now) or RECENT_SECONDS
        p99_ms = took[min(len(took) - 1, int(len(took) * 0.99))] * 1000 if took else None
        return Recent(len(took) / span, p99_ms, len(self._recent) - len(took))

    def _remember(self, at: float, seconds: float | None) -> None:
        self._recent.append((at, seconds))
        self._forget(at)

    def _forget(self, now: float) -> None:
        while self._recent and self._recent[0][0] < now - RECENT_SECONDS:
            self._recent.popleft()
