"""Runs of numbers say what a set of them would, in a few numbers."""

from hypothesis import given
from hypothesis import strategies as st

from landbridge.verify.stream.runs import Runs

numbers = st.lists(st.integers(0, 40))


def made(found: list[int]) -> Runs:
    """In the order they came."""
    runs = Runs()
    for number in found:
        runs.add(number)
    return runs


@given(numbers)
def test_a_number_is_new_once(found: list[int]) -> None:
    """However late it comes."""
    runs, seen = Runs(), set[int]()
    for number in found:
        assert runs.add(number) is (number not in seen)
        seen.add(number)
    assert {number for number in range(42) if number in runs} == seen


@given(numbers)
def test_runs_are_apart_and_gaps_lie_between(found: list[int]) -> None:
    """As few as can be."""
    runs, seen = made(found), set(found)
    assert all(end + 1 < start for end, start in zip(runs.ends, runs.starts[1:], strict=False))
    assert set(runs.gaps()) == {number for number in range(min(seen, default=0), max(seen, default=0)) if number not in seen}


@given(numbers, numbers)
def test_what_one_has_and_the_other_has_not(one: list[int], other: list[int]) -> None:
    """As with sets, and in order."""
    assert list(made(one).without(made(other))) == sorted(set(one) - set(other))
