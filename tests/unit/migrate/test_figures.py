"""What a running migration says of itself: measured or from the journal, in both regions, and never at the run's cost."""

from tests.fakes import SOURCE, TARGET
from tests.watched import EXPIRES, Watched

from landbridge.migrate.progress import Outcome
from landbridge.migrate.record import Kind
from landbridge.model.metrics import DIFFERENCES, LAG, PEN, PROGRESS, RUNNER, STORES, WEIGHT


def test_everything_is_said_in_both_regions() -> None:
    """Either region's alarms must ring when the other is out; what is of one region is said there."""
    case = Watched()
    for store in STORES:
        case.compared(store)
    case.published().publish()
    for region, weight, is_open in ((SOURCE, 75, 1.0), (TARGET, 25, 0.0)):
        assert case.numbers(region, RUNNER) == {"Suffix=test": 1}
        assert case.numbers(region, PROGRESS) == {"Suffix=test": 100}
        assert case.numbers(region, WEIGHT) == {"Suffix=test": weight}
        assert case.numbers(region, LAG) == {f"Suffix=test Store={store}": 0.2 for store in STORES}
        assert case.numbers(region, DIFFERENCES) == {f"Suffix=test Store={store}": 0 for store in STORES}
        assert set(case.numbers(region, PEN).values()) == {is_open}
    assert case.told == []


def test_what_cannot_be_measured_is_not_said() -> None:
    """No copy, no comparison, no weight, no answer: silence, by which the alarms ring."""
    case = Watched()
    case.replicators["market"].status = None
    case.replicators["state"].behind = None
    case.world.traffic.silent = True
    case.world.pens.out.add(TARGET)
    case.published().publish()
    assert set(case.numbers(TARGET, LAG)) == {f"Suffix=test Store={store}" for store in STORES} - {
        "Suffix=test Store=market",
        "Suffix=test Store=state",
    }
    assert case.numbers(TARGET, DIFFERENCES) == case.numbers(TARGET, WEIGHT) == case.numbers(TARGET, PEN) == {}
    assert case.numbers(TARGET, RUNNER) == {"Suffix=test": 1}
    assert len(case.numbers(SOURCE, PEN)) == 4


def test_differences_are_said_until_the_comparison_is_out_of_date() -> None:
    """An old comparison is no comparison; what differs is said as long as nobody compared again."""
    case = Watched()
    case.compared("state")
    case.compared("history", differences=3)
    case.world.clock.sleep(EXPIRES + 1)
    case.published().publish()
    assert case.numbers(TARGET, DIFFERENCES) == {"Suffix=test Store=history": 3}
    case.compared("history")
    case.published().publish()
    assert case.numbers(TARGET, DIFFERENCES)["Suffix=test Store=history"] == 0


def test_progress_is_the_share_of_the_steps_that_are_done() -> None:
    """All of it at the end, and nothing of a plan that is not ours."""
    case = Watched()
    case.compared("state")
    case.published().publish()
    assert case.numbers(TARGET, PROGRESS) == {"Suffix=test": 100 / len(STORES)}
    case.journal.append(Kind.ENDED, data={"outcome": str(Outcome.DONE)})
    case.published().publish()
    assert case.numbers(TARGET, PROGRESS) == {"Suffix=test": 100}
    case.journal.append(Kind.PLAN, data={"hash": "another", "name": "another"})
    case.published().publish()
    assert case.numbers(TARGET, PROGRESS) == {"Suffix=test": 0}


def test_a_region_that_is_out_hears_nothing_and_the_other_everything() -> None:
    """Told once, however often it is tried."""
    case = Watched()
    case.clouds.out.add(SOURCE)
    published = case.published()
    published.publish()
    published.publish()
    assert case.numbers(SOURCE, RUNNER) == {}
    assert case.numbers(TARGET, RUNNER) == {"Suffix=test": 1}
    assert len(case.told) == 1
    assert "us-east-1: metrics are not taken" in case.told[0]


def test_whatever_goes_wrong_the_run_goes_on() -> None:
    """A fault of the measuring itself is told, and raises nothing."""
    case = Watched()
    case.replicators["state"].behind = "broken"  # type: ignore[assignment]
    case.published().publish()
    assert case.clouds.said == []
    assert case.told == ["the migration could not be measured: AttributeError: 'str' object has no attribute 'total_seconds'"]
