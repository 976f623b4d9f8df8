"""Runs of sequences know exactly what was seen, and stay as few as there are gaps."""

from hypothesis import given
from hypothesis import strategies as st

from landbridge.workloads.trading.signals.sequences import Sequences


@given(st.lists(st.integers(0, 30)))
def test_runs_are_a_set(sequences: list[int]) -> None:
    """Each sequence is new once, in whatever order they come."""
    runs, known = Sequences(), set[int]()
    for sequence in sequences:
        assert runs.add(sequence) is (sequence not in known)
        known.add(sequence)


@given(st.permutations(range(20)))
def test_runs_without_a_gap_are_one(sequences: list[int]) -> None:
    """What came out of order takes no room once it is there."""
    runs = Sequences()
    for sequence in sequences:
        runs.add(sequence)
    assert (runs.begins, runs.ends) == ([0], [20])
