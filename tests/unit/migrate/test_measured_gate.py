"""The gate over live measurements: what it asks, and what it makes of a region that gives no answer."""

from dataclasses import dataclass, field

import pytest
from tests.builders import gate
from tests.fake_regions import FakeReplicator
from tests.fakes import SOURCE, TARGET, Clock

from landbridge.migrate.gate import Verdict
from landbridge.migrate.measured_gate import MeasuredGate
from landbridge.model.errors import LandbridgeError, Refused, Unreachable
from landbridge.model.region import Pair
from landbridge.traffic.port import Sample

LIMITS = gate(min_probes=40, slow_floor_seconds=0.25)


@dataclass
class Window:
    """A window as laid out, or an error; remembers when it was asked."""

    sample_: Sample = field(default_factory=lambda: Sample(50, 0, 0.1))
    error: LandbridgeError | None = None
    asked: list[float] = field(default_factory=list)

    def sample(self, now: float) -> Sample:
        """As laid out."""
        self.asked.append(now)
        if self.error:
            raise self.error
        return self.sample_


def measuring(source: Window, target: Window, users: Window) -> MeasuredGate:
    """A gate over windows, the copy keeping up."""
    return MeasuredGate(LIMITS, Pair(source, target), users, FakeReplicator("active"), Clock())


def test_it_passes_on_what_it_measures() -> None:
    """Every window is asked once, at the same time."""
    windows = Window(), Window(), Window(Sample(7, 0, 0.1))
    judged = measuring(*windows).judge()
    assert judged.verdict is Verdict.PASS
    assert (judged.figures["users"], judged.figures["lag_ms"]) == (7, 200)
    assert [window.asked for window in windows] == [[Clock().now]] * 3


def test_each_window_is_taken_for_what_it_is() -> None:
    """A slow source excuses the target, a slow target is not excused by itself."""
    slow = Sample(50, 0, 1.0)
    assert measuring(Window(slow), Window(slow), Window()).judge().verdict is Verdict.PASS
    assert measuring(Window(slow), Window(), Window()).judge().verdict is Verdict.PASS
    assert measuring(Window(), Window(slow), Window()).judge().verdict is Verdict.FAIL


def test_a_region_without_metrics_never_passes() -> None:
    """Its probes may still fail it; without them it is inconclusive."""
    silent = Window(error=Unreachable(TARGET, "GetMetricData"))
    assert measuring(Window(), Window(), silent).judge().verdict is Verdict.INCONCLUSIVE
    out = Window(Sample(50, 50, None))
    assert measuring(Window(), out, silent).judge().verdict is Verdict.FAIL


def test_a_refusal_is_not_taken_for_silence() -> None:
    """Missing rights are a person's to settle: the engine holds, and says why."""
    with pytest.raises(Refused):
        measuring(Window(), Window(), Window(error=Refused(SOURCE, "GetMetricData", "AccessDenied"))).judge()
