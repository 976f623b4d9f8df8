"""What the verbs over stacks share: which platform and places, whom to tell, and how to stop cleanly."""

import getpass
import json
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import typer

from landbridge.aws.clients import Clients
from landbridge.cli.beside import refuse_beside_a_move
from landbridge.cli.choice import Choice, adopting, chosen, credentials
from landbridge.cli.exits import Exit
from landbridge.cli.subject import Subject
from landbridge.deploy.by_sets import account_of, instances
from landbridge.deploy.deployer import Deployer, Liberties, Standing
from landbridge.deploy.graph import Graph, Place
from landbridge.deploy.handover import moved
from landbridge.deploy.lock import DeployLock, holding, lock_path
from landbridge.deploy.manifest import Home
from landbridge.deploy.run import Patience, joining
from landbridge.deploy.stacksets import StackSets
from landbridge.migrate.adapters.compose import Migration
from landbridge.migrate.adapters.leading import Moving
from landbridge.migrate.adapters.payments import PaymentsMigration
from landbridge.model.errors import BadInput, LandbridgeError, Stopped
from landbridge.model.region import Region
from landbridge.rehearse.run_folder import RunFolder

LIMIT_SECONDS, PAUSE_SECONDS, REHEARSED_PAUSE = 3600.0, 3.0, 0.25


@dataclass
class Ground:
    """A deployer over what was chosen; everything it does is told, and it can be stopped."""

    choice: Choice
    subject: Subject
    clients: Clients
    deployer: Deployer = field(init=False)
    graph: Graph = field(init=False)
    handed: Mapping[Place, Place] = field(init=False)  # stacks that changed their region, by where they came from
    _stopping: threading.Event = field(default_factory=threading.Event)
    _lost: LandbridgeError | None = None

    def __post_init__(self) -> None:
        subject = self.subject
        self.deployer = Deployer(
            self.clients,
            subject.manifest if self.choice.run is None else subject.played,
            subject.platform,
            subject.moves.pens if subject.moves else None,
            sleep=self.sleep,
            regional=subject.regional,
            address=self._address(),
            liberties=Liberties(self.choice.replace, self.tell, subject.deploy.watch_minutes),
        )
        self.handed = self.deployer.handed_over()
        whole = moved(self.deployer.graph, self.handed)
        self.graph = adopting(self.deployer, self.choice) if self.choice.adopt else chosen(whole, self.choice)
        if self.choice.regions and not self.choice.only and not self.choice.adopt:
            self.graph = joining(self.deployer, self.graph)

    @property
    def patience(self) -> Patience:
        """Until a stack stands, with everything told."""
        pause = PAUSE_SECONDS if self.choice.run is None else REHEARSED_PAUSE
        return Patience(time.monotonic, self.sleep, LIMIT_SECONDS, pause, tell=self.tell, stop=self._stopping.set)

    @cached_property
    def migration(self) -> Moving:
        """What moves this platform: its records and its journal."""
        if self.subject.moves is not None:
            return Migration(self.clients, self.subject.moves, self.choice.templates, time.time, self.sleep)
        if self.subject.grows is not None:
            return PaymentsMigration(self.clients, self.subject.grows, self.choice.templates, time.time, self.sleep)
        raise BadInput(self.choice.platform, "is moved by no engine", "name trading or payments")

    def tell_what_is_lacking(self) -> None:
        """What this configuration does without, so that nobody finds out later."""
        for lack in self.subject.lacks():
            self.say({"lacks": lack}, f"lacks: {lack}")

    def sets(self) -> StackSets:
        """The platform's StackSets."""
        account = account_of(self.clients, self.deployer.roles[Home.TARGET])
        return StackSets(self.deployer, self.subject.deploy, self.patience, account, self.choice.replace)

    def _address(self) -> Callable[[str, Region], str]:
        if not self.choice.stacksets:
            return lambda name, _: name
        home = Region(self.subject.platform.target)
        return instances(self.clients, home, account_of(self.clients, home))

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
        for number in (signal.SIGINT, signal.SIGTERM):  # a shell starts what runs in the background with SIGINT ignored
            signal.signal(number, signal.default_int_handler)
        owner = f"{getpass.getuser()}@{socket.gethostname()}, process {os.getpid()},"
        lock = self._lock(owner)
        try:
            with holding(lock, self._lose):
                refuse_beside_a_move(self.migration)
                yield lock
        except KeyboardInterrupt:
            self._stopping.set()
            typer.echo(f"landbridge: stopped; {self._under_way()}run the same {verb} again to go on", err=True)
            raise typer.Exit(Exit.INTERRUPTED) from None
        except Stopped:
            raise self._lost or Stopped from None

    def _lock(self, owner: str) -> DeployLock:
        path = lock_path(self.subject.manifest.platform, self.subject.platform.environment_suffix)
        return DeployLock(self.clients, self.deployer.journal, path, owner, time.time, self.sleep)

    def _lose(self, error: LandbridgeError) -> None:
        self._lost = error
        self._stopping.set()

    def _under_way(self) -> str:
        moving = []
        for place in self.graph.needs:
            with suppress(LandbridgeError):
                if self.deployer.look(self.deployer.stack(place.stack), place.region).standing is Standing.MOVING:
                    moving.append(str(place))
        return f"CloudFormation goes on with {', '.join(moving)} by itself; " if moving else "nothing is under way; "


def ground_of(choice: Choice) -> Ground:
    """What was chosen, on a rehearsal's world or on AWS."""
    subject = Subject.of(choice)
    if choice.run is not None:
        return Ground(choice, subject, RunFolder(choice.run).clients())
    credentials(choice.profile)
    return Ground(choice, subject, Clients(profile=choice.profile))
