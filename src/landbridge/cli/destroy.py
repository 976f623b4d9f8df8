"""`landbridge destroy`: a platform, or one region of it, taken down in reverse, and proof that nothing of it is left."""

import sys
from contextlib import suppress
from typing import Annotated, Any

import typer

from landbridge.cli.choice import AsJson, BySets, Choice, File, Only, Platform, Profile, Regions, Run, Templates, Yes
from landbridge.cli.deploy import FRONTS, conclude
from landbridge.cli.exits import Exit
from landbridge.cli.ground import Ground, ground_of
from landbridge.cli.migrate import TEMPLATES
from landbridge.deploy.by_sets import destroy_by_sets
from landbridge.deploy.handover import both
from landbridge.deploy.run import destroy_all
from landbridge.deploy.teardown import Teardown
from landbridge.deploy.walk import Walked
from landbridge.migrate.adapters.compose import Migration
from landbridge.migrate.adapters.leading import Moving
from landbridge.model.errors import BadInput, Refused
from landbridge.model.region import Region

READER = "transform"  # the stack whose function has mappings that are in no stack


def destroy(
    platform: Platform,
    region: Regions = None,
    only: Only = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would go; nothing is done.")] = False,
    stacksets: BySets = False,
    yes: Yes = False,
    as_json: AsJson = False,
    run: Run = None,
    profile: Profile = None,
    config: File = None,
    templates: Templates = TEMPLATES,
) -> None:
    """Destroy a platform, or one region of it, with everything in it."""
    ground = ground_of(Choice(platform, region, only, config, templates, run, profile, as_json, stacksets=stacksets))
    teardown = Teardown.of(ground.deployer, both(ground.deployer.graph, ground.handed), map(Region, region or ()), only or ())
    _show(ground, teardown)
    if dry_run:
        return
    _confirm(ground, yes=yes)
    with ground.alone("destroy") as lock:
        conclude(ground, teardown.going, _removed(ground, teardown), "are gone")
        left = teardown.left(ground.patience)
        for each in left:
            ground.say({"region": each.region, "left": each.what}, f"left: {each}")
        if not left and not region and not only:
            lock.give_back(forget=True)
    if left:
        raise typer.Exit(Exit.FAILED)
    ground.say({"left": 0}, f"nothing of {ground.subject.platform.environment_suffix} is left there, by tag and by name")


def _removed(ground: Ground, teardown: Teardown) -> Walked[Any]:
    teardown.detach(ground.patience)
    moving = ground.migration
    for place in teardown.going.needs:
        if place.stack == READER and isinstance(moving, Migration):
            moving.market.mappings.forget(place.region)
    for place in teardown.going.needs:
        if place.stack in FRONTS:
            _unname(moving, place.region)
    if ground.choice.stacksets:
        return destroy_by_sets(ground.deployer, teardown.going, ground.sets(), ground.patience)
    return destroy_all(ground.deployer, teardown.going, ground.patience)


def _unname(moving: Moving, region: Region) -> None:
    """The record is in no stack, so no stack takes it away; without a zone there is none."""
    if not isinstance(moving, Migration):
        with suppress(Refused):
            moving.traffic.forget(region)
    elif moving.config.edge.hosted_zone:
        moving.traffic.forget(region)


def _show(ground: Ground, teardown: Teardown) -> None:
    for place in teardown.going.reversed().order():
        holds = teardown.holding[place]
        data = {"region": place.region, "stack": place.stack, "holds": holds}
        ground.say(data, f"{place}" + (f", with all that {', '.join(holds)} hold" if holds else ""))
    ground.say({"going": len(teardown.going.needs)}, f"{len(teardown.going.needs)} stacks would go")


def _confirm(ground: Ground, *, yes: bool) -> None:
    """Whoever destroys types what."""
    suffix = ground.subject.platform.environment_suffix
    if yes:
        return
    if not sys.stdin.isatty():
        raise BadInput("--yes", "is missing and nobody is here to be asked", "look with --dry-run, then add --yes")
    if typer.prompt(f"Type {suffix} to destroy this", err=True) != suffix:
        typer.echo("nothing was changed", err=True)
        raise typer.Exit(Exit.FAILED)
