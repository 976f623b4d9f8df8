"""Evidence holds what it promises: never too strong for a region that is well, strong enough for one that is not."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landbridge.migrate.evidence import above, so_few, worse


def at_least(bad: int, total: int, rate: float) -> float:
    """The chance of so many or more, summed term by term."""
    return sum(math.comb(total, k) * rate**k * (1 - rate) ** (total - k) for k in range(bad, total + 1))


@given(st.integers(1, 200), st.data(), st.sampled_from([0.0005, 0.005, 0.05]))
def test_evidence_of_h_has_a_chance_of_at_most_e_to_the_minus_h(total: int, data: st.DataObject, limit: float) -> None:
    """Where the region is just at its limit, for any count."""
    bad = data.draw(st.integers(0, total))
    assert at_least(bad, total, limit) <= math.exp(-above(bad, total, limit)) * (1 + 1e-9)


@pytest.mark.parametrize(
    ("bad", "total", "limit", "expected"),
    [(0, 100, 0.01, 0.0), (1, 100, 0.01, 0.0), (20, 20, 0.005, 20 * math.log(200)), (0, 0, 0.01, 0.0)],
)
def test_within_the_limit_there_is_no_evidence(bad: int, total: int, limit: float, expected: float) -> None:
    """Beyond it, as much as the binomial says."""
    assert above(bad, total, limit) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ((10, 100, 10, 100), 0.0),
        ((10, 100, 30, 300), 0.0),
        ((5, 100, 30, 300), 0.0),
        ((10, 10, 0, 10), 20 * math.log(2)),
        ((10, 100, 0, 0), 0.0),
        ((0, 0, 0, 0), 0.0),
    ],
)
def test_no_worse_than_the_others_is_no_evidence(counts: tuple[int, int, int, int], expected: float) -> None:
    """And nothing to compare with is none either."""
    assert worse(*counts) == pytest.approx(expected)


@given(st.integers(1, 300), st.data(), st.floats(0.001, 0.5))
def test_so_few_is_the_binomials_lower_tail(total: int, data: st.DataObject, rate: float) -> None:
    """Summed term by term; from the mean on it is not asked."""
    bad = data.draw(st.integers(0, total))
    expected = 1.0 if bad >= rate * total else 1 - at_least(bad + 1, total, rate)
    assert so_few(bad, total, rate) == pytest.approx(expected, abs=1e-9)


def test_a_huge_window_does_not_overflow() -> None:
    """Ten thousand probes, as many as the configuration allows."""
    assert 0 < so_few(190, 10_000, 0.02) < 1
