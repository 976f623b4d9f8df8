"""An engine of the test's own, ticked in its process: it stands still between two ticks, just where the test wants it."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace

from landbridge.aws.clients import PATIENT, Clients
from landbridge.migrate.adapters.compose import Migration
from landbridge.migrate.engine import Engine, Tick
from landbridge.migrate.progress import Outcome
from landbridge.migrate.record import Kind
from landbridge.migrate.runner import beating
from tests.contract.world.source_alone import SourceAlone

SECONDS = 90.0
PAUSE = 0.2


def fresh(kept: SourceAlone) -> Migration:
    """Of the platform as it stands, with nothing remembered: what another process would begin with."""
    return kept.made._migration(Clients(kept.world.clients.endpoints, timeouts=PATIENT))


def part(kept: SourceAlone, step: str, *, before: bool) -> Engine:
    """An engine of the plan's phases before that of a step, or of all from it on: what stands before it then stays."""
    engine = fresh(kept).engine("engine", "ada")
    first = engine.plan.phases.index(engine.plan.phase_of(step))
    phases = engine.plan.phases[:first] if before else engine.plan.phases[first:]
    return replace(engine, plan=replace(engine.plan, phases=phases))


def prepare(kept: SourceAlone, step: str, seconds: float) -> None:
    """Everything before the phase of a step is done."""
    engine = part(kept, step, before=True)
    engine.again()
    with hearts(fresh(kept)):
        drive(engine, lambda: engine.journal.progress.outcome is not None, seconds)
    assert engine.journal.progress.outcome is Outcome.DONE, engine.journal.records[-1]
    engine.journal.release()


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
