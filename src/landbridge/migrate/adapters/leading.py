"""What whoever leads a migration needs beside its engine: which way it goes, and what must live while it ticks."""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import replace

from landbridge.migrate.adapters.compose import Migration
from landbridge.migrate.adapters.published import EVERY_SECONDS
from landbridge.migrate.runner import Runner, beating

PARTING = 1.0  # seconds the numbers may still take when the engine has ended


def under_way(migration: Migration, plan: str) -> Migration:
    """The migration whose plan has this hash: there, back, or seizing either side; the one given when none has."""
    ways = [replace(migration, back=back, seizing=seizing) for seizing in (False, True) for back in (False, True)]
    return next((way for way in ways if way.plan().hash == plan), migration)


@contextlib.contextmanager
def alive(migration: Migration, runner: Runner, tell: Callable[[str], None]) -> Iterator[None]:
    """While the block lasts hearts beat and numbers are published."""
    publish = migration.published(tell).publish
    with contextlib.ExitStack() as beside:
        for beat, least in migration.whole.hearts:
            beside.enter_context(beating(beat, max(runner.tick_seconds, least), PARTING))
        beside.enter_context(beating(publish, EVERY_SECONDS, PARTING))
        yield
