"""The state pen moves under everything a seed can make go wrong, and a checker that knows only the history finds nothing."""

from collections import Counter

import pytest

from tests.simulation.checker import violations
from tests.simulation.faults import STEPS
from tests.simulation.planted import PLANTED
from tests.simulation.run import simulate

SEEDS = 200  # long runs: ./dev simulate
QUICK = ("epoch ignored on open", "fences left open")
ENOUGH = 1000  # schedules within which a planted bug must show


def test_no_schedule_breaks_a_promise() -> None:
    """Kills, freezes, two engines, lost, late and doubled calls, lag and skew: no write is lost, doubled or stranded."""
    for seed in range(SEEDS):
        history = simulate(seed)
        found = violations(history)
        assert not found, f"./dev simulate --seeds 1 --from {seed}: {found}\n{history.readable()}"


def test_the_same_seed_makes_the_same_history() -> None:
    """A failure can be looked at again."""
    assert simulate(7).story == simulate(7).story


def test_schedules_do_go_back_and_do_finish() -> None:
    """The schedules are hostile enough to unwind moves, and fair enough to finish them."""
    outcomes = [tuple(simulate(seed).outcomes) for seed in range(40)]
    assert any("rolled back" in each for each in outcomes)
    assert all(each[-1] == "done" for each in outcomes)


def test_every_fault_hits_every_step() -> None:
    """A corner nobody looks into proves nothing."""
    hits = Counter(hit for seed in range(SEEDS) for hit in simulate(seed).hits)
    faults = {fault for fault, _ in hits}
    assert len(faults) == 8
    assert not [(fault, step) for fault in faults for step in STEPS if not hits[fault, step]]


def _is_found(bug: str) -> bool:
    return any(violations(simulate(seed, PLANTED[bug])) for seed in range(ENOUGH))


@pytest.mark.parametrize("bug", QUICK)
def test_a_planted_bug_is_found(bug: str) -> None:
    """The checker has teeth."""
    assert _is_found(bug)


@pytest.mark.slow
@pytest.mark.parametrize("bug", [name for name in sorted(PLANTED) if name not in QUICK])
def test_every_other_planted_bug_is_found(bug: str) -> None:
    """Each mistake shows within a thousand schedules."""
    assert _is_found(bug), f"{bug} was never noticed"
