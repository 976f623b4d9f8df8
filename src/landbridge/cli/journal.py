"""`landbridge journal`: the chain of what was done and decided, checked link by link, or shown. Changes nothing."""

from typing import Annotated

import typer

from landbridge.cli.ask import Templates
from landbridge.cli.migrate import TEMPLATES, Run, moving_of
from landbridge.migrate.journal import Journal

journal = typer.Typer(name="journal", help="Look at the journal of a migration.", no_args_is_help=True)


@journal.command()
def verify(run: Run, templates: Templates = TEMPLATES) -> None:
    """Read the whole chain and check that each record follows from the one before."""
    read = _read(run, templates)
    if not read.records:
        typer.echo(f"{read.store.chain}: no record yet")
        return
    last = read.records[-1]
    typer.echo(f"{read.store.chain}: {last.number} records, each follows from the one before; the last is {last.hash}")
    typer.echo("keep that number and hash outside the account: a chain cut short later is whole, but does not contain it")


@journal.command()
def show(
    run: Run,
    since: Annotated[int, typer.Option("--from", min=1, help="The first record to show.")] = 1,
    templates: Templates = TEMPLATES,
) -> None:
    """Print the records as lines of JSON, each as it was hashed."""
    for record in _read(run, templates).records[since - 1 :]:
        typer.echo(record.body())


def _read(run: Run, templates: Templates) -> Journal:
    read = moving_of(run, templates).journal("a reader")
    read.refresh()
    return read
