"""`landbridge seize`: a region that holds pens is lost; the other one takes them, by the word of two people."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from landbridge.cli.migrate import TEMPLATES, Led, On, Run, drive, migration_of
from landbridge.migrate.adapters.compose import Migration
from landbridge.migrate.adapters.leading import under_way
from landbridge.model.errors import BadInput, Unreachable
from landbridge.model.pen import PenSet, PenState
from landbridge.model.region import Region

WAY = "begin a migrate or a failback, which loses nothing"


def seize(
    run: Run,
    accept_loss: Annotated[
        bool, typer.Option("--accept-loss", help="What the lost region accepted and did not copy in time may be lost.")
    ] = False,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with a seize that is under way.")] = False,
    on: On = Led.HERE,
    templates: Annotated[Path, typer.Option(help="Where the committed templates lie.")] = TEMPLATES,
) -> None:
    """Take the pens of a lost region, once somebody else approves; when it answers again, close it and name what was lost."""
    migration = migration_of(run, templates)
    seizing = _begun(migration, run) if resume else _anew(migration, run)
    lost, stays = seizing.regions
    if not accept_loss:
        why = f"every write that {lost} accepted and did not copy to {stays} in time would be lost"
        raise BadInput(str(run), why, f"say --accept-loss, and let somebody else say: landbridge approve {run} seize")
    drive(seizing, str(run), resume=resume, on=on)


def _begun(migration: Migration, run: Path) -> Migration:
    """The seize that is under way."""
    journal = migration.journal("a reader")
    journal.refresh()
    found = under_way(migration, journal.progress.plan)
    if not isinstance(found, Migration) or not found.seizing:
        raise BadInput(str(run), "no seize is under way", "begin one without --resume")
    return found


def _anew(migration: Migration, run: Path) -> Migration:
    """A seize from the one region that does not answer; or, where nobody holds the pen, for the one that held it last."""
    known = {region: _pens(migration, region) for region in migration.regions}
    silent = [region for region, pens in known.items() if pens is None]
    if len(silent) > 1:
        raise BadInput(str(run), f"{' and '.join(silent)} are both silent", "wait for one of them: nobody can take a pen")
    pens = {region: found for region, found in known.items() if found}
    if not silent and (
        holders := [region for region, found in pens.items() if any(each.any_is(PenState.OPEN) for each in found)]
    ):
        raise BadInput(str(run), f"both regions answer, and {' and '.join(holders)} holds the pen", WAY)
    stays = max(pens, key=lambda region: max(each.epoch for each in pens[region]))
    return replace(migration, back=stays == migration.regions.source, seizing=True)


def _pens(migration: Migration, region: Region) -> list[PenSet] | None:
    """The region's pens of every domain; None = it does not answer."""
    try:
        return [migration.pens.read(region, domain) for domain in migration.movers.domains]
    except Unreachable:
        return None
