"""The gate's verdicts: bad is failed, good is passed, and whatever is missing or too little is neither."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.builders import gate
from tests.windows import NOW, window

from landbridge.migrate.gate import Measured, Verdict, judge
from landbridge.traffic.port import Sample
from landbridge.traffic.window import Answers

LIMITS = gate()
USERS = Sample(6000, 6, None)
ZERO, LAG = timedelta(0), timedelta(seconds=1)
WELL = Measured(NOW, window(), window(), USERS, LAG, ZERO, verified=True)
PASS, FAIL, INCONCLUSIVE = Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE


def target(total: int = 1000, *, errors: int = 0, wrong: int = 0, slow: int = 0, long: float = 9.0) -> Measured:
    """All well but the target's probes."""
    return replace(WELL, target=window(total, errors=errors, wrong=wrong, slow=slow, long=long))


def behind(lag: float | None, silent: float) -> Measured:
    """All well but the copy."""
    return replace(WELL, lag=None if lag is None else timedelta(seconds=lag), silent=timedelta(seconds=silent))


def users(total: int, errors: int) -> Measured:
    """All well but the users."""
    return replace(WELL, users=Sample(total, errors, None))


CASES = {
    "all is well": (WELL, PASS, "1000 probes, 0 failed, 0 wrong, p99 100 ms"),
    "no users": (users(0, 0), PASS, "1000 probes"),
    "few probes": (target(479), INCONCLUSIVE, "479 of 480 probes of the target"),
    "just enough probes": (target(480), PASS, "480 probes"),
    "no probes": (target(0), INCONCLUSIVE, "0 of 480 probes of the target"),
    "few probes of the source": (replace(WELL, source=window(479)), INCONCLUSIVE, "479 of 480 probes of the source"),
    "no heartbeat": (behind(None, 60), INCONCLUSIVE, "no heartbeat is readable"),
    "no heartbeat for long": (behind(None, 61), FAIL, "no heartbeat is readable at the target; so for 61 s"),
    "behind": (behind(5.1, 60), INCONCLUSIVE, "the copy is 5.1 s behind, limit 5 s"),
    "behind for long": (behind(5.1, 61), FAIL, "5.1 s behind, limit 5 s; so for 61 s"),
    "just not behind": (behind(5, 0), PASS, ""),
    "no metrics": (replace(WELL, users=None), INCONCLUSIVE, "no metrics of users are readable"),
    "no metrics for long": (replace(WELL, users=None, silent=timedelta(seconds=61)), FAIL, "no metrics of users"),
    "copies not compared": (replace(WELL, verified=False), INCONCLUSIVE, "no comparison of the copies, or it is out of date"),
    "an error or two": (target(errors=2), PASS, "2 failed"),
    "errors that may be chance": (target(errors=10), INCONCLUSIVE, "too many to rule a regression out"),
    "errors that are hardly chance": (target(errors=15), INCONCLUSIVE, "15 of 1000 probes of the target failed in 1800 s"),
    "errors beyond chance": (target(errors=40), FAIL, "40 of 1000 probes of the target failed in 1800 s"),
    "one wrong answer": (target(wrong=1), INCONCLUSIVE, "1 of the newest 480 probes were wrong"),
    "wrong answers beyond chance": (target(wrong=12), FAIL, "12 of 1000 probes of the target were wrong"),
    "a slow answer in a thousand": (target(slow=1), PASS, ""),
    "slow answers that may be chance": (target(slow=12), INCONCLUSIVE, "were slow"),
    "slow answers beyond chance": (target(slow=60), FAIL, "60 of 1000 probes of the target were slow beside the source's"),
    "not slow beside the source": (target(slow=1000, long=0.14), PASS, "p99 140 ms"),
    "all a little slower than allowed": (target(slow=1000, long=0.15), FAIL, "1000 of 1000"),
    "few probes, all failed": (target(20, errors=20), FAIL, "20 of 20 probes of the target failed"),
    "no good answer": (replace(WELL, source=window(1000, wrong=1000)), INCONCLUSIVE, "nothing to compare"),
    "users fail": (users(6000, 300), FAIL, "300 of 6000 users' requests failed at the target in 300 s"),
    "users fail a little": (users(3000, 40), INCONCLUSIVE, "40 of 3000 users' requests"),
    "a user's accident": (users(50, 1), PASS, ""),
}


@pytest.mark.parametrize("name", CASES)
def test_verdicts(name: str) -> None:
    """Each at its limit and just past it."""
    seen, verdict, why = CASES[name]
    judged = judge(LIMITS, seen)
    assert judged.verdict is verdict, judged.why
    assert why in judged.why


@pytest.mark.parametrize("bad", ["errors", "slow"])
def test_what_the_source_does_as_badly_is_not_the_targets_regression(bad: str) -> None:
    """A spell that both share sends nobody home; answers that are wrong are excused by nothing."""
    shared = window(**{bad: 40})
    assert judge(LIMITS, replace(WELL, target=shared)).verdict is FAIL
    assert judge(LIMITS, replace(WELL, target=shared, source=shared)).verdict is not FAIL
    assert judge(LIMITS, replace(WELL, target=window(wrong=40), source=window(wrong=40))).verdict is FAIL


def test_reads_are_not_sent_home_to_a_source_that_is_out() -> None:
    """Whatever is wrong with the target: a person decides."""
    out = window(errors=600)
    for seen in (target(errors=1000), behind(None, 600), users(6000, 3000)):
        judged = judge(LIMITS, replace(seen, source=out))
        assert (judged.verdict, judged.why.split(" ", 1)[1]) == (
            INCONCLUSIVE,
            "of the newest 10 probes of the source failed: reads are not sent there",
        )


def test_a_burst_shows_in_a_short_stretch() -> None:
    """Twelve wrong answers in four looks weigh more than twelve in half an hour."""
    late = window(1000)
    for look in range(4):
        late.add(Answers(NOW + look, 10, 0, 3, (0.1,) * 7))
    judged = judge(LIMITS, replace(WELL, now=NOW + 3, target=late))
    assert judged.verdict is FAIL
    assert judged.why == "12 of 50 probes of the target were wrong in 7 s"


def test_the_figures_are_what_was_measured() -> None:
    """They go into the journal beside the verdict."""
    figures = judge(LIMITS, replace(target(errors=1), users=Sample(7, 2, None), lag=timedelta(seconds=0.25))).figures
    evidence = figures["evidence"]
    assert evidence > 0
    assert figures == {
        "probes": 1000,
        "probe_errors": 1,
        "probes_wrong": 0,
        "target_p99_ms": 100,
        "source_p99_ms": 100,
        "users": 7,
        "user_errors": 2,
        "lag_ms": 250,
        "evidence": evidence,
    }
    empty = judge(LIMITS, Measured(NOW, window(0), window(0), None, None, ZERO, verified=False)).figures
    assert [empty[name] for name in ("target_p99_ms", "source_p99_ms", "lag_ms", "users")] == [None, None, None, 0]


@st.composite
def measured(draw: st.DrawFn) -> Measured:
    """Anything two windows may hold, and anything beside them."""
    made = []
    for _ in range(2):
        total = draw(st.integers(0, 600))
        errors = draw(st.integers(0, total))
        wrong = draw(st.integers(0, total - errors))
        made.append(window(total, errors=errors, wrong=wrong, usual=draw(st.sampled_from([0.01, 0.1, 1.0]))))
    metrics = draw(st.none() | st.integers(0, 5000).map(lambda total: Sample(total, total // 100, None)))
    lag = draw(st.none() | st.floats(0, 60).map(lambda seconds: timedelta(seconds=seconds)))
    silent = timedelta(seconds=draw(st.floats(0, 300)))
    return Measured(NOW, made[0], made[1], metrics, lag, silent, verified=draw(st.booleans()))


@settings(deadline=None)
@given(measured())
def test_it_never_passes_on_what_is_missing_or_too_little(seen: Measured) -> None:
    """Whatever else is seen."""
    too_few = min(seen.target.total, seen.source.total) < LIMITS.min_probes
    if seen.lag is None or seen.users is None or too_few or None in {seen.target.p99, seen.source.p99} or not seen.verified:
        assert judge(LIMITS, seen).verdict is not PASS


@settings(deadline=None)
@given(measured())
def test_it_never_passes_on_what_it_must_stop(seen: Measured) -> None:
    """A share at which a regression begins, or a copy that is behind."""
    counts = seen.target.since(NOW - 1800, [])
    own = seen.source.since(NOW - 1800, [])
    errors = counts.total and own.total and counts.errors / counts.total >= 0.02 + own.errors / own.total
    wrong = counts.total and counts.wrong / counts.total >= 0.01
    behind_limit = seen.lag is not None and seen.lag > timedelta(seconds=5)
    if errors or wrong or behind_limit:
        assert judge(LIMITS, seen).verdict is not PASS


@settings(deadline=None)
@given(st.integers(0, 800), st.integers(0, 800), st.integers(1, 800))
def test_more_errors_never_make_it_better(total: int, errors: int, more: int) -> None:
    """Monotone: pass, inconclusive, fail."""
    badness = [PASS, INCONCLUSIVE, FAIL]
    better, worse = (target(total, errors=min(total, count)) for count in (errors, errors + more))
    assert badness.index(judge(LIMITS, worse).verdict) >= badness.index(judge(LIMITS, better).verdict)
