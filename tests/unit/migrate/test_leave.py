"""Past a pivot the way back is a plan of its own: what is under way is left where it stands, or the asking is refused."""

import pytest
from tests.unit.migrate.toys import Bench, Toy, row

from landbridge.cli.failback import leave
from landbridge.migrate.engine import Tick
from landbridge.migrate.plan import Phase
from landbridge.migrate.progress import Outcome
from landbridge.migrate.record import Ask, Kind
from landbridge.migrate.runner import Runner
from landbridge.migrate.step import Moves, Seen, State
from landbridge.model.errors import BadInput

WAITS = Seen(State.WAITING, "not yet")
BLOCKED = Seen(State.BLOCKED, "the gate fails")


def moving(*, stuck: str) -> Bench:
    """Two pens' moves and a bake, stuck in one step."""
    rows = (
        ("build", ["deploy"]),
        ("cut.one", ["prove.one", "close.one", "open.one", "start.one"]),
        ("cut.two", ["prove.two", "close.two", "open.two", "start.two"]),
        ("bake", ["look", "judge"]),
    )
    phases = row(*((name, [_toy(step) for step in steps]) for name, steps in rows))
    next(step for phase in phases for step in phase.steps if step.name == stuck).sees = (  # type: ignore[attr-defined]
        BLOCKED if stuck == "judge" else WAITS
    )
    bench = Bench(phases)
    bench.run()
    return bench


def _toy(name: str) -> Toy:
    return Toy(name, pivot=name.startswith("open"), moves=Moves.WRITES if name.startswith("close") else Moves.NOTHING)


def reverted(bench: Bench) -> list[str]:
    """What went back, in order."""
    return [record.step for record in bench.store.kept if record.kind is Kind.REVERTED]


@pytest.mark.parametrize(("stuck", "back"), [("judge", ["look"]), ("start.one", None), ("prove.two", []), ("start.two", None)])
def test_it_goes_back_to_the_last_pivot_and_no_further(stuck: str, back: list[str] | None) -> None:
    """What was moved stays; between close and the end of a move it is refused."""
    bench = moving(stuck=stuck)
    bench.ask("failback")
    if back is None:
        assert bench.run() is Tick.WAITING
        assert bench.whys(Kind.ANSWERED)[0].startswith(
            f"failback refused: cut.{stuck[-3:]} must come to its end first; the run goes"
        )
        return
    assert bench.run() is Tick.ENDED
    assert (bench.engine.journal.progress.outcome, reverted(bench)) == (Outcome.ROLLED_BACK, back)
    assert bench.whys(Kind.TURNED) == ["left, to fail back: because"]


@pytest.mark.parametrize(
    ("stuck", "why"),
    [
        ("close.one", "nothing has passed its pivot: an abort puts everything back"),
        ("open.two", "close.two has begun and writers wait until start.two is done: let it finish, or abort"),
    ],
)
def test_it_is_refused_while_it_does_not_fit(stuck: str, why: str) -> None:
    """With the reason."""
    bench = moving(stuck=stuck)
    bench.ask("failback")
    assert bench.run() is Tick.WAITING
    assert bench.whys(Kind.ANSWERED)[0].startswith(f"failback refused: {why}; the run goes")


def _runner(bench: Bench, who: str = "home") -> Runner:
    return Runner(bench.another(who), bench.clock, bench.clock.sleep, 0.5, 10.0, lambda _what: None)


def test_the_verb_leaves_what_is_under_way_and_lets_its_lease_go() -> None:
    """So that the way home begins at once."""
    bench = moving(stuck="judge")
    bench.clock.sleep(10)
    leave(_runner(bench), "run")
    began = bench.clock()
    _runner(bench, "next").wait_for_lease()
    assert bench.clock() == began
    bench.engine.journal.refresh()
    assert bench.engine.journal.progress.outcome is Outcome.ROLLED_BACK


def test_the_verb_leaves_alone_what_has_ended_or_is_another_plan() -> None:
    """There is nothing to end."""
    bench = moving(stuck="judge")
    bench.clock.sleep(10)
    leave(_runner(bench), "run")
    written = len(bench.store.kept)
    leave(_runner(bench), "run")
    other = Runner(bench.another("home", "other toys"), bench.clock, bench.clock.sleep, 0.5, 10.0, lambda _what: None)
    leave(other, "run")
    assert len(bench.store.kept) == written


def test_the_verb_refuses_at_the_door() -> None:
    """Nothing is written."""
    bench = moving(stuck="prove.one")
    written = len(bench.store.kept)
    with pytest.raises(
        BadInput, match=r"run: failback refused: nothing has passed its pivot.*; the run goes forward at prove.one"
    ):
        leave(_runner(bench), "run")
    assert len(bench.store.kept) == written


def test_a_retirement_that_has_taken_nothing_away_is_left_by_an_abort() -> None:
    """It has no pivot; once something of the source is going, nothing goes home any more."""
    ends = (Phase("bake", (Toy("judge", sees=BLOCKED),)), Phase("retire", (Toy("remove"),), final=True))
    bench = Bench(ends)
    bench.run()
    bench.clock.sleep(10)
    leave(_runner(bench), "run", Ask.ABORT)
    bench.engine.journal.refresh()
    assert bench.engine.journal.progress.outcome is Outcome.ROLLED_BACK
    late = Toy("report", sees=WAITS)
    gone = Bench((Phase("bake", (Toy("judge"),)), Phase("retire", (Toy("remove"), late), final=True)))
    gone.run()
    gone.clock.sleep(10)
    with pytest.raises(BadInput, match="abort refused: remove has begun, and what it takes away does not come back"):
        leave(_runner(gone), "run", Ask.ABORT)


def test_the_verb_does_not_go_on_when_the_run_moved_on_meanwhile() -> None:
    """While it waits for the lease another engine begins a move: it is refused, and nothing is driven forward."""
    bench = moving(stuck="prove.two")
    toys = {step.name: step for step in bench.engine.plan.steps()}

    def meanwhile(seconds: float) -> None:
        if toys["prove.two"].sees:  # type: ignore[attr-defined]
            toys["prove.two"].sees, toys["open.two"].sees = None, WAITS  # type: ignore[attr-defined]
            bench.run()
        bench.clock.sleep(seconds)

    home = Runner(bench.another("home"), bench.clock, meanwhile, 0.5, 10.0, lambda _what: None)
    with pytest.raises(BadInput, match=r"run: failback was refused meanwhile; the run goes forward at open\.two"):
        leave(home, "run")
    assert reverted(bench) == []
