"""`landbridge adopt`: what already runs at the source is found by its names, and taken over as it is; or the reason why not."""

from typing import Annotated

import typer

from landbridge.cli.choice import AsJson, Choice, File, Platform, Profile, Run, Templates
from landbridge.cli.deploy import conclude
from landbridge.cli.exits import Exit
from landbridge.cli.ground import Ground, ground_of
from landbridge.cli.migrate import TEMPLATES
from landbridge.deploy.estate import Estate, Held
from landbridge.deploy.graph import Place
from landbridge.deploy.manifest import Home
from landbridge.deploy.run import adopt_all, deploy_all
from landbridge.model.errors import BadInput


def adopt(
    platform: Platform,
    yes: Annotated[bool, typer.Option("--yes", help="Take it over; without it, everything is only told.")] = False,
    as_json: AsJson = False,
    run: Run = None,
    profile: Profile = None,
    config: File = None,
    templates: Templates = TEMPLATES,
) -> None:
    """Adopt what runs at the source: tell what is found and what stands in the way; with --yes, take it over as it is."""
    ground = ground_of(Choice(platform, None, None, config, templates, run, profile, as_json))
    estate = _estate(ground)
    held = tuple(estate.held())
    _tell(ground, held)
    if obstacles := [why for each in held for why in each.obstacles()]:
        raise typer.Exit(Exit.HELD) if not yes else BadInput(estate.region, obstacles[0], "mend it, then adopt")
    foreign = [each.place for each in held if each.foreign]
    if not yes or not foreign:
        return
    with ground.alone("adopt"):
        _take(ground, foreign)


def _estate(ground: Ground) -> Estate:
    """Of the source; a platform that nothing moves is adopted by `deploy --adopt`, stack by stack."""
    moves = ground.subject.moves
    if moves is None:
        raise BadInput(ground.choice.platform, "is not moved by an engine", "take a stack over by deploy --adopt")
    return Estate(ground.deployer, ground.deployer.roles[Home.SOURCE], moves.pens.stream_retention_hours)


def _tell(ground: Ground, held: tuple[Held, ...]) -> None:
    for each in held:
        for thing in each.found:
            whose = "its stack's" if each.owned else "nobody's"
            data = {"stack": each.place.stack, "kind": thing.kind, "name": thing.name, "owned": each.owned}
            ground.say(data, f"{each.place.stack:<12} {thing.name} ({thing.kind}) runs, {whose}")
        for why in each.obstacles():
            ground.say({"stack": each.place.stack, "stops": why}, f"{each.place.stack:<12} stops: {why}")
    foreign = [each.place.stack for each in held if each.foreign]
    stopped = sum(bool(each.obstacles()) for each in held)
    told = f"{len(foreign)} stacks would take over what runs: {', '.join(foreign)}" if foreign else "nothing that runs is foreign"
    ground.say({"foreign": foreign, "stopped": stopped}, f"{told}{f'; {stopped} of them can not' if stopped else ''}")


def _take(ground: Ground, foreign: list[Place]) -> None:
    """What they lean on is made first, then each imports its data and makes the rest of its template."""
    graph = ground.deployer.graph
    behind = {need for place in foreign for need in graph.behind(place) if need.region == place.region}
    below, taken = graph.only(behind - set(foreign)), graph.only(foreign)
    conclude(ground, below, deploy_all(ground.deployer, below, ground.patience), "stand")
    conclude(ground, taken, adopt_all(ground.deployer, taken, ground.patience), "are taken over")
