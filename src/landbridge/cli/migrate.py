"""`landbridge migrate`: runs the engine on a rehearsal's world, or has it run in AWS, until its plan has ended."""

import os
import secrets
import socket
import time
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from landbridge.aws.clients import PATIENT, Clients
from landbridge.cli.choice import credentials
from landbridge.cli.exits import OF_RUN
from landbridge.cli.principal import principal
from landbridge.config.expansion import Expansion
from landbridge.config.load import load, read
from landbridge.config.spec import Trading
from landbridge.migrate.adapters.compose import Migration
from landbridge.migrate.adapters.leading import Moving, alive
from landbridge.migrate.adapters.machine import Machine, Orders
from landbridge.migrate.adapters.payments import PaymentsMigration
from landbridge.migrate.engine import Engine
from landbridge.migrate.give_up import give_up
from landbridge.migrate.record import Kind, Record
from landbridge.migrate.runner import Ended, Runner, released
from landbridge.model.errors import BadInput
from landbridge.rehearse.run_folder import RunFolder

TEMPLATES = Path("templates")
Run = Annotated[Path, typer.Argument(help="The folder of a rehearsal whose world is up; or a platform's file: then the account.")]


class Led(StrEnum):
    """Where the engine ticks."""

    HERE = "here"  # in this process
    AWS = "aws"  # by the state machine of the journal's region


On = Annotated[Led, typer.Option("--on", help="Where the engine ticks: here, or in AWS, where no laptop is needed.")]


def moving_of(run: Path, templates: Path) -> Moving:
    """The migration of a rehearsal whose world is up, or of the account at hand by a platform's own file; of either platform."""
    if run.suffix == ".toml":
        return _on_account(run, templates)
    folder = RunFolder(run)
    expansion = folder.expansion()
    if expansion is None:
        return Migration(folder.clients(), folder.trading(), templates, time.time, time.sleep, kept=folder.comparisons)
    clients, kept = folder.clients(), folder.comparisons
    return PaymentsMigration(clients, expansion, templates, time.time, time.sleep, kept=kept, front=folder.front)


def _on_account(file: Path, templates: Path) -> Moving:
    """Pens tell the platforms apart."""
    clients = Clients(timeouts=PATIENT)
    if "pens" in read(file):
        made: Moving = Migration(clients, load(file, Trading), templates, time.time, time.sleep)
    else:
        made = PaymentsMigration(clients, load(file, Expansion), templates, time.time, time.sleep)
    credentials(None)
    return made


def migration_of(run: Path, templates: Path) -> Migration:
    """The trading platform's, for verbs that move pens."""
    moving = moving_of(run, templates)
    if isinstance(moving, PaymentsMigration):
        fix = "name the run of a trading platform; this one grows by migrate, and gives a region up for a while by evacuate"
        raise BadInput(str(run), "is of the payments platform, which has no pens", fix)
    return moving


def _tell(what: str) -> None:
    typer.echo(what, err=True)


def _show(record: Record) -> None:
    """What the engine does and sees, one line a record; leases are its own business."""
    if record.kind is not Kind.LEASE:
        typer.echo(f"{record.number:5} {record.kind:<8} {' '.join(filter(None, (record.step, record.why)))}")


def migrate(
    run: Run,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with a plan that is under way.")] = False,
    on: On = Led.HERE,
    templates: Annotated[Path, typer.Option(help="Where the committed templates lie.")] = TEMPLATES,
) -> None:
    """Move the platform, or let it grow: begin the plan, or go on with it, until it has ended or a person is needed."""
    drive(moving_of(run, templates), str(run), resume=resume, on=on)


def runner_of(migration: Moving) -> Runner:
    """An engine of this process, on the migration's plan, and what ticks it."""
    engine = migration.engine(f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(2)}", principal(migration))
    rhythm = migration.config.engine
    return Runner(engine, time.time, time.sleep, rhythm.tick_seconds, rhythm.patience_seconds, _tell, _show)


def drive(migration: Moving, run: str, *, resume: bool, on: Led = Led.HERE) -> None:
    """Tick one engine until its plan has ended or a person is needed, or have one ticked in AWS."""
    machine = _machine(migration) if on is Led.AWS else None
    runner = runner_of(migration)
    engine = runner.engine
    with released(engine.journal):
        _begin(runner, migration, run, resume=resume)
        if machine:
            name = _handed_over(*machine, engine)
            typer.echo(f"{engine.plan.name}: led in AWS by {name}; landbridge status tells where it stands")
            return
        with alive(migration, runner, _tell):
            ended = runner.run()
    typer.echo(f"{engine.plan.name}: {ended}")
    if ended is Ended.HELD:
        typer.echo(next(record.why for record in reversed(engine.journal.records) if record.kind is Kind.FOUND), err=True)
    raise typer.Exit(OF_RUN[ended])


def _begin(runner: Runner, migration: Moving, run: str, *, resume: bool) -> None:
    """Take the lease, and begin a run unless one is to be gone on with."""
    runner.wait_for_lease()
    engine = runner.engine
    begun = bool(engine.journal.progress.plan) and engine.journal.progress.outcome is None
    if begun and isinstance(migration, Migration) and migration.seizing and engine.journal.progress.plan != engine.plan.hash:
        give_up(engine.journal, f"{migration.regions.source} is lost: {engine.plan.name}")
    elif begun and not resume:
        raise BadInput(run, f"{engine.journal.progress.plan_name} is under way", "go on with it by --resume")
    if not resume:
        engine.again()


def _machine(migration: Moving) -> tuple[Machine, Orders]:
    if isinstance(migration, PaymentsMigration):
        raise BadInput("--on aws", "leads the trading platform alone", "leave it out: an engine here leads payments")
    return Machine.of(migration), Orders(migration.config, migration.clients.endpoints)


def _handed_over(machine: Machine, orders: Orders, engine: Engine) -> str:
    """The execution that goes on with what is in the journal by now: a run is begun here, a machine never begins one."""
    journal = engine.journal
    if journal.progress.plan != engine.plan.hash:
        engine.advance()
    name = f"run-{journal.progress.run}-{len(journal.records)}"
    journal.release()
    machine.start(orders, name)
    return name
