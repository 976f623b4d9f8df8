"""The rolling window: whatever was added, each count is what counting answer by answer gives."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landbridge.traffic.window import Answers, Tally, Window

SPEEDS = st.lists(st.sampled_from([0.01, 0.1, 0.25, 1.0, 3.0]), max_size=5)


@st.composite
def looks(draw: st.DrawFn) -> list[Answers]:
    """Looks in time, a few of them at the same moment."""
    at, made = 0.0, []
    for _ in range(draw(st.integers(1, 12))):
        at += draw(st.sampled_from([0.0, 1.0, 5.0, 40.0]))
        errors, wrong, speeds = draw(st.integers(0, 3)), draw(st.integers(0, 3)), tuple(draw(SPEEDS))
        made.append(Answers(at, errors + wrong + len(speeds), errors, wrong, speeds))
    return made


@given(looks(), st.floats(0, 100), st.sampled_from([0.0, 0.1, 0.2, 5.0]))
def test_every_stretch_is_counted_as_answer_by_answer(made: list[Answers], ago: float, limit: float) -> None:
    """What is older than the window counts nowhere; a look at its edge still does."""
    window = Window(60.0)
    for each in made:
        window.add(each)
    kept = [each for each in made if each.at >= made[-1].at - 60]
    since = made[-1].at - ago
    counted = [each for each in kept if each.at >= since]
    slow = sum(speed > limit for each in counted for speed in each.seconds)
    total, errors, wrong = (sum(getattr(each, name) for each in counted) for name in ("total", "errors", "wrong"))
    assert window.since(since, window.slower(limit)) == Tally(total, errors, wrong, slow)
    assert window.total == sum(each.total for each in kept)


@given(looks())
def test_the_p99_is_the_smallest_speed_that_99_in_100_did_not_exceed(made: list[Answers]) -> None:
    """By counting; bad answers have no speed."""
    window = Window(60.0)
    for each in made:
        window.add(each)
    speeds = sorted(speed for each in made if each.at >= made[-1].at - 60 for speed in each.seconds)
    assert window.p99 == (speeds[math.ceil(0.99 * len(speeds)) - 1] if speeds else None)


@given(looks(), st.integers(1, 40))
def test_the_newest_answers_begin_where_enough_of_them_are(made: list[Answers], enough: int) -> None:
    """At the latest look by which there are that many; nowhere when there are fewer."""
    window = Window(60.0)
    for each in made:
        window.add(each)
    since = window.newest(enough)
    if since is None:
        assert window.total < enough
    else:
        assert window.since(since, []).total >= enough
        later = [each for each in made if each.at > since]
        assert sum(each.total for each in later) < enough


def test_an_empty_window_has_counted_nothing() -> None:
    """Before the first look."""
    window = Window(60.0)
    assert (window.total, window.p99, window.slower(0.0), window.newest(1)) == (0, None, [], None)
    assert window.since(-math.inf, []) == Tally(0, 0, 0, 0)


@pytest.mark.parametrize(("answers", "expected"), [(100, 0.1), (99, 9.0)])
def test_one_slow_answer_in_a_hundred_is_what_a_p99_leaves_out(answers: int, expected: float) -> None:
    """In fewer it is not."""
    window = Window(60.0)
    window.add(Answers(0.0, answers, 0, 0, (9.0, *[0.1] * (answers - 1))))
    assert window.p99 == expected


def test_an_answer_just_at_the_limit_is_not_slow() -> None:
    """Beyond it is."""
    window = Window(60.0)
    window.add(Answers(7.0, 2, 0, 0, (0.25, 0.26)))
    assert (window.slower(0.25), window.slower(0.26)) == ([7.0], [])
