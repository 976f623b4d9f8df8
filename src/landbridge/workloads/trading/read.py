"""The read function: health, state, commands and the market, each from this region's own copies."""

import functools
import os
import time
from collections.abc import Callable
from typing import Any

from landbridge.model.wire import PEER_API
from landbridge.workloads.aws import client
from landbridge.workloads.trading import reading, request
from landbridge.workloads.trading.command_tables import CommandTables
from landbridge.workloads.trading.dashboards import Market, dashboard
from landbridge.workloads.trading.entitled import peers
from landbridge.workloads.trading.market_view import MarketView
from landbridge.workloads.trading.peer import HttpPeer
from landbridge.workloads.trading.ports import Answer, Clock
from landbridge.workloads.trading.reading import Copy, Orders, Other, View, show
from landbridge.workloads.trading.request import Event
from landbridge.workloads.trading.response import handled
from landbridge.workloads.trading.rights import Guarded, Rights
from landbridge.workloads.trading.settings import Kept, Parameter, Settings, told
from landbridge.workloads.trading.tables import StateTables

CONNECT, READ = 0.5, 0.8  # the own tables, which are near
MARKET = frozenset({"/search", "/series/{symbol}", "/signals/{symbol}", "/snapshot"})
PEER_READ = 2.0  # the other region is asked when the own copy is behind; with a quick own answer it fits into 3 s


class Reader:
    """Everything a read needs, made once for the life of the function's container."""

    def __init__(
        self, *, region: str, copy: Copy, orders: Orders, market: Market, others: Callable[[Event], Other], clock: Clock
    ) -> None:
        self.region, self._copy, self._orders, self._market = region, copy, orders, market
        self._others, self._clock = others, clock

    def __call__(self, event: Event) -> Answer:
        """The answer to one GET."""
        resource = event.get("resource")
        if resource == "/health":
            return self._health()
        if resource in MARKET:
            return dashboard(event, self._market, self.region)
        return show(self._view(event), request.seen(event), hop=request.hopped(event), other=self._others(event))

    def _view(self, event: Event) -> View:
        match event.get("resource"):
            case "/commands/{user}":
                return reading.commands(request.user(event), orders=self._orders, region=self.region)
            case "/commands/{user}/{number}":
                user, number = request.numbered(event)
                return reading.command(user, number, orders=self._orders, region=self.region)
            case _:
                user, view = request.key(event)
                return reading.state(user, view, copy=self._copy, region=self.region)

    def _health(self) -> Answer:
        self._copy.current("~health", "~health")
        body = {"region": self.region, "now": self._clock(), "table": self._copy.why or "ok"}
        return Answer(503 if self._copy.why else 200, body, why=self._copy.why)


@functools.cache
def reader() -> Guarded:
    """The container's reader, as its region has it."""
    ssm = client("ssm", os.environ["AWS_REGION"], connect=CONNECT, read=READ)
    settings, rights = Settings.of(told(os.environ, ssm)), Rights.of(os.environ)
    peer = Parameter(ssm, settings.suffix, PEER_API)
    dynamodb = client("dynamodb", settings.region, connect=CONNECT, read=READ)
    own: dict[str, Any] = {"pens": settings.pens_table, "fences": settings.fences}
    state = StateTables(dynamodb, state=settings.state_table, **own)
    orders = CommandTables(dynamodb, commands=settings.commands_table, **own)
    others = peers(rights.authorizer, HttpPeer(Kept(peer, time.monotonic), CONNECT, PEER_READ))
    market = MarketView(dynamodb, settings.analytics_table, settings.region)
    made = Reader(region=settings.region, copy=state, orders=orders, market=market, others=others, clock=time.time)
    return Guarded(rights, made)


def handler(event: Event, context: object) -> dict[str, Any]:  # noqa: ARG001 - Lambda hands it in
    """Lambda's way in."""
    return handled(event, reader, os.environ)
