"""`landbridge deploy`: every stack of a platform into both regions, in the order their feeds want, shown before it is done."""

import time
from typing import Annotated, Any, TypeVar

import typer

from landbridge.cli.choice import AsJson, BySets, Choice, File, Only, Platform, Profile, Regions, Run, Templates, Yes
from landbridge.cli.diff import show
from landbridge.cli.ground import Ground, ground_of
from landbridge.cli.migrate import TEMPLATES
from landbridge.deploy.by_sets import deploy_by_sets
from landbridge.deploy.checks import Figure, refuse_bad, verify
from landbridge.deploy.graph import Graph
from landbridge.deploy.quotas import refuse_beyond_quota
from landbridge.deploy.run import adopt_all, deploy_all, foresee_all
from landbridge.deploy.walk import Walked
from landbridge.model.errors import Refused

T = TypeVar("T")
FRONTS = {"front": "RegionalName", "balancer": "HealthCheckId"}  # whose region a weighted record leads to, once it tells this
AllowReplace = Annotated[
    list[str] | None, typer.Option("--allow-replace", help="Logical id of a resource whose data may be lost.")
]
Adopt = Annotated[list[str] | None, typer.Option("--adopt", help="Stack that takes over what exists in --region.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what would be done; nothing is done.")]


def deploy(
    platform: Platform,
    region: Regions = None,
    only: Only = None,
    dry_run: DryRun = False,
    allow_replace: AllowReplace = None,
    adopt: Adopt = None,
    stacksets: BySets = False,
    yes: Yes = False,
    as_json: AsJson = False,
    run: Run = None,
    profile: Profile = None,
    config: File = None,
    templates: Templates = TEMPLATES,
) -> None:
    """Deploy a platform: make every stack what its template says, in both regions."""
    replace = frozenset(allow_replace or ())
    ground = ground_of(Choice(platform, region, only, config, templates, run, profile, as_json, replace, adopt, stacksets))
    if dry_run or not yes:
        changes = show(ground, foresee_all(ground.deployer, ground.graph, adopting=bool(adopt)))
        if dry_run or not changes:
            return
        ground.confirm("Take this over?" if adopt else "Deploy this?", yes=yes)
    if ground.choice.run is None and (trading := ground.subject.moves):  # an emulator has no quotas
        wanted = ((place.region, ground.deployer.stack(place.stack).template) for place in ground.graph.order())
        refuse_beyond_quota(ground.clients, wanted, trading.platform.environment_suffix, trading.market.shards)
    began = time.monotonic()
    with ground.alone("deploy"):
        walked = _deployed(ground)
        conclude(ground, ground.graph, walked, f"stand after {time.monotonic() - began:.1f} s")
        _name(ground, walked)
        figures = verify(ground.deployer, ground.graph, ground.patience)
    _tell(ground, figures)
    if yes:  # who was asked was told
        ground.tell_what_is_lacking()


def _deployed(ground: Ground) -> Walked[Any]:
    if ground.choice.stacksets:
        return deploy_by_sets(ground.deployer, ground.graph, ground.sets(), ground.patience)
    return (adopt_all if ground.choice.adopt else deploy_all)(ground.deployer, ground.graph, ground.patience)


def _name(ground: Ground, walked: Walked[Any]) -> None:
    """The name that is asked for leads to the region that has it; a migration adds the other."""
    fronts = [place for place in walked.done if place.stack in FRONTS]
    told = ((place, ground.deployer.outputs(ground.deployer.stack(place.stack), place.region)) for place in fronts)
    named = [place.region for place, outputs in told if FRONTS[place.stack] in outputs]
    if not named:
        return
    first = min(named, key=lambda region: region != ground.subject.platform.source)
    try:
        ground.migration.traffic.name_first(first)
    except Refused as unnamed:
        if ground.subject.grows is None:
            raise
        ground.say({"lacks": str(unnamed)}, f"lacks: {unnamed}")  # a platform that never grows needs no name of ours


def _tell(ground: Ground, figures: list[Figure]) -> None:
    for figure in figures:
        told = f"{figure.place.region:<14} {figure.place.stack:<12} {figure}"
        place = {"region": figure.place.region, "stack": figure.place.stack, "resource": figure.resource}
        ground.say({**place, "ok": figure.ok, "figure": figure.what}, told)
    refuse_bad(figures)
    proved = sum(figure.ok is True for figure in figures)
    ground.say({"verified": proved, "of": len(figures)}, f"{proved} of {len(figures)} looks found it well")


def conclude(ground: Ground, graph: Graph, walked: Walked[T], what: str) -> None:
    """What came of it; the first failure ends the command, the others are told before."""
    failed = list(walked.failed.values())
    for error in failed[1:]:
        typer.echo(f"landbridge: also {error}", err=True)
    if left := [str(place) for place in graph.needs if place not in walked.done and place not in walked.failed]:
        typer.echo(f"not begun: {', '.join(left)}", err=True)
    if failed:
        raise failed[0]
    ground.say({"stacks": len(walked.done)}, f"{len(walked.done)} stacks {what}")
