"""What whoever leads a migration needs beside its engine: which way it goes, and what must live while it ticks."""

import contextlib
from collections.abc import Callable, Iterator
from functools import partial

from landbridge.migrate.adapters.compose import Migration
from landbridge.migrate.adapters.payments import PaymentsMigration
from landbridge.migrate.adapters.published import EVERY_SECONDS
from landbridge.migrate.decisions import gone
from landbridge.migrate.engine import Engine
from landbridge.migrate.runner import Runner, beating

PARTING = 1.0  # seconds the numbers may still take when the engine has ended
Moving = Migration | PaymentsMigration


def under_way(moving: Moving, plan: str) -> Moving:
    """The way whose plan has this hash; the one given when none has."""
    ways: Iterator[Moving] = moving.ways()
    return next((way for way in ways if way.plan().hash == plan), moving)


@contextlib.contextmanager
def alive(moving: Moving, runner: Runner, tell: Callable[[str], None]) -> Iterator[None]:
    """While the block lasts hearts beat and numbers are published."""
    publish = moving.published(tell).publish
    with contextlib.ExitStack() as beside:
        for beat, least in moving.hearts:
            both = partial(_while_both_stand, runner.engine, beat)
            beside.enter_context(beating(both, max(runner.tick_seconds, least), PARTING))
        beside.enter_context(beating(publish, EVERY_SECONDS, PARTING))
        yield


def _while_both_stand(engine: Engine, beat: Callable[[], None]) -> None:
    """Nothing is written any more into what is being taken away."""
    if gone(engine.plan, engine.journal.progress) is None:
        beat()
