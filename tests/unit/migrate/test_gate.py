"""The gate's verdicts: bad is failed, good is passed, and whatever is missing or too little is neither."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.builders import gate

from landbridge.migrate.gate import FEW, Measured, Verdict, judge
from landbridge.traffic.port import Sample

LIMITS = gate(min_probes=40, max_error_rate=0.02, max_slowdown=2.0, slow_floor_seconds=0.25, max_lag_seconds=5.0)
GOOD = Sample(100, 0, 0.1)
LAG = timedelta(seconds=1)
PASS, FAIL, INCONCLUSIVE = Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE

CASES = {
    "all is well": (Measured(GOOD, GOOD, GOOD, LAG), PASS, "100 probes, 0 failed, p99 100 ms"),
    "no users, no metrics": (Measured(GOOD, GOOD, None, LAG), PASS, "100 probes, 0 failed"),
    "few probes": (Measured(GOOD, Sample(39, 0, 0.1), None, LAG), INCONCLUSIVE, "39 of 40 probes"),
    "just enough probes": (Measured(GOOD, Sample(40, 0, 0.1), None, LAG), PASS, "40 probes"),
    "no probes": (Measured(GOOD, Sample(0, 0, None), None, LAG), INCONCLUSIVE, "0 of 40 probes"),
    "no heartbeat": (Measured(GOOD, GOOD, None, None), INCONCLUSIVE, "no heartbeat"),
    "the source tells no speed": (Measured(Sample(0, 0, None), GOOD, None, LAG), INCONCLUSIVE, "nothing to compare"),
    "the target tells no speed": (Measured(GOOD, Sample(100, 0, None), None, LAG), INCONCLUSIVE, "nothing to compare"),
    "behind": (Measured(GOOD, GOOD, None, timedelta(seconds=5.1)), FAIL, "the copy is 5.1 s behind, limit 5 s"),
    "just not behind": (Measured(GOOD, GOOD, None, timedelta(seconds=5)), PASS, "100 probes"),
    "slow": (Measured(GOOD, Sample(100, 0, 0.3), None, LAG), FAIL, "p99 is 300 ms, limit 250 ms"),
    "slow beside a slow source": (Measured(Sample(100, 0, 0.2), Sample(100, 0, 0.3), None, LAG), PASS, "p99 300 ms"),
    "twice as slow and more": (Measured(Sample(100, 0, 0.2), Sample(100, 0, 0.41), None, LAG), FAIL, "limit 400 ms"),
    "slow by a few probes": (Measured(GOOD, Sample(39, 0, 9.0), None, LAG), INCONCLUSIVE, "39 of 40"),
    "probes fail": (Measured(GOOD, Sample(100, 5, 0.1), None, LAG), FAIL, "5 of 100 probes failed at the target, limit 2.0%"),
    "a few probes fail": (Measured(GOOD, Sample(100, 4, 0.1), None, LAG), INCONCLUSIVE, "4 of 100 probes failed"),
    "within the limit": (Measured(GOOD, Sample(300, 6, 0.1), None, LAG), PASS, "6 failed"),
    "all the few probes fail": (Measured(GOOD, Sample(5, 5, None), None, None), FAIL, "5 of 5 probes failed"),
    "users fail": (Measured(GOOD, GOOD, Sample(50, 5, 0.1), LAG), FAIL, "5 of 50 users' requests failed"),
    "a user's accident": (Measured(GOOD, GOOD, Sample(50, 4, 0.1), LAG), PASS, "100 probes"),
    "one user in a thousand": (Measured(GOOD, GOOD, Sample(1000, 19, 0.1), LAG), PASS, "100 probes"),
}


@pytest.mark.parametrize("name", CASES)
def test_verdicts(name: str) -> None:
    """Each at its limit and just past it."""
    seen, verdict, why = CASES[name]
    judged = judge(LIMITS, seen)
    assert judged.verdict is verdict
    assert why in judged.why


def test_the_figures_are_what_was_measured() -> None:
    """They go into the journal beside the verdict."""
    judged = judge(LIMITS, Measured(Sample(10, 0, 0.0504), Sample(100, 1, 0.1), Sample(7, 2, None), timedelta(seconds=0.25)))
    assert judged.figures == {
        "probes": 100,
        "probe_errors": 1,
        "target_p99_ms": 100,
        "source_p99_ms": 50,
        "users": 7,
        "user_errors": 2,
        "lag_ms": 250,
    }
    empty = judge(LIMITS, Measured(Sample(0, 0, None), Sample(0, 0, None), None, None)).figures
    assert [empty[name] for name in ("target_p99_ms", "source_p99_ms", "lag_ms", "users")] == [None, None, None, 0]


SECONDS = st.none() | st.floats(0, 30)


@st.composite
def samples(draw: st.DrawFn) -> Sample:
    """Anything a window may hold."""
    total = draw(st.integers(0, 400))
    return Sample(total, draw(st.integers(0, total)), draw(SECONDS))


MEASURED = st.builds(
    Measured, samples(), samples(), st.none() | samples(), st.none() | st.floats(0, 60).map(lambda s: timedelta(seconds=s))
)
BADNESS = {PASS: 0, INCONCLUSIVE: 1, FAIL: 2}


@settings(deadline=None)
@given(MEASURED)
def test_it_never_passes_on_what_is_missing_or_too_little(seen: Measured) -> None:
    """Whatever else is seen."""
    if seen.lag is None or seen.target.total < 40 or None in {seen.target.p99, seen.source.p99}:
        assert judge(LIMITS, seen).verdict is not PASS


@settings(deadline=None)
@given(MEASURED)
def test_it_never_passes_on_errors_or_lag_above_the_limit(seen: Measured) -> None:
    """Whatever else is seen."""
    users = seen.users or Sample(0, 0, None)
    behind = seen.lag is not None and seen.lag > timedelta(seconds=5)
    if seen.target.error_rate > 0.02 or behind or (users.error_rate > 0.02 and users.errors >= FEW):
        assert judge(LIMITS, seen).verdict is not PASS


@settings(deadline=None)
@given(MEASURED, st.integers(0, 20))
def test_more_errors_never_make_it_better(seen: Measured, more: int) -> None:
    """Monotone in the errors of probes and users alike."""

    def worse(sample: Sample) -> Sample:
        return Sample(sample.total, min(sample.total, sample.errors + more), sample.p99)

    worst = Measured(seen.source, worse(seen.target), seen.users and worse(seen.users), seen.lag)
    assert BADNESS[judge(LIMITS, worst).verdict] >= BADNESS[judge(LIMITS, seen).verdict]
