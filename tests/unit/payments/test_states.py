"""A payment goes on as the table says, whatever the order its events come in."""

from itertools import permutations

import pytest

from landbridge.workloads.payments.states import STEPS, Kind, State, may_come, steps

LIVES = [
    ((Kind.RECEIVE, Kind.AUTHORIZE, Kind.SETTLE, Kind.REFUND), State.REFUNDED),
    ((Kind.RECEIVE, Kind.DECLINE), State.DECLINED),
    ((Kind.RECEIVE, Kind.AUTHORIZE, Kind.SETTLE), State.SETTLED),
]


@pytest.mark.parametrize(("kinds", "end"), LIVES)
def test_a_whole_life_ends_alike_in_every_order(kinds: tuple[Kind, ...], end: State) -> None:
    """An event that comes before its turn waits for it; none is lost, none counts twice."""
    for order in permutations(kinds):
        state: State | None = None
        waiting: list[Kind] = []
        for kind in order:
            waiting.append(kind)
            for taken, reached in steps(state, tuple(waiting)):
                waiting.remove(taken)
                state = reached
        assert (state, waiting) == (end, [])


def test_what_can_never_come_is_told() -> None:
    """Nothing follows an end, and a settled payment is not declined."""
    ends = {(state, kind) for state in (State.DECLINED, State.REFUNDED) for kind in Kind if may_come(state, kind)}
    assert ends == set()
    assert not may_come(State.SETTLED, Kind.DECLINE)
    assert may_come(State.RECEIVED, Kind.REFUND)


def test_every_state_is_reached_and_no_kind_leads_nowhere() -> None:
    """The table has no state that nothing makes."""
    assert {state for leads in STEPS.values() for state in leads.values()} == set(State)
    assert set(STEPS) == set(Kind)
