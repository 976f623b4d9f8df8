"""The cases of the steps by which a lost region's pens are taken, and of the first contact with it."""

from collections.abc import Mapping
from datetime import timedelta

from tests.builders import FakeWorld, state
from tests.fakes import SOURCE, TARGET
from tests.unit.migrate.case import DONE, FAILED, READY, WAITING, Case
from tests.unit.migrate.hand import Hand

from landbridge.migrate.step import Step
from landbridge.migrate.steps.close_lost import CloseLost
from landbridge.migrate.steps.confirm_loss import ConfirmLoss
from landbridge.migrate.steps.count_loss import CountLoss
from landbridge.migrate.steps.fail_over_database import FailOverDatabase
from landbridge.migrate.steps.restore_overwritten import RestoreOverwritten
from landbridge.migrate.steps.seize_pen import SeizePen
from landbridge.migrate.steps.send_reads import SendReads
from landbridge.migrate.steps.take_market import TakeMarket
from landbridge.model.pen import Domain, Epoch, PenState

SILENCE = SETTLE = timedelta(seconds=2)
DAY = timedelta(hours=24)


def confirming(world: FakeWorld) -> ConfirmLoss:
    """The look at the region that may be lost."""
    return ConfirmLoss(SOURCE, world.pens, (Domain.STATE,), SILENCE, ("seize_pen.state",))


def seizing(world: FakeWorld) -> SeizePen:
    """The pivot without the other side."""
    return SeizePen(Domain.STATE, SOURCE, TARGET, world.pens)


def contacting(world: FakeWorld) -> CloseLost:
    """The lost side's close."""
    return CloseLost(Domain.STATE, SOURCE, world.pens)


def restoring(world: FakeWorld) -> RestoreOverwritten:
    """The way back for what was covered."""
    return RestoreOverwritten(Domain.STATE, SOURCE, TARGET, world.pens, world.marks, world.copies, SETTLE)


def counting(world: FakeWorld) -> CountLoss:
    """The bill."""
    return CountLoss(Domain.STATE, SOURCE, TARGET, world.pens, world.copies)


def out(world: FakeWorld, _hand: Hand) -> None:
    """The source is gone, and the target's pens lie closed."""
    world.pens.lay(TARGET, Domain.STATE, PenState.CLOSED, epoch=0)
    world.pens.out.add(SOURCE)


def seized(world: FakeWorld, hand: Hand) -> None:
    """The target has the pen, and the source is there again."""
    out(world, hand)
    hand.forward(seizing(world))
    world.pens.out.clear()


def closed(world: FakeWorld, hand: Hand) -> None:
    """After the first contact."""
    seized(world, hand)
    hand.forward(contacting(world))


def covered(world: FakeWorld, hand: Hand) -> None:
    """The lost side wrote last, and the target accepted the same key meanwhile."""
    seized(world, hand)
    epoch = world.pens.read(TARGET, Domain.STATE).epoch
    world.copies.accept(TARGET, state(version=3, epoch=epoch), world.clock())
    world.copies.accept(SOURCE, state(version=7, epoch=Epoch(1)), world.clock())
    hand.forward(contacting(world))


def routed(world: FakeWorld, _hand: Hand) -> None:
    """Both have a record."""
    world.traffic.weight = 50


SEIZE_CASES: Mapping[type[Step], Case] = {
    ConfirmLoss: Case(confirming, (WAITING, WAITING, DONE), undone=DONE, killed=WAITING, prepare=out),
    SeizePen: Case(seizing, (READY, DONE), back=(FAILED,), undone=DONE, prepare=out),
    TakeMarket: Case(
        lambda w: TakeMarket(SOURCE, TARGET, w.feeds, w.mappings, DAY), (READY, DONE), undone=DONE, left=("feeds", "mappings")
    ),
    FailOverDatabase: Case(
        lambda w: FailOverDatabase(TARGET, w.database), (READY, WAITING, DONE), back=(FAILED,), undone=DONE, killed=READY
    ),
    SendReads: Case(
        lambda w: SendReads(TARGET, w.traffic), (READY, DONE), undone=DONE, killed=DONE, left=("weight",), prepare=routed
    ),
    CloseLost: Case(contacting, (READY, DONE), undone=DONE, left=("pens", "items"), prepare=seized),
    RestoreOverwritten: Case(
        restoring, (READY, *[WAITING] * 3, READY, WAITING, WAITING, DONE), undone=DONE, killed=WAITING, prepare=covered
    ),
    CountLoss: Case(counting, (DONE,), undone=DONE, killed=DONE, prepare=closed),
}
