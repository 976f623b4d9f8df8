"""The cases of the steps by which a region is taken out of service."""

from collections.abc import Mapping
from datetime import timedelta

from tests.builders import FakeWorld
from tests.fakes import SOURCE, TARGET
from tests.unit.migrate.case import DONE, WAITING, Case
from tests.unit.migrate.hand import Hand

from landbridge.migrate.step import Step
from landbridge.migrate.steps.confirm_stay import ConfirmStay
from landbridge.migrate.steps.drain_events import DrainEvents

QUIET, GONE = timedelta(seconds=2), timedelta(seconds=1)


def draining(world: FakeWorld) -> DrainEvents:
    """The source's events."""
    return DrainEvents(SOURCE, world.events, GONE, QUIET, "send_reads")


def queued(world: FakeWorld, _hand: Hand) -> None:
    """Two events wait."""
    world.events.queued = 2


PAYMENTS_CASES: Mapping[type[Step], Case] = {
    ConfirmStay: Case(
        lambda w: ConfirmStay(TARGET, w.gate, timedelta(seconds=30)), (DONE,), undone=DONE, killed=DONE, left=("items",)
    ),
    DrainEvents: Case(draining, (*[WAITING] * 4, DONE), undone=DONE, killed=WAITING, prepare=queued),
}
