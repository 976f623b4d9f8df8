"""`landbridge status`: where the migration stands, what is measured now, and what would bring it on. Changes nothing."""

from typing import Annotated

import orjson
import typer

from landbridge.cli.ask import Templates
from landbridge.cli.migrate import TEMPLATES, Run, moving_of
from landbridge.cli.principal import principal
from landbridge.migrate.adapters.leading import Moving, under_way
from landbridge.migrate.figures import Figure
from landbridge.migrate.status import lines
from landbridge.migrate.status import status as standing
from landbridge.model.metrics import RUNNER


def status(
    run: Run,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    templates: Templates = TEMPLATES,
) -> None:
    """Tell where the migration stands and what comes next."""
    migration = moving_of(run, templates)
    journal = migration.journal(principal(migration))
    journal.refresh()
    migration = under_way(migration, journal.progress.plan)
    told, figures = standing(migration.plan(), journal, str(run), journal.who), _figures(migration)
    if as_json:
        data = {
            **told.data(),
            "figures": {place: {_name(each): each.value for each in found} for place, found in figures.items()},
        }
        typer.echo(orjson.dumps(data, option=orjson.OPT_INDENT_2).decode())
        return
    measured = {place: ", ".join(f"{_name(each)} {each.value:g}" for each in found) for place, found in figures.items()}
    for line in lines(told, measured):
        typer.echo(line)


def _figures(migration: Moving) -> dict[str, list[Figure]]:
    """As alarms and the board see them, but for the engine's own sign of life; what can't be measured is left out."""
    figures = migration.published(lambda _: None).figures
    measured = zip(figures.regions, figures.by_region(), strict=True)
    return {str(region): [each for each in found if each.metric != RUNNER] for region, found in measured}


def _name(figure: Figure) -> str:
    return ".".join((figure.metric, *figure.of))
