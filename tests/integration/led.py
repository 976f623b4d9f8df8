"""An engine of the test's own, ticked in its process: it stands still between two ticks, just where the test wants it."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from landbridge.aws.clients import PATIENT, Clients
from landbridge.deploy.run import Patience
from landbridge.migrate.adapters.compose import Migration
from landbridge.migrate.engine import Engine, Tick
from landbridge.migrate.record import Kind
from landbridge.migrate.runner import beating
from tests.contract.world.source_alone import SourceAlone

SECONDS = 90.0
PAUSE = 0.2
PATIENCE = Patience(time.monotonic, time.sleep, limit_seconds=180, pause_seconds=0.25)  # for stacks


def fresh(kept: SourceAlone) -> Migration:
    """Of the platform as it stands, with nothing remembered: what another process would begin with."""
    return kept.made._migration(Clients(kept.world.clients.endpoints, timeouts=PATIENT))


def drive(engine: Engine, done: Callable[[], bool], seconds: float = SECONDS) -> None:
    """Ticks until it is as the test wants it."""
    ends = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < ends, [record for record in engine.journal.records if record.kind is not Kind.LEASE][-1]
        if engine.advance() is not Tick.MOVED:
            time.sleep(PAUSE)


@contextmanager
def hearts(migration: Migration) -> Iterator[None]:
    """Every store's heartbeat is written as long as the block lasts."""
    with ExitStack() as beside:
        for beat, least in migration.whole.hearts:
            beside.enter_context(beating(beat, max(0.5, least)))
        yield
