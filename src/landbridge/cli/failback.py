"""`landbridge failback`: the way home, by the same engine, gates and journal."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from landbridge.cli.migrate import TEMPLATES, Led, On, Run, drive, migration_of, runner_of
from landbridge.migrate.decisions import Decision, refusal, standing
from landbridge.migrate.progress import Direction
from landbridge.migrate.record import Ask
from landbridge.migrate.runner import Runner, released
from landbridge.model.errors import BadInput


def failback(
    run: Run,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with a way back that is under way.")] = False,
    on: On = Led.HERE,
    templates: Annotated[Path, typer.Option(help="Where the committed templates lie.")] = TEMPLATES,
) -> None:
    """Move reads and writes back to the region the platform came from."""
    migration = migration_of(run, templates)
    leave(runner_of(migration), str(run))
    leave(runner_of(replace(migration, retiring=True)), str(run), Ask.ABORT)  # the move itself is over
    drive(replace(migration, back=True), str(run), resume=resume, on=on)


def leave(there: Runner, run: str, what: Ask = Ask.FAILBACK) -> None:
    """End a move, or a retirement, that is under way, where it stands; refused as long as that does not fit."""
    engine, journal = there.engine, there.engine.journal
    journal.refresh()
    if journal.progress.plan != engine.plan.hash or journal.progress.outcome:
        return
    asked = Decision(what, engine.starter, "", journal.progress.run)
    if refused := refusal(engine.plan, journal.progress, asked):
        raise BadInput(run, f"{what} refused: {refused}", standing(journal.progress))
    there.wait_for_lease()
    with released(journal):
        journal.ask(what, "the way home begins", run=asked.run)
        while journal.progress.asked:
            engine.advance()
        if journal.progress.direction is not Direction.BACK:
            raise BadInput(run, f"{what} was refused meanwhile", standing(journal.progress))
        there.run()
