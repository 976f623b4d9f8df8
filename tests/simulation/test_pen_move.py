"""All four pens move under everything a seed can make go wrong, and a checker that knows only the history finds nothing."""

from collections import Counter
from dataclasses import dataclass
from functools import cache

import pytest

from tests.simulation.checker import violations
from tests.simulation.faults import FAULTS
from tests.simulation.hand.plans import STEPS
from tests.simulation.many import workers
from tests.simulation.planted import PLANTED, first_found
from tests.simulation.run import simulate

CHUNK = 10
SEEDS = 200  # long runs: ./dev simulate
LEAST = 20  # writes of each domain in any schedule
QUICK = ("transform on in both regions", "delete instead of tombstone", "forwarding loop")


@dataclass(frozen=True)
class Looked:
    """One schedule: what it broke, what hit it, how its runs ended, what was written, and its story if it broke something."""

    seed: int
    found: list[str]
    hits: list[tuple[str, str]]
    outcomes: list[str]
    written: dict[str, int]
    story: str


def look(seed: int) -> Looked:
    """Simulated, and judged."""
    history = simulate(seed)
    written = Counter(commit.domain for commit in history.commits) | Counter(market=len(history.ticks))
    found = violations(history)
    return Looked(seed, found, history.hits, history.outcomes, dict(written), history.readable() if found else "")


@cache
def looked() -> list[Looked]:
    """Each schedule, once."""
    with workers() as pool:
        return list(pool.map(look, range(SEEDS), chunksize=CHUNK))


def test_no_schedule_breaks_a_promise() -> None:
    """Kills, freezes, two engines, lost, late and doubled calls, lag, skew, dead feeds, failing switchovers: nothing is lost."""
    for one in looked():
        assert not one.found, f"./dev simulate --seeds 1 --from {one.seed}: {one.found}\n{one.story}"


def test_the_same_seed_makes_the_same_history() -> None:
    """A failure can be looked at again."""
    assert simulate(7).story == simulate(7).story


def test_schedules_do_go_back_and_do_finish() -> None:
    """The schedules are hostile enough to unwind moves, and fair enough to finish them."""
    outcomes = [one.outcomes for one in looked()]
    assert any("rolled back" in each for each in outcomes)
    assert all(each[-1] == "done" for each in outcomes)


def test_every_domain_is_written_all_along() -> None:
    """A schedule in which nobody writes proves nothing."""
    for one in looked():
        assert all(one.written[domain] >= LEAST for domain in ("market", "state", "commands", "effects")), one


def test_every_schedule_has_its_faults() -> None:
    """At least one strikes in almost every schedule, and three in the middle of them."""
    struck = [len(one.hits) for one in looked()]
    assert sum(struck) / SEEDS >= 2.5
    assert struck.count(0) <= SEEDS / 100


def test_every_fault_and_every_step_is_hit() -> None:
    """A corner nobody looks into proves nothing."""
    hits = [hit for one in looked() for hit in one.hits]
    assert {fault for fault, _ in hits} == set(FAULTS)
    assert set(STEPS) <= {step for _, step in hits}


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_every_fault_hits_every_step() -> None:
    """Each pair comes up once in so many schedules, and twice in twice as many."""
    with workers() as pool:
        every = pool.map(look, range(2 * len(FAULTS) * len(STEPS)), chunksize=CHUNK)
        hits = Counter(hit for one in every for hit in one.hits)
    assert not [(fault, step) for fault in FAULTS for step in STEPS if not hits[fault, step]]


@pytest.mark.parametrize("bug", QUICK)
def test_a_planted_bug_is_found(bug: str) -> None:
    """The checker has teeth."""
    assert first_found(bug)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_every_other_planted_bug_is_found() -> None:
    """Each mistake shows within a thousand schedules."""
    others = [name for name in sorted(PLANTED) if name not in QUICK]
    with workers() as pool:
        found = dict(zip(others, pool.map(first_found, others), strict=True))
    assert not [name for name, one in found.items() if one is None]
