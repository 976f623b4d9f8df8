"""The gate over live measurements: what it asks, and what it makes of a region that gives no answer."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from tests.builders import gate
from tests.fake_regions import FakeReplicator
from tests.fakes import SOURCE, TARGET, Clock
from tests.windows import window

from landbridge.migrate.gate import Verdict
from landbridge.migrate.measured_gate import MeasuredGate
from landbridge.model.errors import LandbridgeError, Refused, Unreachable
from landbridge.model.metrics import HISTORY
from landbridge.model.region import Pair
from landbridge.traffic.port import Sample
from landbridge.traffic.window import Window

LIMITS = gate(silence_seconds=20)
HOUR = timedelta(hours=1)


@dataclass
class Metrics:
    """Users' metrics as laid out, or an error."""

    error: LandbridgeError | None = None

    def sample(self, now: float) -> Sample:
        """As laid out."""
        if self.error:
            raise self.error
        return Sample(7, 0, None)


@dataclass
class Probed:
    """A window as laid out; remembers when it was asked."""

    laid: Window = field(default_factory=window)
    asked: list[float] = field(default_factory=list)

    def sample(self, now: float) -> Window:
        """As laid out."""
        self.asked.append(now)
        return self.laid


@dataclass
class Live:
    """A gate over all of it, the copy keeping up."""

    source: Probed = field(default_factory=Probed)
    target: Probed = field(default_factory=Probed)
    metrics: Metrics = field(default_factory=Metrics)
    copy: FakeReplicator = field(default_factory=lambda: FakeReplicator("active"))
    history: FakeReplicator = field(default_factory=lambda: FakeReplicator("active"))
    clock: Clock = field(default_factory=Clock)

    def __post_init__(self) -> None:
        others = {HISTORY: self.history}
        self.gate = MeasuredGate(LIMITS, HOUR, Pair(self.source, self.target), self.metrics, self.copy, self.clock, others)

    def verdict(self, wait: float = 0.0) -> Verdict:
        """After some time."""
        self.clock.sleep(wait)
        return self.gate.judge(timedelta(minutes=5)).verdict


def test_it_passes_on_what_it_measures() -> None:
    """Every window is asked once, at the same time."""
    live = Live()
    judged = live.gate.judge(timedelta(minutes=5))
    assert judged.verdict is Verdict.PASS
    assert (judged.figures["users"], judged.figures["lag_ms"]) == (7, 200)
    assert live.source.asked == live.target.asked == [live.clock.now]


def test_each_window_is_taken_for_what_it_is() -> None:
    """A slow source excuses the target, a slow target is not excused by itself."""
    slow = Probed(window(usual=1.0))
    assert Live(slow, slow).verdict() is Verdict.PASS
    assert Live(slow, Probed()).verdict() is Verdict.PASS
    assert Live(Probed(), slow).verdict() is Verdict.FAIL


@pytest.mark.parametrize(
    ("age", "expected"),
    [(None, Verdict.INCONCLUSIVE), (HOUR, Verdict.PASS), (HOUR + timedelta(seconds=1), Verdict.INCONCLUSIVE)],
)
def test_an_old_comparison_opens_no_gate(age: timedelta | None, expected: Verdict) -> None:
    """Nor does none."""
    assert Live().gate.judge(age).verdict is expected


def silence(live: Live) -> None:
    """No heartbeat."""
    live.copy.behind = None


def lag(live: Live) -> None:
    """Over its limit."""
    live.copy.behind = timedelta(seconds=6)


def no_history(live: Live) -> None:
    """No heartbeat of it."""
    live.history.behind = None


def old_history(live: Live) -> None:
    """Over its own limit."""
    live.history.behind = timedelta(seconds=LIMITS.max_history_lag_seconds + 1)


def no_metrics(live: Live) -> None:
    """The region gives none."""
    live.metrics.error = Unreachable(TARGET, "GetMetricData")


@pytest.mark.parametrize("strike", [silence, lag, no_history, old_history, no_metrics])
def test_silence_never_passes_and_fails_after_its_bound(strike: Callable[[Live], None]) -> None:
    """Counted from the last look at which all was heard."""
    live = Live()
    live.verdict()

    strike(live)
    assert [live.verdict(10), live.verdict(10), live.verdict(1)] == [Verdict.INCONCLUSIVE, Verdict.INCONCLUSIVE, Verdict.FAIL]


def test_another_store_has_a_limit_of_its_own() -> None:
    """What is late for the state is quick for the history; its figure is told beside."""
    live = Live()
    live.history.behind = timedelta(seconds=LIMITS.max_lag_seconds + 1)
    judged = live.gate.judge(timedelta(minutes=5))
    assert (judged.verdict, judged.figures["lag_ms.history"]) == (Verdict.PASS, 6000)


def test_silence_that_ends_is_forgotten() -> None:
    """The next one counts from its own beginning."""
    live = Live()
    live.verdict()
    for _ in range(3):
        silence(live)
        assert live.verdict(15) is Verdict.INCONCLUSIVE
        live.copy.behind = timedelta(seconds=1)
        assert live.verdict(1) is Verdict.PASS


def test_silence_that_nobody_listened_to_is_none() -> None:
    """An engine that was frozen, or has just begun, does not fail a region for what it missed itself."""
    live = Live()
    silence(live)
    assert [live.verdict(), live.verdict(10), live.verdict(600), live.verdict(20)] == [Verdict.INCONCLUSIVE] * 4
    assert live.verdict(1) is Verdict.FAIL


def test_probes_alone_may_fail_a_region_without_metrics() -> None:
    """At once."""
    live = Live(target=Probed(window(50, errors=50)))
    no_metrics(live)
    assert live.verdict() is Verdict.FAIL


def test_a_refusal_is_not_taken_for_silence() -> None:
    """Missing rights are a person's to settle: the engine holds, and says why."""
    with pytest.raises(Refused):
        Live(metrics=Metrics(Refused(SOURCE, "GetMetricData", "AccessDenied"))).verdict()
