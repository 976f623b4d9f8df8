"""`landbridge retire`: the source goes, once nobody needs it: baked, proved, approved by two people, and final."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from landbridge.cli.migrate import TEMPLATES, Led, On, Run, drive, migration_of
from landbridge.migrate.adapters.compose import Migration
from landbridge.migrate.adapters.leaving.compose import LiveLeaving
from landbridge.migrate.decisions import standing
from landbridge.model.errors import BadInput
from landbridge.model.pen import PenState


def retire(
    run: Run,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with a retirement that is under way.")] = False,
    on: On = Led.HERE,
    templates: Annotated[Path, typer.Option(help="Where the committed templates lie.")] = TEMPLATES,
) -> None:
    """Retire the region the platform has left: judge the target alone, prove the source needless, then take it away."""
    migration = replace(migration_of(run, templates), retiring=True)
    if not resume:
        refuse_unmoved(migration, str(run))
    final = migration.plan().no_failback()
    if final:
        typer.echo(f"final: from {final.name} on there is no way back; until then `landbridge failback {run}` brings all home")
    drive(migration, str(run), resume=resume, on=on)


def refuse_unmoved(migration: Migration, run: str) -> None:
    """Refused with where things stand, unless every pen and every read is at the target."""
    LiveLeaving(migration).refuse_what_stays_behind()
    source, target = migration.regions
    movers = migration.movers  # whose pens have that of the effects with its row
    for domain in movers.domains:
        if not movers.pens.read(target, domain).all_are(PenState.OPEN):
            raise BadInput(run, f"{target} does not hold the {domain} pen, so {source} is needed", _stands(migration))
    if (percent := migration.traffic.percent()) != 100:
        raise BadInput(run, f"{percent or 0} % of the reads go to {target}, so {source} is needed", _stands(migration))


def _stands(migration: Migration) -> str:
    journal = migration.journal("a reader")
    journal.refresh()
    return standing(journal.progress)
