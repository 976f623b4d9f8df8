"""The read function: GET /health and GET /state/{user}/{view}."""

import functools
import os
import sys
import time
from typing import Any

from landbridge.workloads.trading import request
from landbridge.workloads.trading.aws import client
from landbridge.workloads.trading.peer import HttpPeer, PeerAddress
from landbridge.workloads.trading.ports import Answer, Clock
from landbridge.workloads.trading.reading import Copy, Other, show
from landbridge.workloads.trading.request import Event
from landbridge.workloads.trading.response import respond
from landbridge.workloads.trading.settings import PeerParameter, Settings, told
from landbridge.workloads.trading.tables import StateTables

CONNECT, READ = 0.5, 0.8  # the own tables, which are near
PEER_READ = 2.0  # the other region is asked when the own copy is behind; with a quick own answer it fits into 3 s


class Reader:
    """Everything a read needs, made once for the life of the function's container."""

    def __init__(self, *, region: str, copy: Copy, other: Other, clock: Clock) -> None:
        self.region, self._copy, self._other, self._clock = region, copy, other, clock

    def __call__(self, event: Event) -> Answer:
        """The answer to one GET."""
        if event.get("resource") == "/health":
            return self._health()
        user, view = request.key(event)
        return show(
            user, view, request.seen(event), hop=request.hopped(event), copy=self._copy, other=self._other, region=self.region
        )

    def _health(self) -> Answer:
        self._copy.current("~health", "~health")
        body = {"region": self.region, "now": self._clock(), "table": self._copy.why or "ok"}
        return Answer(503 if self._copy.why else 200, body, why=self._copy.why)


@functools.cache
def reader() -> Reader:
    """The container's reader, as its region has it."""
    ssm = client("ssm", os.environ["AWS_REGION"], connect=CONNECT, read=READ)
    settings = Settings.of(told(os.environ, ssm))
    parameter = PeerParameter(ssm, settings.suffix)
    dynamodb = client("dynamodb", settings.region, connect=CONNECT, read=READ)
    tables = StateTables(dynamodb, state=settings.state_table, pens=settings.pens_table, fences=settings.fences)
    other = HttpPeer(PeerAddress(parameter, time.monotonic), CONNECT, PEER_READ)
    return Reader(region=settings.region, copy=tables, other=other, clock=time.time)


def handler(event: Event, context: object) -> dict[str, Any]:  # noqa: ARG001 - Lambda hands it in
    """Lambda's way in."""
    return respond(event, reader, region=os.environ.get("AWS_REGION", ""), log=sys.stderr)
