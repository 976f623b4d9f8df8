"""`landbridge migrate`: runs the engine on a rehearsal's world until its plan has ended or a person is needed."""

import contextlib
import os
import secrets
import socket
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from landbridge.cli.exits import OF_RUN
from landbridge.cli.principal import principal
from landbridge.migrate.adapters.compose import Migration
from landbridge.migrate.adapters.payments import PaymentsMigration
from landbridge.migrate.adapters.published import EVERY_SECONDS
from landbridge.migrate.decisions import gone
from landbridge.migrate.engine import Engine
from landbridge.migrate.give_up import give_up
from landbridge.migrate.journal import Journal
from landbridge.migrate.record import Kind, Record
from landbridge.migrate.runner import Ended, Runner, beating
from landbridge.model.errors import BadInput, Unreachable
from landbridge.rehearse.run_folder import RunFolder

TEMPLATES = Path("templates")
PARTING = 1.0  # seconds the numbers may still take when the engine has ended


Moving = Migration | PaymentsMigration


def moving_of(run: Path, templates: Path) -> Moving:
    """The migration of a rehearsal whose world is up, of whichever platform."""
    folder = RunFolder(run)
    expansion = folder.expansion()
    if expansion is None:
        return Migration(folder.clients(), folder.trading(), templates, time.time, time.sleep, kept=folder.comparisons)
    clients, kept = folder.clients(), folder.comparisons
    return PaymentsMigration(clients, expansion, templates, time.time, time.sleep, kept=kept, front=folder.front)


def migration_of(run: Path, templates: Path) -> Migration:
    """The trading platform's, for verbs that move pens."""
    moving = moving_of(run, templates)
    if isinstance(moving, PaymentsMigration):
        fix = "name the run of a trading platform; this one grows by migrate, and gives a region up for a while by evacuate"
        raise BadInput(str(run), "is of the payments platform, which has no pens", fix)
    return moving


def under_way(moving: Moving, plan: str) -> Moving:
    """The way whose plan has this hash; the one given when none has."""
    ways: Iterator[Moving] = moving.ways()
    return next((way for way in ways if way.plan().hash == plan), moving)


@contextlib.contextmanager
def released(journal: Journal) -> Iterator[None]:
    """Whoever comes next need not wait for the lease of an engine that ended in good order, Ctrl-C included."""
    try:
        yield
    finally:
        with contextlib.suppress(Unreachable):  # then it runs out by itself
            journal.release()


def _tell(what: str) -> None:
    typer.echo(what, err=True)


def _show(record: Record) -> None:
    """What the engine does and sees, one line a record; leases are its own business."""
    if record.kind is not Kind.LEASE:
        typer.echo(f"{record.number:5} {record.kind:<8} {' '.join(filter(None, (record.step, record.why)))}")


def migrate(
    run: Annotated[
        Path, typer.Argument(help="The folder of a rehearsal whose world is up, as `landbridge rehearse` printed it.")
    ],
    resume: Annotated[bool, typer.Option("--resume", help="Go on with a plan that is under way.")] = False,
    templates: Annotated[Path, typer.Option(help="Where the committed templates lie.")] = TEMPLATES,
) -> None:
    """Move the platform, or let it grow: begin the plan, or go on with it, until it has ended or a person is needed."""
    drive(moving_of(run, templates), str(run), resume=resume)


def runner_of(migration: Moving) -> Runner:
    """An engine of this process, on the migration's plan, and what ticks it."""
    engine = migration.engine(f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(2)}", principal())
    rhythm = migration.config.engine
    return Runner(engine, time.time, time.sleep, rhythm.tick_seconds, rhythm.patience_seconds, _tell, _show)


def _while_both_stand(engine: Engine, beat: Callable[[], None]) -> None:
    """Nothing is written any more into what is being taken away."""
    if gone(engine.plan, engine.journal.progress) is None:
        beat()


def drive(migration: Moving, run: str, *, resume: bool) -> None:
    """Tick one engine until its plan has ended or a person is needed."""
    runner = runner_of(migration)
    engine = runner.engine
    runner.wait_for_lease()
    begun = bool(engine.journal.progress.plan) and engine.journal.progress.outcome is None
    if begun and isinstance(migration, Migration) and migration.seizing and engine.journal.progress.plan != engine.plan.hash:
        give_up(engine.journal, f"{migration.regions.source} is lost: {engine.plan.name}")
    elif begun and not resume:
        raise BadInput(run, f"{engine.journal.progress.plan_name} is under way", "go on with it by --resume")
    if not resume:
        engine.again()
    publish = migration.published(_tell).publish
    with contextlib.ExitStack() as beside:
        for beat, least in migration.hearts:
            beside.enter_context(beating(partial(_while_both_stand, engine, beat), max(runner.tick_seconds, least), PARTING))
        beside.enter_context(beating(publish, EVERY_SECONDS, PARTING))
        beside.enter_context(released(engine.journal))
        ended = runner.run()
    typer.echo(f"{engine.plan.name}: {ended}")
    if ended is Ended.HELD:
        typer.echo(next(record.why for record in reversed(engine.journal.records) if record.kind is Kind.FOUND), err=True)
    raise typer.Exit(OF_RUN[ended])
