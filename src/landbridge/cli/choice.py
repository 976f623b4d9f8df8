"""What the operator of a verb over stacks named: options, places, credentials; what can't be meant is refused."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import boto3
import typer
from botocore.exceptions import BotoCoreError

from landbridge.deploy.deployer import Deployer
from landbridge.deploy.graph import Graph, Place
from landbridge.deploy.manifest import Home
from landbridge.model.errors import BadInput
from landbridge.model.region import Region

Platform = Annotated[str, typer.Argument(help="The platform, as the manifest of the templates names it.")]
Regions = Annotated[list[str] | None, typer.Option("--region", help="Only this region; may be repeated.")]
Only = Annotated[list[str] | None, typer.Option("--only", help="Only this stack; may be repeated.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON lines.")]
Yes = Annotated[bool, typer.Option("--yes", help="Don't ask.")]
Config = Annotated[Path, typer.Option(help="The platform and its migration.")]
File = Annotated[Path | None, typer.Option("--config", help="The platform's file; as shipped: config/PLATFORM.toml.")]
Templates = Annotated[Path, typer.Option(help="Where the committed templates lie.")]
BySets = Annotated[bool, typer.Option("--stacksets", help="Stacks of both regions by StackSets.")]
Run = Annotated[Path | None, typer.Option("--run", help="A rehearsal's run folder, to work on its world instead of AWS.")]
Profile = Annotated[str | None, typer.Option(help="The profile of the AWS credentials.")]


@dataclass(frozen=True, slots=True)
class Choice:
    """What the operator named."""

    platform: str
    regions: list[str] | None
    only: list[str] | None
    config: Path | None
    templates: Path
    run: Path | None
    profile: str | None
    as_json: bool = False
    replace: frozenset[str] = frozenset()
    adopt: list[str] | None = None
    stacksets: bool = False


def credentials(profile: str | None) -> None:
    """Refused at the door where there are none: AWS would look as if it did not answer."""
    fix = "log in to the account, or name another by --profile; for a rehearsal's world add --run"
    try:
        if boto3.session.Session(profile_name=profile).get_credentials() is None:
            raise BadInput("AWS credentials", "there are none", fix)
    except BotoCoreError as error:
        raise BadInput("AWS credentials", str(error).rstrip("."), fix) from None


def chosen(graph: Graph, choice: Choice) -> Graph:
    """What of the platform the operator named; what is no part of it is refused."""
    places = [
        place
        for place in graph.needs
        if (not choice.regions or place.region in choice.regions) and (not choice.only or place.stack in choice.only)
    ]
    for what, named, known in (
        ("--region", choice.regions, {place.region for place in graph.needs}),
        ("--only", choice.only, {place.stack for place in graph.needs}),
    ):
        if unknown := sorted(set(named or ()) - known):
            raise BadInput(f"{what} {unknown[0]}", "is not part of this platform", f"name one of {', '.join(sorted(known))}")
    if not places:
        raise BadInput("--only", "names stacks that have no place in these regions", "leave out --region or name others")
    return graph.only(places)


def adopting(deployer: Deployer, choice: Choice) -> Graph:
    """Stacks in a region where they are not yet: their own, or the other side's."""
    if len(choice.regions or ()) != 1:
        raise BadInput("--adopt", "takes over in one region", "name it by --region")
    places = [Place(deployer.stack(name).name, Region(region)) for name in choice.adopt or () for region in choice.regions or ()]
    for place in places:
        if place.region not in {deployer.roles[home] for home in (Home.SOURCE, Home.TARGET)}:
            raise BadInput(f"--region {place.region}", "is neither source nor target", "name one of them")
    return Graph({place: frozenset() for place in places})
