"""The write function: PUT of state and of commands. Its own function, so that held writes never starve reads."""

import contextlib
import functools
import json
import os
import random
import time
from collections.abc import Callable, Mapping
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from landbridge.model.wire import PEER_API
from landbridge.workloads.aws import client
from landbridge.workloads.trading import request
from landbridge.workloads.trading.command_tables import CommandTables
from landbridge.workloads.trading.entitled import peers
from landbridge.workloads.trading.peer import HttpPeer
from landbridge.workloads.trading.ports import Answer, Asked, Chance, Clock, Fences, Rules, Sleep
from landbridge.workloads.trading.request import Event
from landbridge.workloads.trading.response import handled
from landbridge.workloads.trading.rights import Guarded, Rights
from landbridge.workloads.trading.settings import Kept, Parameter, Settings, told
from landbridge.workloads.trading.tables import StateTables
from landbridge.workloads.trading.writing import Routes, accept

STORE = {"connect": 1.0, "read": 2.0}
ADDRESS = {"connect": 0.5, "read": 0.5}
HINT = {"connect": 0.5, "read": 0.5}
PEER_CONNECT, PEER_READ = 0.8, 3.0  # with the address 4.8 s: the hold and one more act stay within the function's 25 s

Asks = Callable[[Event], Asked[Any, Any]]


class Writer:
    """Everything one kind of write needs, made once for the life of the function's container."""

    def __init__(
        self,
        asked: Asks,
        *,
        store: Fences,
        peers: Callable[[Event], object],
        rules: Rules,
        clock: Clock,
        sleep: Sleep,
        chance: Chance,
    ) -> None:
        self._asked, self._store, self._peers, self._rules = asked, store, peers, rules
        self._clock, self._sleep, self._chance = clock, sleep, chance
        self._routes = Routes(store, rules, clock)

    def __call__(self, event: Event) -> Answer:
        """The answer to one PUT."""
        return accept(
            self._asked(event),
            hop=request.hopped(event),
            store=self._store,
            routes=self._routes,
            peer=self._peers(event),
            rules=self._rules,
            clock=self._clock,
            sleep=self._sleep,
            chance=self._chance,
        )


class Hinted:
    """A writer of commands that wakes the worker when it has accepted one.

    A hint that is lost costs time alone: the worker sweeps by the clock too.
    """

    def __init__(self, writer: Writer, region: str, hint: Callable[[str], object]) -> None:
        self._writer, self._region, self._hint = writer, region, hint

    def __call__(self, event: Event) -> Answer:
        """The writer's answer."""
        answer = self._writer(event)
        if answer.status == 200 and answer.body.get("region") == self._region:
            self._hint(str(answer.body["user"]))
        return answer


class Hints:
    """Wakes the worker without waiting for what it does."""

    def __init__(self, functions: Any, worker: str) -> None:
        self._functions, self._worker = functions, worker

    def __call__(self, user: str) -> None:
        """One user has a new command."""
        with contextlib.suppress(BotoCoreError, ClientError):  # found by the clock: the write is accepted either way
            self._functions.invoke(
                FunctionName=self._worker, InvocationType="Event", Payload=json.dumps({"users": [user]}).encode()
            )


class Writers:
    """A writer for each kind of write there is."""

    def __init__(self, writers: Mapping[str, Callable[[Event], Answer]]) -> None:
        self._writers = writers

    def __call__(self, event: Event) -> Answer:
        """By the resource that was asked for."""
        writer = self._writers.get(str(event.get("resource")))
        return writer(event) if writer else Answer(404, {"error": "there is nothing to write here"})


@functools.cache
def writers() -> Guarded:
    """The container's writers, as its region has it."""
    ssm = client("ssm", os.environ["AWS_REGION"], **ADDRESS)
    settings, rights = Settings.of(told(os.environ, ssm)), Rights.of(os.environ)
    address = Parameter(ssm, settings.suffix, PEER_API)
    dynamodb = client("dynamodb", settings.region, **STORE)
    own: dict[str, Any] = {"pens": settings.pens_table, "fences": settings.fences}
    states = StateTables(dynamodb, state=settings.state_table, **own)
    commands = CommandTables(dynamodb, commands=settings.commands_table, **own)
    hints = Hints(client("lambda", settings.region, **HINT), settings.worker)
    entitled = peers(rights.authorizer, HttpPeer(Kept(address, time.monotonic), PEER_CONNECT, PEER_READ))
    chance = random.SystemRandom().random
    how: dict[str, Any] = {"peers": entitled, "rules": settings.rules, "clock": time.time, "sleep": time.sleep, "chance": chance}
    made: dict[str, Callable[[Event], Answer]] = {
        "/state/{user}/{view}": Writer(request.write, store=states, **how),
        "/commands/{user}/{number}": Hinted(Writer(request.command, store=commands, **how), settings.region, hints),
    }
    return Guarded(rights, Writers(made))


def handler(event: Event, context: object) -> dict[str, Any]:  # noqa: ARG001 - Lambda hands it in
    """Lambda's way in."""
    return handled(event, writers, os.environ)
