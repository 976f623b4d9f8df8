"""Probes: what counts as a good answer, which of them count, and how their speed is told."""

from itertools import count

import pytest
from tests.fake_api import serving

from landbridge.model.wire import PROBE_HEADER
from landbridge.traffic.probes import HttpProbes
from landbridge.traffic.window import Tally, Window


def probes(url: str, at_once: int = 2, window: float = 10.0, timeout: float = 2.0) -> HttpProbes:
    """Probes whose every answer takes one second by their stopwatch."""
    ticks = count()
    return HttpProbes(lambda: url, window, at_once, timeout, lambda body: b"now" in body, stopwatch=lambda: float(next(ticks)))


def counted(window: Window) -> Tally:
    """All of it; an answer over half a second would be slow."""
    return window.since(0.0, window.slower(0.5))


def test_good_answers_are_counted_and_timed() -> None:
    """Each look sends a few, marked as ours, to the API's own health."""
    with serving() as api:
        sample = probes(api.url).sample(now=100.0)
    assert counted(sample) == Tally(2, 0, 0, slow=2)
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
        assert counted(probes(api.url).sample(now=100.0)) == Tally(2, 2, 0, 0)


def test_an_empty_answer_is_no_answer() -> None:
    """A gateway that says 200 and nothing is not healthy."""
    with serving() as api:
        api.body = b""
        assert counted(probes(api.url).sample(now=100.0)).errors == 2


def test_an_answer_that_breaks_off_is_an_error() -> None:
    """A connection cut in the middle of the body does not stop the engine."""
    with serving() as api:
        api.cut = True
        assert counted(probes(api.url).sample(now=100.0)).errors == 2


def test_a_region_that_is_out_gives_errors() -> None:
    """Nobody listens: every probe failed."""
    with serving() as api:
        url = api.url
    assert counted(probes(url).sample(now=100.0)) == Tally(2, 2, 0, 0)


def test_the_address_is_asked_for_until_there_is_one() -> None:
    """Later it may not be told any more: the control plane that knows it can go with its region."""
    with serving() as api:
        urls = iter([api.url])
        made = HttpProbes(lambda: next(urls), 10.0, 1, 2.0, bool)
        assert [made.sample(now).total for now in (1.0, 2.0)] == [1, 2]


def test_an_answer_that_is_not_true_is_wrong() -> None:
    """It counts by itself, neither as an error nor for speed."""
    with serving() as api:
        api.body = b"of another region"
        sample = probes(api.url).sample(now=100.0)
    assert counted(sample) == Tally(2, 0, 2, 0)
    assert sample.p99 is None
