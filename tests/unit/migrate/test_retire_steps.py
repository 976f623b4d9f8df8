"""What the steps of adoption, bake and retirement say where the way is not straight: nothing is taken for granted."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from tests.builders import FakeWorld
from tests.fakes import SOURCE, TARGET
from tests.unit.migrate import retire_cases as cases
from tests.unit.migrate.case import BAKE
from tests.unit.migrate.hand import Hand

from landbridge.migrate.gate import Verdict
from landbridge.migrate.record import Kind
from landbridge.migrate.step import Context, State, Step, Verb
from landbridge.migrate.steps.report_residency import Place
from landbridge.model.errors import Unreachable
from landbridge.model.pen import Domain, PenSet, PenState
from landbridge.model.region import Region

BLOCKED, WAITING, DONE, READY, FAILED = State.BLOCKED, State.WAITING, State.DONE, State.READY, State.FAILED
WEEK = timedelta(days=7)


def _unfit(world: FakeWorld) -> None:
    world.leaving.estate.in_the_way = ["table orders has no stream: switch one on"]


def _no_backup(world: FakeWorld) -> None:
    world.leaving.backup.made = None


def _unmeasured(world: FakeWorld) -> None:
    world.leaving.use.counts = None


def _used(world: FakeWorld) -> None:
    world.leaving.use.counts = {"writes of state": 0, "requests": 3}


def _left(world: FakeWorld) -> None:
    world.leaving.residency.things += [Place("key", "state", SOURCE), Place("certificate", "edge", SOURCE, "AWS keeps it there")]


def _stuck(world: FakeWorld) -> None:
    world.leaving.stacks.failed = ["api: the bucket is not empty"]


TROUBLES: list[tuple[Callable[[FakeWorld], Step], Callable[[FakeWorld], None], State, str]] = [
    (cases.adopting, _unfit, BLOCKED, "table orders has no stream: switch one on"),
    (cases.restoring, _no_backup, BLOCKED, "no backup of state lies in eu-central-1: see its backup plan"),
    (cases.quiet, _unmeasured, WAITING, "what comes to us-east-1 can't be measured"),
    (cases.quiet, _used, WAITING, "3 requests came to us-east-1 in 3 s"),
    (cases.reporting, _left, BLOCKED, "still in us-east-1: key state"),
    (cases.destroying, _stuck, BLOCKED, "api: the bucket is not empty"),
]


@pytest.mark.parametrize(("make", "plant", "expected", "why"), TROUBLES, ids=[why[:40] for *_, why in TROUBLES])
def test_trouble_is_named(
    make: Callable[[FakeWorld], Step], plant: Callable[[FakeWorld], None], expected: State, why: str
) -> None:
    """The first look says what it is; nothing was done yet."""
    world = FakeWorld()
    plant(world)
    hand, step = Hand(world), make(world)
    seen = hand.check(step)
    assert (seen.state, seen.why) == (expected, why)


@pytest.mark.parametrize("plant", [_used, _unmeasured])
def test_a_source_that_never_falls_silent_is_a_persons_matter(plant: Callable[[FakeWorld], None]) -> None:
    """After the bake time and the engine's patience nobody waits any longer; once it is quiet, it goes on."""
    world = FakeWorld()
    plant(world)
    hand, step = Hand(world), cases.quiet(world)
    hand.journal.append(Kind.ENTERED, step.name)
    assert hand.check(step).state is WAITING
    world.clock.sleep((BAKE + cases.PATIENCE).total_seconds() + 1)
    assert hand.check(step).state is BLOCKED
    world.leaving.use.counts = {"requests": 0}
    assert hand.check(step).state is DONE
    assert world.leaving.use.asked_since[-1] == world.clock() - BAKE.total_seconds()


def test_only_what_was_not_ours_is_given_back() -> None:
    """What belonged to our stacks before stays with them."""
    world = FakeWorld()
    world.leaving.estate.mine = ["one"]
    hand, step = Hand(world), cases.adopting(world)
    assert hand.forward(step) == [READY, WAITING, DONE]
    assert hand.back(step) == [WAITING, DONE]
    assert world.leaving.estate.owned() == ["one"]


def test_a_trial_of_an_older_run_proves_nothing() -> None:
    """It is restored anew, and a trial that failed holds until it was cleared away."""
    world, backup = FakeWorld(), FakeWorld().leaving.backup
    world.leaving.backup = backup
    backup.restore(0)
    backup.settle()
    hand, step = Hand(world), cases.restoring(world)
    hand.intend(step)  # and was killed before the act
    assert hand.check(step).state is READY
    backup.fails = "the vault's key is gone"
    assert hand.forward(step) == [READY, WAITING, BLOCKED]
    assert hand.check(step).why == "restoring state failed: the vault's key is gone; clear it away and it is tried again"
    backup.fails, backup.tried = "", None
    assert hand.forward(step) == [READY, WAITING, DONE]


def test_what_was_taken_away_in_part_has_no_way_back() -> None:
    """One of two stacks is gone: only forward, said with its name."""
    world = FakeWorld()
    hand, step = Hand(world), cases.destroying(world)
    hand.apply(step)
    world.settle()
    seen = step.revert(hand.context(step, Verb.REVERT))
    assert (seen.state, seen.why) == (FAILED, "api is gone or going: there is no way back")


class Baked:
    """A bake driven look by look."""

    def __init__(self, bake: timedelta = WEEK) -> None:
        self.world = FakeWorld()
        self.hand = Hand(self.world)
        cases.moved(self.world, self.hand)
        self.step = cases.baking(self.world, bake)

    def look(self, after: timedelta = timedelta(0)) -> State:
        """One, some time later."""
        self.world.clock.sleep(after.total_seconds())
        return self.hand.check(self.step).state

    def watch(self, parts: int, every: timedelta = WEEK / 100) -> list[State]:
        """Many, at a steady rhythm."""
        return [self.look(every) for _ in range(parts)]


def test_a_watched_week_is_a_bake() -> None:
    """A look a hundredth of it; not one before the end says done, and so few records are written."""
    baked = Baked()
    assert baked.look() is WAITING
    assert baked.watch(100) == [WAITING] * 99 + [DONE]
    before = len(baked.hand.journal.records)
    baked.watch(100, timedelta(seconds=10))
    assert len(baked.hand.journal.records) == before + 100  # done is written each time it is asked for by hand


def test_looks_between_two_strides_write_nothing() -> None:
    """Weeks of looks would fill the journal."""
    baked = Baked()
    baked.look()
    before = len([record for record in baked.hand.journal.records if record.kind is Kind.FOUND])
    baked.watch(50, timedelta(seconds=10))
    assert len([record for record in baked.hand.journal.records if record.kind is Kind.FOUND]) == before


def test_unwatched_time_does_not_count() -> None:
    """Nobody judged for a day: the week begins anew."""
    baked = Baked()
    baked.look()
    baked.watch(90)
    assert baked.look(timedelta(days=1)) is WAITING
    assert baked.watch(99)[-1] is WAITING
    assert baked.look(WEEK / 100) is DONE


def test_a_gate_that_fails_holds_and_begins_the_bake_anew() -> None:
    """Failing is never turned into going back: past a pivot that is a person's to decide."""
    baked = Baked()
    baked.look()
    baked.watch(99)
    baked.world.gate.verdict = Verdict.FAIL
    assert baked.look(WEEK / 100) is BLOCKED
    baked.world.gate.verdict = Verdict.PASS
    assert baked.look(WEEK / 100) is WAITING
    assert baked.watch(100) == [WAITING] * 99 + [DONE]


@pytest.mark.parametrize("domain", [Domain.MARKET, Domain.STATE])
def test_a_pen_that_is_elsewhere_holds(domain: Domain) -> None:
    """Somebody moved it by hand."""
    baked = Baked()
    baked.world.pens.lay(TARGET, domain, PenState.CLOSED, epoch=2)
    seen = baked.hand.check(baked.step)
    assert seen.state is BLOCKED
    assert seen.why == f"eu-central-1 does not hold the {domain} pen: mend it and the bake time begins anew, or fail back"


def test_a_short_doubt_does_not_begin_it_anew() -> None:
    """An engine that begins again has no probes yet: inconclusive for a moment, then the week goes on."""
    baked = Baked()
    baked.look()
    baked.watch(98)
    baked.world.gate.verdict = Verdict.INCONCLUSIVE
    assert baked.look(timedelta(seconds=5)) is WAITING
    baked.world.gate.verdict = Verdict.PASS
    assert baked.watch(2) == [WAITING, DONE]


def test_a_long_doubt_holds_for_a_person_and_stays_so() -> None:
    """And what was baked before it counts no more."""
    baked = Baked()
    baked.look()
    baked.watch(98)
    baked.world.gate.verdict = Verdict.INCONCLUSIVE
    baked.look(timedelta(seconds=5))
    assert baked.look(cases.PATIENCE + timedelta(seconds=1)) is BLOCKED
    assert baked.look(timedelta(seconds=5)) is BLOCKED
    baked.world.gate.verdict = Verdict.PASS
    assert baked.watch(3) == [WAITING] * 3


def test_a_region_that_gives_no_answer_is_a_doubt(monkeypatch: pytest.MonkeyPatch) -> None:
    """One lost answer in a week must not cost the week."""
    baked = Baked()
    baked.look()
    baked.watch(98)

    def silent(region: Region, domain: Domain) -> PenSet:
        raise Unreachable(region, f"read the {domain} pen")

    with monkeypatch.context() as once:
        once.setattr(baked.world.pens, "read", silent)
        assert baked.look(timedelta(seconds=5)) is WAITING
    assert baked.watch(2) == [WAITING, DONE]


def test_what_is_baked_stays_baked_while_people_take_their_time() -> None:
    """Waiting for approvals is written once; days later the gate alone is asked."""
    baked = Baked()
    baked.look()
    baked.watch(100)
    baked.hand.journal.append(
        Kind.FOUND,
        baked.step.name,
        "retire.prove does not begin",
        {**_figures(baked), "state": WAITING, "stopped_by": "approvals"},
    )
    assert baked.look(timedelta(days=3)) is DONE


def _figures(baked: Baked) -> dict[str, object]:
    context: Context = baked.hand.context(baked.step)
    return dict(context.history.figures(baked.step.name))
