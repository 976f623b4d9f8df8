"""`landbridge abort`: asks the engine to go back to where it began; past a pivot it says so and goes on."""

import getpass
from pathlib import Path
from typing import Annotated

import typer

from landbridge.cli.migrate import TEMPLATES, migration_of
from landbridge.model.errors import BadInput


def abort(
    run: Annotated[Path, typer.Argument(help="The folder of a rehearsal whose world is up.")],
    why: Annotated[str, typer.Option(help="The reason, for the journal.")],
    templates: Annotated[Path, typer.Option(help="Where the committed templates lie.")] = TEMPLATES,
) -> None:
    """Ask the migration that is under way to put everything back."""
    journal = migration_of(run, templates).journal(getpass.getuser())
    journal.refresh()
    if not journal.progress.plan or journal.progress.outcome:
        raise BadInput(
            str(run), f"no migration is under way ({journal.progress.outcome or 'none was begun'})", "there is nothing to abort"
        )
    record = journal.ask("abort", why)
    typer.echo(f"asked, as record {record.number} of the journal; at its next tick the engine goes back, or says why it can't")
