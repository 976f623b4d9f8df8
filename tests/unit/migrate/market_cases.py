"""The cases of the steps that move the market and the database."""

from collections.abc import Mapping
from datetime import timedelta

from tests.builders import FakeWorld
from tests.fakes import SOURCE, TARGET
from tests.unit.migrate.case import BUDGET, DONE, READY, SKEW_BOUND, WAITING, Case
from tests.unit.migrate.hand import Hand

from landbridge.migrate.step import Step
from landbridge.migrate.steps.budget import Budget
from landbridge.migrate.steps.close_source import CloseSource
from landbridge.migrate.steps.keep_place import KeepPlace
from landbridge.migrate.steps.mark_end import MarkEnd
from landbridge.migrate.steps.move_feeds import MoveFeeds
from landbridge.migrate.steps.start_transform import StartTransform
from landbridge.migrate.steps.switch_database import SwitchDatabase
from landbridge.model.pen import Domain

PATIENCE, TOLD = timedelta(seconds=60), timedelta(seconds=70)
KEEPS = timedelta(hours=168)


def keeping(world: FakeWorld) -> KeepPlace:
    """The moment noted."""
    return KeepPlace(SOURCE, TARGET, world.streams, world.mappings, world.pens, SKEW_BOUND)


def closing_market(world: FakeWorld) -> CloseSource:
    """The market's pen at the source."""
    return CloseSource(Domain.MARKET, SOURCE, TARGET, world.pens)


def moving(world: FakeWorld) -> MoveFeeds:
    """The feeds' way."""
    budget = Budget("close_source.market", TOLD)
    return MoveFeeds(SOURCE, TARGET, world.feeds, world.streams, world.mappings, world.pens, PATIENCE, budget)


def ending(world: FakeWorld) -> MarkEnd:
    """The end of the source's stream."""
    return MarkEnd(SOURCE, world.streams, world.pens, Budget("mark_end", BUDGET.limit))


def starting(world: FakeWorld) -> StartTransform:
    """The target's reading."""
    return StartTransform(SOURCE, TARGET, world.mappings, SKEW_BOUND, KEEPS)


def switching(world: FakeWorld) -> SwitchDatabase:
    """The writer's way."""
    return SwitchDatabase(SOURCE, TARGET, world.database, Budget("close_source.effects", timedelta(seconds=180)))


def kept(world: FakeWorld, hand: Hand) -> None:
    """The moment is noted, and the source is closed for the market."""
    hand.forward(keeping(world))
    hand.forward(closing_market(world))


def moved(world: FakeWorld, hand: Hand) -> None:
    """The feeds put at the target."""
    kept(world, hand)
    hand.forward(moving(world))


def closed_effects(world: FakeWorld, hand: Hand) -> None:
    """No effect can commit any more."""
    hand.forward(CloseSource(Domain.EFFECTS, SOURCE, TARGET, world.pens))


MARKET_CASES: Mapping[type[Step], Case] = {
    KeepPlace: Case(keeping, (READY, WAITING, DONE), undone=DONE, killed=WAITING, left=("mappings",)),
    MoveFeeds: Case(moving, (READY, WAITING, DONE), back=(WAITING, WAITING, WAITING, DONE), left=("mappings",), prepare=kept),
    MarkEnd: Case(ending, (READY, WAITING, DONE), undone=DONE, killed=WAITING, prepare=moved),
    StartTransform: Case(starting, (READY, DONE), undone=DONE, left=("mappings",), prepare=moved),
    SwitchDatabase: Case(switching, (READY, WAITING, DONE), back=(WAITING, DONE), prepare=closed_effects),
}
