"""`landbridge failback`: the way home, by the same engine, gates and journal."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from landbridge.cli.migrate import TEMPLATES, drive, migration_of


def failback(
    run: Annotated[Path, typer.Argument(help="The folder of a rehearsal whose world is up.")],
    resume: Annotated[bool, typer.Option("--resume", help="Go on with a way back that is under way.")] = False,
    templates: Annotated[Path, typer.Option(help="Where the committed templates lie.")] = TEMPLATES,
) -> None:
    """Move reads and writes back to the region the platform came from."""
    drive(replace(migration_of(run, templates), back=True), str(run), resume=resume)
