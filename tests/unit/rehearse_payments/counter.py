"""A payments service in one region as its customers see it, with a border and whims, behind a real server."""

import itertools
import json
from collections import Counter, deque
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from landbridge.model.region import Region
from landbridge.model.wire import REGION_HEADER
from landbridge.rehearse.fabric.edge import VIEWER_HEADER
from landbridge.rehearse.payments.balancer import COUNTRY_HEADER
from landbridge.workloads.payments.payment import payment_id

Body = dict[str, Any]


@dataclass
class Shelf:
    """What both regions' services share: sessions, payments and files."""

    sessions: dict[str, str] = field(default_factory=dict)
    payments: dict[str, Body] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    numbers: "itertools.count[int]" = field(default_factory=itertools.count)


@dataclass
class Service:
    """`whims` are taken one a request: a status to answer with, 0 to hang up, 1 to do what is asked and then hang up."""

    region: Region
    shelf: Shelf
    blocked: frozenset[str] = frozenset()
    url: str = ""
    whims: deque[int] = field(default_factory=deque)
    came: Counter[str] = field(default_factory=Counter)
    lies: Body = field(default_factory=dict)
    signed: list[str] = field(default_factory=list)

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        """One request."""
        self.came[f"{request.method} {request.path.split('/')[1]}"] += 1
        if request.headers.get(COUNTRY_HEADER, "") in self.blocked:
            return web.Response(status=403)
        whim = self.whims.popleft() if self.whims else None
        if whim == 0:
            return self._hang_up(request)
        if whim and whim > 1:
            return self._said(whim, {"error": "a whim"})
        status, body = self._done(request, await request.read())
        return self._hang_up(request) if whim == 1 else self._said(status, {**body, **self.lies})

    def _hang_up(self, request: web.BaseRequest) -> web.Response:
        if request.transport:
            request.transport.abort()
        return web.Response()

    def _said(self, status: int, body: Body) -> web.Response:
        return web.json_response(body, status=status, headers={REGION_HEADER: self.region})

    def _done(self, request: web.BaseRequest, sent: bytes) -> tuple[int, Body]:
        customer = request.headers.get(VIEWER_HEADER, "")
        known = self.shelf.sessions.get(request.headers.get("authorization", "").removeprefix("Bearer "))
        match request.method, request.path.strip("/").split("/"):
            case "PUT", ["files", name]:
                self.shelf.files[name] = sent
                told: tuple[int, Body] = 200, {}
            case "POST", ["session"]:
                self.signed.append(request.headers["authorization"])
                told = 201, {"session": self._begun(customer), "customer": customer}
            case _ if known != customer:
                told = 401, {"error": "no session"}
            case "GET", ["session"]:
                told = 200, {"customer": customer}
            case "POST", ["payments"]:
                told = self._paid(payment_id(customer, request.headers["idempotency-key"]), json.loads(sent))
            case "GET", ["payments", payment]:
                told = _found(self.shelf.payments.get(payment))
            case "POST", ["uploads"]:
                name = f"u-{next(self.shelf.numbers)}"
                told = 201, {"upload": name, "put": {"url": f"{self.url}/files/{name}", "headers": {}}}
            case _, [_, name]:
                told = _found({"upload": name} if name in self.shelf.files else None)
        return told

    def _begun(self, customer: str) -> str:
        token = f"token-{next(self.shelf.numbers)}"
        self.shelf.sessions[token] = customer
        return token

    def _paid(self, payment: str, asked: Body) -> tuple[int, Body]:
        made = {"payment": payment, "state": "received", "amount": asked["amount"], "currency": asked["currency"]}
        if self.shelf.payments.setdefault(payment, made) != made:
            return 409, {"error": "another"}
        return 202, made


def _found(found: Body | None) -> tuple[int, Body]:
    return (200, found) if found else (404, {"error": "none"})
