"""Probes: what counts as a good answer, which of them count, and how their speed is told."""

from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.fake_api import serving

from landbridge.model.wire import PROBE_HEADER
from landbridge.traffic.port import Sample
from landbridge.traffic.probes import Answer, HttpProbes, percentile, summary


def probes(url: str, at_once: int = 2, window: float = 10.0, timeout: float = 2.0) -> HttpProbes:
    """Probes whose every answer takes one second by their stopwatch."""
    ticks = count()
    return HttpProbes(lambda: url, window, at_once, timeout, stopwatch=lambda: float(next(ticks)))


def test_good_answers_are_counted_and_timed() -> None:
    """Each look sends a few, marked as ours, to the API's own health."""
    with serving() as api:
        sample = probes(api.url).sample(now=100.0)
    assert (sample.total, sample.errors) == (2, 0)
    assert sample.p99 is not None
    assert sample.p99 > 0
    assert {(asked.method, asked.path, asked.headers[PROBE_HEADER]) for asked in api.asked} == {("GET", "/health", "1")}


def test_only_the_newest_window_counts() -> None:
    """What is older than the window is forgotten; its edge still counts."""
    with serving() as api:
        made = probes(api.url)
        assert [made.sample(now).total for now in (100.0, 110.0, 110.5, 200.0)] == [2, 4, 4, 2]


@pytest.mark.parametrize("status", [404, 429, 500, 503])
def test_an_error_is_an_error_however_fast(status: int) -> None:
    """Its speed is not counted, or fast errors would look like health."""
    with serving() as api:
        api.status = status
        assert probes(api.url).sample(now=100.0) == Sample(2, 2, None)


def test_an_empty_answer_is_no_answer() -> None:
    """A gateway that says 200 and nothing is not healthy."""
    with serving() as api:
        api.body = b""
        assert probes(api.url).sample(now=100.0).errors == 2


def test_an_answer_that_breaks_off_is_an_error() -> None:
    """A connection cut in the middle of the body does not stop the engine."""
    with serving() as api:
        api.cut = True
        assert probes(api.url).sample(now=100.0).errors == 2


def test_a_region_that_is_out_gives_errors() -> None:
    """Nobody listens: every probe failed."""
    with serving() as api:
        url = api.url
    assert probes(url).sample(now=100.0) == Sample(2, 2, None)


def test_the_address_is_asked_for_until_there_is_one() -> None:
    """Later it may not be told any more: the control plane that knows it can go with its region."""
    with serving() as api:
        urls = iter([api.url])
        made = HttpProbes(lambda: next(urls), 10.0, 1, 2.0)
        assert [made.sample(now).total for now in (1.0, 2.0)] == [1, 2]


@pytest.mark.parametrize(
    ("values", "share", "expected"),
    [([], 0.99, None), ([3.0], 0.99, 3.0), ([3.0], 0.0, 3.0), ([1.0, 2.0], 0.5, 1.0), ([2.0, 1.0], 0.51, 2.0)],
)
def test_small_percentiles(values: list[float], share: float, expected: float | None) -> None:
    """None of nothing; the only one of one."""
    assert percentile(values, share) == expected


def test_the_99th_of_a_hundred_is_not_the_slowest() -> None:
    """One slow answer in a hundred is what a p99 leaves out."""
    assert percentile([float(n) for n in range(1, 101)], 0.99) == 99.0


@given(st.lists(st.floats(0, 100), min_size=1), st.sampled_from([0.5, 0.9, 0.99, 1.0]))
def test_a_percentile_is_the_smallest_value_not_exceeded_by_its_share(values: list[float], share: float) -> None:
    """By counting, for any values."""
    found = percentile(values, share)
    assert found is not None
    within = sum(value <= found for value in values) / len(values)
    below = sum(value < found for value in values) / len(values)
    assert below < share <= within


def test_a_summary_counts_all_and_times_the_good() -> None:
    """The slowest here is a failed one, and is not the p99."""
    answers = [Answer(0, 1.0, good=True), Answer(0, 2.0, good=True), Answer(0, 9.0, good=False)]
    assert summary(answers) == Sample(3, 1, 2.0)
    assert summary(answers).error_rate == pytest.approx(1 / 3)
    assert Sample(0, 0, None).error_rate == 0.0
