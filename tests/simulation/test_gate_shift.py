"""The gate stops what it must while few readers are there, and lets a region that is well through."""

import pytest

from landbridge.config.spec import Trading
from landbridge.migrate.evidence import so_few
from tests.builders import trading
from tests.simulation.gate_shift import HELD, Shifted, shift
from tests.simulation.many import workers
from tests.simulation.regressions import SIZES, TURNS, Kind, regression

CONFIG = trading()
CHUNK = 5
REGRESSIONS, CLEAN = 200, 1000  # what is promised; a smaller sample runs every time


def with_gate(**changes: float) -> Trading:
    """The shipped configuration with another gate, past the door that would refuse it."""
    return CONFIG.model_copy(update={"gate": CONFIG.gate.model_copy(update=changes)})


def regressed(seed: int) -> Shifted:
    """A shift to a target that regresses."""
    return shift(seed, regression(seed), CONFIG)


def well(seed: int) -> Shifted:
    """A shift to a target that is well."""
    return shift(seed, None, CONFIG)


def passed_by(count: int) -> list[str]:
    """The regressions among the first so many seeds that were not stopped in time, in words."""
    with workers() as pool:
        every = enumerate(pool.map(regressed, range(count), chunksize=CHUNK))
        return [f"seed {seed}: {regression(seed)}: {shifted}" for seed, shifted in every if not shifted.stopped]


def stopped_though_well(seeds: range) -> list[str]:
    """The clean shifts among these seeds that did not end at 100 %, in words."""
    return [f"seed {seed}: {shifted}" for seed in seeds if (shifted := well(seed)).outcome != "done"]


def test_regressions_are_stopped_while_few_readers_are_there() -> None:
    """Errors, slowness, wrong answers, lag and silence, of any size from the smallest that counts, begun at any time."""
    assert passed_by(60) == []


def test_a_region_that_is_well_gets_every_reader() -> None:
    """Through spells that both regions share, cold starts and a wavering lag."""
    assert stopped_though_well(range(8)) == []


@pytest.mark.slow
def test_99_of_100_regressions_are_stopped() -> None:
    """Of two hundred."""
    assert len(passed_by(REGRESSIONS)) <= REGRESSIONS / 100


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_a_thousand_clean_shifts_see_one_false_abort_at_most() -> None:
    """And one in a hundred at most waits for a person, its tail too heavy to rule a regression out within the patience."""
    with workers() as pool:
        outcomes = [shifted.outcome for shifted in pool.map(well, range(CLEAN), chunksize=CHUNK)]
    assert outcomes.count("rolled back") <= 1
    assert outcomes.count(HELD) <= CLEAN / 100


def test_every_kind_and_both_ends_of_every_size_are_tried() -> None:
    """By the two hundred seeds that are promised."""
    drawn = [regression(seed) for seed in range(REGRESSIONS)]
    assert {each.kind for each in drawn} == set(Kind)
    assert {each.at_weight for each in drawn} == {0, 1, 5}
    for kind, (low, high) in SIZES.items():
        sizes = [each.size for each in drawn if each.kind is kind]
        assert low <= min(sizes) < low * 1.6
        assert high / 1.6 < max(sizes) <= high
    assert len(TURNS) == 5


def test_the_same_seed_makes_the_same_shift() -> None:
    """A failure can be looked at again."""
    assert shift(0, regression(0), CONFIG) == shift(0, regression(0), CONFIG)


def test_a_gate_without_limits_lets_regressions_through() -> None:
    """The simulation has teeth: what stops the readers is the gate."""
    blind = with_gate(max_error_rise=0.99, max_wrong_rate=0.99, max_slow_share=0.99, max_lag_seconds=3600)
    assert all(shift(seed, regression(seed), blind).highest == 100 for seed in (0, 2))


def test_a_shift_without_enough_probes_is_held() -> None:
    """Too few to rule a regression out: it never passes, and a person is asked."""
    shifted = shift(0, None, with_gate(window_seconds=100))
    assert (shifted.outcome, shifted.highest) == (HELD, 1)
    assert "of 480 probes" in shifted.why


def test_a_pass_rules_out_what_must_be_stopped() -> None:
    """The derivation's own figure: 480 probes without one wrong answer."""
    assert so_few(0, CONFIG.gate.min_probes, CONFIG.gate.max_wrong_rate) < CONFIG.gate.false_pass_chance
