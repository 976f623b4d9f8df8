"""Pens and fences: what a region's table holds, and what a whole set of them says."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landbridge.model.pen import Domain, Epoch, Pen, PenSet, PenState, fence_of, pen_key

PENS = st.builds(Pen, st.sampled_from(PenState), st.integers(0, 99).map(Epoch), st.integers(0, 9999), st.floats(0, 2e9))


def pen(state: PenState, epoch: int = 1, turn: int = 0) -> Pen:
    """One pen."""
    return Pen(state, Epoch(epoch), turn, 0.0)


OPEN, CLOSED = pen(PenState.OPEN, 2, 7), pen(PenState.CLOSED, 1, 5)


@given(PENS)
def test_a_pen_reads_back_from_its_item(made: Pen) -> None:
    """To the last bit of its time, from text and numbers alone."""
    item = made.item()
    assert Pen.of({**item, "epoch": str(item["epoch"]), "turn": str(item["turn"])}) == made
    assert not any(isinstance(value, float) for value in item.values())


@pytest.mark.parametrize(
    ("pens", "all_closed", "any_open"),
    [
        (PenSet(CLOSED, (CLOSED, CLOSED)), True, False),
        (PenSet(CLOSED, (CLOSED, OPEN)), False, True),
        (PenSet(OPEN, (CLOSED, CLOSED)), False, True),
        (PenSet(None, (CLOSED, CLOSED)), False, False),
        (PenSet(CLOSED, (CLOSED, None)), False, False),
        (PenSet(None, (None, None)), False, False),
    ],
)
def test_a_set_is_closed_only_when_all_of_it_is_there_and_closed(pens: PenSet, all_closed: bool, any_open: bool) -> None:  # noqa: FBT001
    """One open fence is an open side; one missing is not a closed one."""
    assert (pens.all_are(PenState.CLOSED), pens.any_is(PenState.OPEN)) == (all_closed, any_open)


def test_a_set_tells_its_newest_and_its_oldest() -> None:
    """What is missing has seen no turn at all."""
    whole, partial, none = PenSet(OPEN, (CLOSED,)), PenSet(OPEN, (None,)), PenSet(None, (None,))
    assert [(p.turn, p.oldest_turn, p.epoch) for p in (whole, partial, none)] == [(7, 5, 2), (7, 0, 2), (0, 0, 0)]
    assert PenSet(None, ()).oldest_turn == 0


def test_where_pens_lie() -> None:
    """For ever: a change of these words would lose every pen."""
    assert pen_key(Domain.STATE) == {"pk": "pen#state", "sk": "master"}
    assert pen_key(Domain.STATE, 7) == {"pk": "pen#state", "sk": "fence#007"}


def test_a_users_fence_never_changes() -> None:
    """The same in both regions and in every version."""
    assert [fence_of(user, 64) for user in ("ada", "bob", "~canary", "ß")] == [13, 24, 59, 18]


def test_users_spread_over_the_fences() -> None:
    """No fence guards many more than its share."""
    counted = Counter(fence_of(f"user-{number}", 16) for number in range(1600))
    assert len(counted) == 16
    assert max(counted.values()) < 200
