"""One case a step: how to make it, what must stand before it, and exactly what its looks say on the way."""

from collections.abc import Mapping
from datetime import timedelta

from tests.builders import FakeWorld, state
from tests.fakes import SOURCE, TARGET
from tests.unit.migrate.case import BAKE, BUDGET, DONE, FAILED, HOUR, READY, SKEW_BOUND, WAITING, Case
from tests.unit.migrate.hand import Hand
from tests.unit.migrate.market_cases import MARKET_CASES
from tests.unit.migrate.payments_cases import PAYMENTS_CASES
from tests.unit.migrate.retire_cases import RETIRE_CASES
from tests.unit.migrate.seize_cases import SEIZE_CASES

from landbridge.migrate.step import Step
from landbridge.migrate.steps.add_route import AddRoute
from landbridge.migrate.steps.close_source import CloseSource
from landbridge.migrate.steps.close_target import CloseTarget
from landbridge.migrate.steps.connect_apis import ConnectApis
from landbridge.migrate.steps.deploy_target import DeployTarget
from landbridge.migrate.steps.open_target import OpenTarget
from landbridge.migrate.steps.prove_copy import ProveCopy
from landbridge.migrate.steps.prove_reverse import ProveReverse
from landbridge.migrate.steps.reach_regions import ReachRegions
from landbridge.migrate.steps.replicate_store import ReplicateStore
from landbridge.migrate.steps.shift_reads import ShiftReads
from landbridge.migrate.steps.start_target import StartTarget
from landbridge.migrate.steps.verify_store import VerifyStore
from landbridge.migrate.steps.warm_target import WarmTarget
from landbridge.model.pen import Domain, PenState


def closing(world: FakeWorld) -> CloseSource:
    """The source's close."""
    return CloseSource(Domain.STATE, SOURCE, TARGET, world.pens)


def opening(world: FakeWorld) -> OpenTarget:
    """The pivot."""
    return OpenTarget(Domain.STATE, SOURCE, TARGET, world.pens, world.regions, SKEW_BOUND, BUDGET)


def proving(world: FakeWorld) -> ProveCopy:
    """The proof after the close."""
    return ProveCopy(Domain.STATE, SOURCE, TARGET, world.pens, world.copies, timedelta(seconds=25), BUDGET)


def comparing(world: FakeWorld) -> VerifyStore:
    """The comparison."""
    return VerifyStore("state", world.verifier, HOUR)


def shifting(world: FakeWorld, percent: int = 25) -> ShiftReads:
    """One share of the reads."""
    return ShiftReads(percent, world.traffic, world.gate, BAKE, timedelta(seconds=30), ("state",))


def closed_pens(world: FakeWorld, hand: Hand) -> None:
    """The target's pens lie closed, and the source was closed a moment ago."""
    world.pens.lay(TARGET, Domain.STATE, PenState.CLOSED, epoch=0)
    hand.forward(closing(world))


def closed_long_enough(world: FakeWorld, hand: Hand) -> None:
    """Closed, and the skew bound is over."""
    closed_pens(world, hand)
    world.clock.sleep(SKEW_BOUND.total_seconds())


def opened(world: FakeWorld, hand: Hand) -> None:
    """The target writes."""
    closed_long_enough(world, hand)
    hand.forward(opening(world))


def unreplicated(world: FakeWorld, hand: Hand) -> None:
    """The source accepted a write that the target does not have, then it was closed."""
    world.copies.accept(SOURCE, state("bob"), world.clock())
    closed_pens(world, hand)


def routed(world: FakeWorld, _hand: Hand) -> None:
    """The target has its record."""
    world.traffic.add_target()


def bakes_at_once(world: FakeWorld, hand: Hand) -> None:
    """The target has its record, and one pause is as long as a bake."""
    routed(world, hand)
    world.settles_in = BAKE.total_seconds()


CASES: Mapping[type[Step], Case] = {
    **MARKET_CASES,
    **SEIZE_CASES,
    **RETIRE_CASES,
    **PAYMENTS_CASES,
    ReachRegions: Case(lambda w: ReachRegions(SOURCE, TARGET, w.regions, SKEW_BOUND), (DONE,), undone=DONE, killed=DONE),
    DeployTarget: Case(
        lambda w: DeployTarget(TARGET, w.stacks), (READY, WAITING, READY, WAITING, DONE), back=(WAITING, WAITING, DONE)
    ),
    CloseTarget: Case(lambda w: CloseTarget(Domain.STATE, SOURCE, TARGET, w.pens), (READY, DONE), undone=DONE),
    ConnectApis: Case(lambda w: ConnectApis(SOURCE, TARGET, w.peers), (READY, DONE)),
    ReplicateStore: Case(
        lambda w: ReplicateStore("state", w.replicator, timedelta(seconds=5)), (READY, WAITING, DONE), back=(WAITING, DONE)
    ),
    VerifyStore: Case(comparing, (READY, DONE), undone=DONE),
    WarmTarget: Case(lambda w: WarmTarget(w.gate, ("state",)), (DONE,), undone=DONE, killed=DONE),
    AddRoute: Case(lambda w: AddRoute(w.traffic, timedelta(0)), (READY, DONE)),
    ShiftReads: Case(shifting, (READY, WAITING, DONE), prepare=bakes_at_once),
    ProveReverse: Case(
        lambda w: ProveReverse(Domain.STATE, SOURCE, TARGET, w.marks), (READY, WAITING, DONE), undone=DONE, killed=WAITING
    ),
    CloseSource: Case(closing, (READY, DONE)),
    ProveCopy: Case(proving, (WAITING, DONE), undone=DONE, killed=WAITING, prepare=unreplicated),
    OpenTarget: Case(opening, (READY, DONE), back=(FAILED,), undone=DONE, prepare=closed_long_enough),
    StartTarget: Case(
        lambda w: StartTarget(Domain.STATE, TARGET, (SOURCE, TARGET), w.marks),
        (READY, DONE),
        undone=DONE,
        killed=WAITING,
        prepare=opened,
    ),
}
