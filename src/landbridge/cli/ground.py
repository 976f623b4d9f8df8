"""What the verbs over stacks share: which platform and places, whom to tell, and how to stop cleanly."""

import getpass
import json
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import boto3
import typer
from botocore.exceptions import BotoCoreError

from landbridge.aws.clients import Clients
from landbridge.cli.exits import Exit
from landbridge.config.load import load
from landbridge.config.spec import Trading
from landbridge.deploy.deployer import Deployer, Liberties, Standing
from landbridge.deploy.graph import Graph, Place
from landbridge.deploy.handover import moved
from landbridge.deploy.lock import DeployLock, holding
from landbridge.deploy.manifest import Home, Manifest
from landbridge.deploy.regional import settings
from landbridge.deploy.run import Patience
from landbridge.model.errors import BadInput, LandbridgeError, Stopped
from landbridge.model.region import Region
from landbridge.rehearse.run_folder import RunFolder

LIMIT_SECONDS, PAUSE_SECONDS, REHEARSED_PAUSE = 3600.0, 3.0, 0.25

Platform = Annotated[str, typer.Argument(help="The platform, as the manifest of the templates names it.")]
Regions = Annotated[list[str] | None, typer.Option("--region", help="Only this region; may be repeated.")]
Only = Annotated[list[str] | None, typer.Option("--only", help="Only this stack; may be repeated.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON lines.")]
Yes = Annotated[bool, typer.Option("--yes", help="Don't ask.")]
Config = Annotated[Path, typer.Option(help="The platform and its migration.")]
Templates = Annotated[Path, typer.Option(help="Where the committed templates lie.")]
Run = Annotated[Path | None, typer.Option("--run", help="A rehearsal's run folder, to work on its world instead of AWS.")]
Profile = Annotated[str | None, typer.Option(help="The profile of the AWS credentials.")]


@dataclass(frozen=True, slots=True)
class Choice:
    """What the operator named."""

    platform: str
    regions: list[str] | None
    only: list[str] | None
    config: Path
    templates: Path
    run: Path | None
    profile: str | None
    as_json: bool = False
    replace: frozenset[str] = frozenset()
    adopt: list[str] | None = None


@dataclass
class Ground:
    """A deployer over what was chosen; everything it does is told, and it can be stopped."""

    choice: Choice
    trading: Trading
    clients: Clients
    deployer: Deployer = field(init=False)
    graph: Graph = field(init=False)
    handed: Mapping[Place, Place] = field(init=False)  # stacks that changed their region, by where they came from
    _stopping: threading.Event = field(default_factory=threading.Event)
    _lost: LandbridgeError | None = None

    def __post_init__(self) -> None:
        manifest = Manifest.read(self.choice.templates)
        manifest = manifest if self.choice.run is None else manifest.rehearsed()
        if self.choice.platform != manifest.platform:
            raise BadInput(self.choice.platform, "is no platform of these templates", f"name {manifest.platform}")
        liberties = Liberties(self.choice.replace, self.tell, self.trading.deploy.watch_minutes)
        platform, pens = self.trading.platform, self.trading.pens
        regional = partial(settings, self.trading)
        self.deployer = Deployer(self.clients, manifest, platform, pens, sleep=self.sleep, regional=regional, liberties=liberties)
        self.handed = self.deployer.handed_over()
        whole = moved(self.deployer.graph, self.handed)
        self.graph = _adopting(self.deployer, self.choice) if self.choice.adopt else _chosen(whole, self.choice)

    @property
    def patience(self) -> Patience:
        """Until a stack stands, with everything told."""
        pause = PAUSE_SECONDS if self.choice.run is None else REHEARSED_PAUSE
        return Patience(time.monotonic, self.sleep, LIMIT_SECONDS, pause, tell=self.tell, stop=self._stopping.set)

    def sleep(self, seconds: float) -> None:
        """Waits, unless somebody asked for an end."""
        if self._stopping.wait(seconds):
            raise Stopped

    def tell(self, place: Place, what: str) -> None:
        """One line an event, in one piece whatever the thread."""
        self.say({"region": place.region, "stack": place.stack, "event": what}, f"{place.region:<14} {place.stack:<12} {what}")

    def say(self, data: dict[str, Any], line: str) -> None:
        """The same as JSON or in words."""
        sys.stdout.write((json.dumps(data) if self.choice.as_json else line) + "\n")
        sys.stdout.flush()

    def confirm(self, question: str, *, yes: bool) -> None:
        """Ends here unless somebody says yes."""
        if yes:
            return
        if not sys.stdin.isatty():
            raise BadInput("--yes", "is missing and nobody is here to be asked", "look with --dry-run, then add --yes")
        if not typer.confirm(question, err=True):
            typer.echo("nothing was changed", err=True)
            raise typer.Exit(Exit.FAILED)

    @contextmanager
    def alone(self, verb: str) -> Iterator[DeployLock]:
        """Nobody else deploys meanwhile; Ctrl-C and SIGTERM end it with what is still under way and how to go on."""
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        lock = self._lock()
        try:
            with holding(lock, self._lose):
                yield lock
        except KeyboardInterrupt:
            self._stopping.set()
            typer.echo(f"landbridge: stopped; {self._under_way()}run the same {verb} again to go on", err=True)
            raise typer.Exit(Exit.INTERRUPTED) from None
        except Stopped:
            raise self._lost or Stopped from None

    def _lose(self, error: LandbridgeError) -> None:
        self._lost = error
        self._stopping.set()

    def _lock(self) -> DeployLock:
        platform = self.trading.platform
        path = f"/landbridge/{self.choice.platform}/{platform.environment_suffix}/deploy"
        owner = f"{getpass.getuser()}@{socket.gethostname()}, process {os.getpid()},"
        return DeployLock(self.clients, self.deployer.journal, path, owner, time.time, self.sleep)

    def _under_way(self) -> str:
        moving = []
        for place in self.graph.needs:
            with suppress(LandbridgeError):
                if self.deployer.look(self.deployer.stack(place.stack), place.region).standing is Standing.MOVING:
                    moving.append(str(place))
        return f"CloudFormation goes on with {', '.join(moving)} by itself; " if moving else "nothing is under way; "


def ground_of(choice: Choice) -> Ground:
    """What was chosen, on a rehearsal's world or on AWS."""
    if choice.run is not None:
        folder = RunFolder(choice.run)
        return Ground(choice, folder.trading(), folder.clients())
    trading = load(choice.config, Trading)
    _credentials(choice.profile)
    return Ground(choice, trading, Clients(profile=choice.profile))


def _credentials(profile: str | None) -> None:
    fix = "log in to the account, or name another by --profile; for a rehearsal's world add --run"
    try:
        if boto3.session.Session(profile_name=profile).get_credentials() is None:
            raise BadInput("AWS credentials", "there are none", fix)
    except BotoCoreError as error:
        raise BadInput("AWS credentials", str(error).rstrip("."), fix) from None


def _chosen(graph: Graph, choice: Choice) -> Graph:
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


def _adopting(deployer: Deployer, choice: Choice) -> Graph:
    """Stacks in a region where they are not yet: their own, or the other side's."""
    if len(choice.regions or ()) != 1:
        raise BadInput("--adopt", "takes over in one region", "name it by --region")
    places = [Place(deployer.stack(name).name, Region(region)) for name in choice.adopt or () for region in choice.regions or ()]
    for place in places:
        if place.region not in {deployer.roles[home] for home in (Home.SOURCE, Home.TARGET)}:
            raise BadInput(f"--region {place.region}", "is neither source nor target", "name one of them")
    return Graph({place: frozenset() for place in places})
