"""The state pen moves under everything a seed can make go wrong, and a checker that knows only the history finds nothing."""

import os

import pytest

from tests.simulation.checker import violations
from tests.simulation.planted import PLANTED
from tests.simulation.run import simulate

FIRST = int(os.environ.get("LANDBRIDGE_SEED", "0"))
SEEDS = int(os.environ.get("LANDBRIDGE_SEEDS", "300"))
ENOUGH = 1000  # schedules within which a planted bug must show


def test_no_schedule_breaks_a_promise() -> None:
    """Kills, freezes, two engines, lost, late and doubled calls, lag and skew: no write is lost, doubled or stranded."""
    for seed in range(FIRST, FIRST + SEEDS):
        history = simulate(seed)
        found = violations(history)
        assert not found, f"seed {seed} (LANDBRIDGE_SEED={seed} LANDBRIDGE_SEEDS=1): {found}\n{history.readable()}"


def test_the_same_seed_makes_the_same_history() -> None:
    """A failure can be looked at again."""
    assert simulate(7).story == simulate(7).story


def test_schedules_do_go_back_and_do_finish() -> None:
    """The schedules are hostile enough to unwind moves, and fair enough to finish them."""
    outcomes = [tuple(simulate(seed).outcomes) for seed in range(40)]
    assert any("rolled back" in each for each in outcomes)
    assert all(each[-1] == "done" for each in outcomes)


@pytest.mark.parametrize("bug", sorted(PLANTED))
def test_a_planted_bug_is_found(bug: str) -> None:
    """The checker has teeth: each mistake shows within a thousand schedules."""
    assert any(violations(simulate(seed, PLANTED[bug])) for seed in range(ENOUGH)), f"{bug} was never noticed"
