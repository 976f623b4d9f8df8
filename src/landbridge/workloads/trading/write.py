"""The write function: PUT /state/{user}/{view}. Its own function, so that held writes never starve reads."""

import functools
import os
import random
import sys
import time
from typing import Any

from landbridge.workloads.trading import request
from landbridge.workloads.trading.aws import client
from landbridge.workloads.trading.peer import HttpPeer, PeerAddress
from landbridge.workloads.trading.ports import Answer, Chance, Clock, Rules, Sleep
from landbridge.workloads.trading.request import Event
from landbridge.workloads.trading.response import respond
from landbridge.workloads.trading.settings import PeerParameter, Settings, told
from landbridge.workloads.trading.state import Peer, Store
from landbridge.workloads.trading.tables import StateTables
from landbridge.workloads.trading.writing import Routes, accept

STORE = {"connect": 1.0, "read": 2.0}
PARAMETER = {"connect": 0.5, "read": 0.5}
PEER = {"connect": 0.8, "read": 3.0}  # with the parameter 4.8 s: the hold and one more act stay within the function's 25 s


class Writer:
    """Everything a write needs, made once for the life of the function's container."""

    def __init__(self, *, store: Store, peer: Peer, rules: Rules, clock: Clock, sleep: Sleep, chance: Chance) -> None:
        self._store, self._peer, self._rules = store, peer, rules
        self._clock, self._sleep, self._chance = clock, sleep, chance
        self._routes = Routes(store, rules, clock)

    def __call__(self, event: Event) -> Answer:
        """The answer to one PUT."""
        return accept(
            request.write(event),
            hop=request.hopped(event),
            store=self._store,
            routes=self._routes,
            peer=self._peer,
            rules=self._rules,
            clock=self._clock,
            sleep=self._sleep,
            chance=self._chance,
        )


@functools.cache
def writer() -> Writer:
    """The container's writer, as its region has it."""
    ssm = client("ssm", os.environ["AWS_REGION"], **PARAMETER)
    settings = Settings.of(told(os.environ, ssm))
    parameter = PeerParameter(ssm, settings.suffix)
    dynamodb = client("dynamodb", settings.region, **STORE)
    store = StateTables(dynamodb, state=settings.state_table, pens=settings.pens_table, fences=settings.fences)
    peer = HttpPeer(PeerAddress(parameter, time.monotonic), **PEER)
    chance = random.SystemRandom().random
    return Writer(store=store, peer=peer, rules=settings.rules, clock=time.time, sleep=time.sleep, chance=chance)


def handler(event: Event, context: object) -> dict[str, Any]:  # noqa: ARG001 - Lambda hands it in
    """Lambda's way in."""
    return respond(event, writer, region=os.environ.get("AWS_REGION", ""), log=sys.stderr)
