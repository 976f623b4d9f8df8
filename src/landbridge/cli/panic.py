"""`landbridge panic`: readers leave a region now, without the engine, the journal, or a call to that region."""

from typing import Annotated

import typer

from landbridge.cli.ask import Templates, Why
from landbridge.cli.migrate import TEMPLATES, Run, migration_of
from landbridge.cli.principal import principal, user
from landbridge.migrate.adapters.compose import Migration
from landbridge.model.errors import Refused, Unreachable
from landbridge.model.region import Region


def panic(
    run: Run,
    region: Annotated[str, typer.Argument(help="The region that readers must leave.")],
    why: Why = "no reason given",
    back: Annotated[bool, typer.Option("--back", help="Let readers come to it again.")] = False,
    templates: Templates = TEMPLATES,
) -> None:
    """Turn a region off for readers; writes go where they went."""
    migration = migration_of(run, templates)
    switch = migration.read_switch
    said = switch.turn_on(Region(region)) if back else switch.turn_off(Region(region), _who(migration), why)
    ttl = migration.config.shift.record_ttl_seconds
    typer.echo(f"{said}; readers follow within one health check and {ttl:g} s, as long as a DNS answer lives")


def _who(migration: Migration) -> str:
    """In an emergency nobody waits to be told his name."""
    try:
        return principal(migration)
    except (Unreachable, Refused):
        return user()
