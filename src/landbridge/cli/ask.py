"""Puts an operator's decision into the journal, after the same question the engine will ask: does it fit the run?"""

from pathlib import Path
from typing import Annotated

import typer

from landbridge.cli.migrate import moving_of
from landbridge.cli.principal import principal
from landbridge.migrate.adapters.leading import under_way
from landbridge.migrate.adapters.machine import hint
from landbridge.migrate.decisions import Decision, refusal, standing
from landbridge.migrate.record import Ask
from landbridge.model.errors import BadInput

Why = Annotated[str, typer.Option(help="The reason, for the journal.")]
Templates = Annotated[Path, typer.Option(help="Where the committed templates lie.")]


def ask(run: Path, templates: Path, what: Ask, why: str, step: str = "") -> None:
    """Ask the engine; what does not fit the run is refused here, with where the run stands."""
    migration = moving_of(run, templates)
    journal = migration.journal(principal(migration))
    journal.refresh()
    progress = journal.progress
    migration = under_way(migration, progress.plan)
    if refused := refusal(migration.plan(), progress, Decision(what, journal.who, step, progress.run)):
        raise BadInput(str(run), f"{what} refused: {refused}", standing(progress))
    record = journal.ask(what, why, step, progress.run)
    hint(migration)
    typer.echo(f"asked, as record {record.number} of the journal; the engine answers at its next tick")
