"""`landbridge evacuate`: one region of a platform that serves in two is taken out of service, and brought back."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from landbridge.cli.migrate import TEMPLATES, Run, drive, moving_of
from landbridge.migrate.adapters.compose import Migration
from landbridge.model.errors import BadInput
from landbridge.model.region import Region


def evacuate(
    run: Run,
    region: Annotated[str, typer.Argument(help="The region that goes out.")],
    resume: Annotated[bool, typer.Option("--resume", help="Go on with an evacuation that is under way.")] = False,
    templates: Annotated[Path, typer.Option(help="Where the committed templates lie.")] = TEMPLATES,
) -> None:
    """Take a region out of service while the other serves everybody, then bring it back once it is approved."""
    moving = moving_of(run, templates)
    if isinstance(moving, Migration):
        why, fix = "is of the trading platform, whose regions don't share its readers", "turn a region off for readers by panic"
        raise BadInput(str(run), why, fix)
    if Region(region) not in tuple(moving.born):
        raise BadInput(region, "is no region of this platform", f"name {' or '.join(moving.born)}")
    drive(replace(moving, out=Region(region)), str(run), resume=resume)
