"""`landbridge deploy`: every stack of a platform into both regions, in the order their feeds want, shown before it is done."""

import time
from typing import Annotated, TypeVar

import typer

from landbridge.cli.diff import show
from landbridge.cli.ground import AsJson, Choice, Config, Ground, Only, Platform, Profile, Regions, Run, Templates, Yes, ground_of
from landbridge.cli.migrate import TEMPLATES
from landbridge.cli.plan import CONFIG
from landbridge.deploy.graph import Place
from landbridge.deploy.run import deploy_all, foresee_all
from landbridge.deploy.walk import Walked

T = TypeVar("T")
AllowReplace = Annotated[
    list[str] | None, typer.Option("--allow-replace", help="Logical id of a resource whose data may be lost.")
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what would be done; nothing is done.")]


def deploy(
    platform: Platform,
    region: Regions = None,
    only: Only = None,
    dry_run: DryRun = False,
    allow_replace: AllowReplace = None,
    yes: Yes = False,
    as_json: AsJson = False,
    run: Run = None,
    profile: Profile = None,
    config: Config = CONFIG,
    templates: Templates = TEMPLATES,
) -> None:
    """Deploy a platform: make every stack what its template says, in both regions."""
    replace = frozenset(allow_replace or ())
    ground = ground_of(Choice(platform, region, only, config, templates, run, profile, as_json, replace))
    if dry_run or not yes:
        changes = show(ground, foresee_all(ground.deployer, ground.graph))
        if dry_run or not changes:
            return
        ground.confirm("Deploy this?", yes=yes)
    began = time.monotonic()
    with ground.alone("deploy"):
        walked = deploy_all(ground.deployer, ground.graph, ground.patience)
        conclude(ground, walked, "stand", began)


def conclude(ground: Ground, walked: Walked[T], verb: str, began: float) -> None:
    """What came of it; the first failure ends the command, the others are told before."""
    failed = list(walked.failed.values())
    for error in failed[1:]:
        typer.echo(f"landbridge: also {error}", err=True)
    if left := [str(place) for place in _left(ground, walked)]:
        typer.echo(f"not begun: {', '.join(left)}", err=True)
    if failed:
        raise failed[0]
    seconds = round(time.monotonic() - began, 1)
    ground.say({"stacks": len(walked.done), "seconds": seconds}, f"{len(walked.done)} stacks {verb} after {seconds:g} s")


def _left(ground: Ground, walked: Walked[T]) -> list[Place]:
    return [place for place in ground.graph.needs if place not in walked.done and place not in walked.failed]
