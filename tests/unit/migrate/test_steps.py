"""What a step says where the way is not straight: obstacles, doubt, strangers, and budgets that run out."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from tests.builders import FakeWorld
from tests.fakes import SOURCE, TARGET
from tests.unit.migrate import cases
from tests.unit.migrate.case import BAKE
from tests.unit.migrate.hand import Hand

from landbridge.migrate.gate import Verdict
from landbridge.migrate.step import Seen, State, Step
from landbridge.migrate.steps.add_route import AddRoute
from landbridge.migrate.steps.close_source import CloseSource
from landbridge.migrate.steps.close_target import CloseTarget
from landbridge.migrate.steps.connect_apis import ConnectApis
from landbridge.migrate.steps.deploy_target import DeployTarget
from landbridge.migrate.steps.reach_regions import ReachRegions
from landbridge.migrate.steps.replicate_store import ReplicateStore
from landbridge.migrate.steps.start_target import StartTarget
from landbridge.migrate.steps.warm_target import WarmTarget
from landbridge.model.measure import Difference, Kind, Side, Survey
from landbridge.model.pen import Domain, PenState
from landbridge.verify.port import Result

DOMAIN = Domain.STATE


def _make(kind: type[Step], world: FakeWorld) -> Step:
    return cases.CASES[kind].make(world)


def _reach(world: FakeWorld, *looks: Survey, left: tuple[str, ...] = ()) -> ReachRegions:
    return ReachRegions(
        SOURCE, TARGET, world.regions, timedelta(seconds=2), tuple(partial(replace, each) for each in looks), left
    )


def _in_the_way(world: FakeWorld) -> None:
    world.regions.in_the_way = ["stack api is broken: delete it"]


def _clocks_apart(world: FakeWorld) -> None:
    world.regions.apart = timedelta(seconds=1.5)


def _broken_stack(world: FakeWorld) -> None:
    world.stacks.failed = ["api: quota"]


def _target_open(world: FakeWorld) -> None:
    world.pens.lay(TARGET, DOMAIN, PenState.OPEN, epoch=2)


def _behind(world: FakeWorld) -> None:
    world.replicator.status, world.replicator.behind = "active", timedelta(seconds=5.5)


def _not_warm(world: FakeWorld) -> None:
    world.gate.verdict = Verdict.FAIL


def _source_closed(world: FakeWorld) -> None:
    world.pens.lay(SOURCE, DOMAIN, PenState.CLOSED, epoch=1)


TROUBLES: list[tuple[type[Step], Callable[[FakeWorld], None], State, str]] = [
    (ReachRegions, _in_the_way, State.BLOCKED, "stack api is broken: delete it"),
    (
        ReachRegions,
        _clocks_apart,
        State.BLOCKED,
        "the clocks are 0:00:01.500000 apart, more than half of 0:00:02: set them first",
    ),
    (DeployTarget, _broken_stack, State.BLOCKED, "api: quota"),
    (CloseTarget, _target_open, State.BLOCKED, "eu-central-1 already holds the state pen: see which migration opened it"),
    (ReplicateStore, _behind, State.WAITING, "state is 5.5 s behind, limit 5.0 s"),
    (WarmTarget, _not_warm, State.WAITING, "the gate says fail"),
    (CloseSource, _source_closed, State.BLOCKED, "us-east-1 does not hold the state pen: see where it is"),
]


@pytest.mark.parametrize(("kind", "plant", "expected", "why"), TROUBLES, ids=[why[:40] for *_, why in TROUBLES])
def test_trouble_is_named(kind: type[Step], plant: Callable[[FakeWorld], None], expected: State, why: str) -> None:
    """The first look says what it is; nothing was done yet."""
    world = FakeWorld()
    plant(world)
    seen = _make(kind, world).check(Hand(world).context(_make(kind, world)))
    assert (seen.state, seen.why) == (expected, why)


def test_what_the_stores_hold_is_looked_at_when_nothing_else_is_in_the_way() -> None:
    """A source that does not stand has no bucket to look into; every figure is in the journal."""
    world = FakeWorld()
    step = _reach(world, Survey(("a key is gone",), (), {"bytes": 7}), Survey((), ("3 are archived: left by X",)))
    seen = Hand(world).check(step)
    assert (seen.state, seen.why, seen.figures) == (
        State.BLOCKED,
        "a key is gone",
        {"obstacles": ["a key is gone"], "bytes": 7},
    )
    _in_the_way(world)
    assert "bytes" not in Hand(world).check(step).figures


def test_what_may_stay_behind_is_approved_and_journalled_with_whose_decision_it_is() -> None:
    """In the sentence, which an approval binds, and in the finding."""
    world, told = FakeWorld(), "3 are archived: left behind by decision of X: kept"
    step = _reach(world, Survey((), (told,), {"bytes": 7}), left=("archived objects are left behind",))
    seen = Hand(world).check(step)
    assert (seen.state, seen.why) == (State.DONE, f"both regions answer and nothing is in the way; {told}")
    assert seen.figures == {"skew_ms": 0, "bytes": 7, "left": [told]}
    assert step.sentence == f"{_reach(world).sentence}; archived objects are left behind"


@pytest.mark.parametrize("kind", [ReachRegions, WarmTarget, StartTarget])
def test_what_was_seen_once_is_not_looked_for_again(kind: type[Step]) -> None:
    """Clocks, warmth and marks are of their moment."""
    world = FakeWorld()
    hand, step = Hand(world), _make(kind, world)
    cases.CASES[kind].prepare(world, hand)
    hand.forward(step)
    _clocks_apart(world)
    _not_warm(world)
    world.copies.copies.clear()
    assert hand.check(step).state is State.DONE


def test_pens_the_target_had_closed_before_the_move_stay_closed_for_the_step() -> None:
    """The move itself opens them later; that is not the step coming undone."""
    world = FakeWorld()
    hand, step = Hand(world), _make(CloseTarget, world)
    hand.forward(step)
    _target_open(world)
    assert hand.check(step).state is State.DONE


def test_a_pen_that_an_earlier_run_of_ours_moved_is_no_strangers() -> None:
    """Its move stayed when the next one went back; the run that goes on with the rest finds it there."""
    world = FakeWorld()
    hand, step = Hand(world), _make(CloseTarget, world)
    _target_open(world)
    assert hand.check(step).state is State.BLOCKED
    world.pens.lay(SOURCE, DOMAIN, PenState.CLOSED, epoch=1)
    assert hand.check(step).state is State.DONE


def test_only_what_was_not_there_is_taken_away() -> None:
    """Stacks, a copy, a record and a parameter that stood before the migration stand after it."""
    world = FakeWorld()
    world.stacks.made, world.replicator.status = ["tables"], "active"
    world.peers.believed = {SOURCE: "https://older.example"}
    world.traffic.weight = 0
    before, hand = world.stands(), Hand(world)
    for kind in (DeployTarget, ReplicateStore, AddRoute, ConnectApis):
        hand.apply(_make(kind, world))
        hand.forward(_make(kind, world))
    for kind in (ConnectApis, AddRoute, ReplicateStore, DeployTarget):
        assert hand.back(_make(kind, world))[-1] is State.DONE
    assert world.stands() == before


def test_differences_hold_the_migration_and_are_named() -> None:
    """The first few; the rest is counted."""
    world = FakeWorld()
    world.verifier.differences = tuple(Difference("state", f"u{n}/main", Side.TARGET, Kind.MISSING) for n in range(7))
    hand, step = Hand(world), cases.comparing(world)
    assert hand.forward(step) == [State.READY, State.BLOCKED]
    seen = step.check(hand.context(step))
    assert seen.why.startswith("7 keys differ: state u0/main: missing at the target; state u1")
    assert "u5" not in seen.why
    assert seen.figures == {"differences": 7}


def test_what_differs_by_decision_holds_nothing_and_is_named() -> None:
    """With whose decision it is, and counted."""
    world = FakeWorld()
    left = Difference("state", "u", Side.TARGET, Kind.MISSING, "left behind by decision of X: kept")
    world.verifier.result = Result(world.clock(), 1.0, 9, (), expected=(left,))
    seen = Hand(world).check(cases.comparing(world))
    assert (seen.state, seen.figures["expected"]) == (State.DONE, 1)
    assert seen.why == "9 keys of state are equal on both sides, but for 1 that stay behind: left behind by decision of X: kept"


def test_a_comparison_that_is_not_whole_is_made_again() -> None:
    """What was compared in part, or stopped early, opens nothing."""
    world = FakeWorld()
    hand, step = Hand(world), cases.comparing(world)
    world.verifier.result = Result(world.clock(), 1.0, 9, (), coverage=0.9)
    assert step.check(hand.context(step)) == Seen(State.READY, "the comparison of state is not whole: only 90% was compared")
    world.verifier.result = Result(world.clock(), 1.0, 10, (), stopped="the target went away")
    assert step.check(hand.context(step)).why == "the comparison of state is not whole: the target went away"


def test_an_old_comparison_is_made_again() -> None:
    """Its age counts from its beginning."""
    world = FakeWorld()
    hand, step = Hand(world), cases.comparing(world)
    world.verifier.takes = 1800
    hand.forward(step)
    world.clock.sleep(1799)
    assert hand.check(step).state is State.DONE
    world.clock.sleep(2)
    seen = hand.check(step)
    assert (seen.state, seen.why) == (State.READY, "the comparison of state is out of date")


def test_another_process_believes_the_journal_while_the_comparison_is_fresh() -> None:
    """It has compared nothing itself; what the chain says counts until it expires, and its age counts from its beginning too."""
    world = FakeWorld()
    hand, step = Hand(world), cases.comparing(world)
    world.verifier.takes = 1800
    hand.forward(step)
    world.verifier.result = None
    world.clock.sleep(1799)
    assert hand.check(step).state is State.DONE
    world.clock.sleep(2)
    assert hand.check(step).state is State.READY


def test_a_strangers_weight_is_not_taken_for_ours() -> None:
    """The same share by accident: its bake time has not begun, so it is set by the step, then baked."""
    world = FakeWorld()
    world.traffic.weight = 25
    hand, step = Hand(world), cases.shifting(world)
    seen = hand.check(step)
    assert (seen.state, seen.why) == (State.READY, "25 % of reads go to the target, but not by this step")
    assert hand.forward(step)[-1] is State.DONE


@pytest.mark.parametrize(("weight", "expected"), [(None, State.READY), (0, State.READY), (50, State.READY), (25, State.WAITING)])
def test_a_weight_is_read_back_while_it_bakes(weight: int | None, expected: State) -> None:
    """Whatever a stranger did, below or above, is set again."""
    world = FakeWorld()
    hand, step = Hand(world), cases.shifting(world)
    cases.routed(world, hand)
    hand.apply(step)
    world.traffic.weight = weight
    assert hand.check(step).state is expected


def test_a_later_share_is_no_strangers_work() -> None:
    """A finished share is content with more; with less it is not."""
    world = FakeWorld()
    hand, step = Hand(world), cases.shifting(world)
    cases.routed(world, hand)
    hand.forward(step)
    for weight, expected in ((50, State.DONE), (24, State.READY)):
        world.traffic.weight = weight
        assert hand.check(step).state is expected


def test_a_share_without_enough_samples_is_held_in_the_end() -> None:
    """Inconclusive waits for its bake and its patience, then for a person; it never passes."""
    world = FakeWorld()
    world.gate.verdict = Verdict.INCONCLUSIVE
    hand, step = Hand(world), cases.shifting(world)
    cases.routed(world, hand)
    trace = hand.forward(step)
    assert (trace[0], set(trace[1:-1]), trace[-1]) == (State.READY, {State.WAITING}, State.BLOCKED)
    assert len(trace) - 3 == (BAKE + timedelta(seconds=30)).total_seconds()


def test_a_share_that_fails_fails_at_once() -> None:
    """The bake time is no reason to go on hurting users."""
    world = FakeWorld()
    hand, step = Hand(world), cases.shifting(world)
    cases.routed(world, hand)
    hand.apply(step)
    world.gate.verdict = Verdict.FAIL
    assert hand.check(step).state is State.FAILED
