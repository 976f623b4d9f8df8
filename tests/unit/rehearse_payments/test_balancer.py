"""The balancer does what its deployed listeners say, asks only targets that are well, and sends nothing twice."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from tests.unit.rehearse_payments.fronts import front

from landbridge.model.errors import BadInput
from landbridge.rehearse.emulator.listen import listen
from landbridge.rehearse.payments.balancer import Balancer, Passed
from landbridge.rehearse.payments.deployed import Listener, listener


@dataclass
class Server:
    """A target that says its name, is well or not, and may hang up."""

    name: str
    well: bool = True
    hangs_up: bool = False
    url: str = ""
    asked: list[web.BaseRequest] = field(default_factory=list)

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        """One request."""
        if request.path == "/health":
            return web.Response(status=200 if self.well else 500)
        self.asked.append(request)
        if self.hangs_up and request.transport:
            request.transport.abort()
        return web.Response(text=self.name)


@dataclass
class World:
    """A balancer, its targets, and a client."""

    balancer: Balancer
    servers: dict[str, Server]
    client: aiohttp.ClientSession
    passed: list[Passed]

    async def ask(self, path: str = "/payments", protocol: str = "HTTPS", **headers: str) -> tuple[int, str]:
        """Status and text of one answer."""
        url = self.balancer.url(protocol) + path
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        async with self.client.get(url, headers=sent, allow_redirects=False) as answer:
            return answer.status, answer.headers.get("location", "") or await answer.text()

    async def until(self, *well: str) -> None:
        """The balancer takes these to be well."""
        for _ in range(4000):
            if self.balancer.well() == sorted(self.servers[name].url for name in well):
                return
            await asyncio.sleep(0.005)
        raise AssertionError("it never came")


@contextlib.asynccontextmanager
async def world(*servers: Server, region: str = "us-east-2") -> AsyncIterator[World]:
    """Up, with its looks a thousand times as often as deployed."""
    async with contextlib.AsyncExitStack() as stack:
        passed = list[Passed]()
        balancer = Balancer(front(region), lambda: 0.0, passed.append, quicker=1000)
        for server in servers:
            server.url = f"http://127.0.0.1:{await listen(stack, server.answer)}"
        await balancer.start()
        stack.push_async_callback(balancer.stop)
        balancer.register(*(server.url for server in servers))
        client = await stack.enter_async_context(aiohttp.ClientSession())
        yield World(balancer, {server.name: server for server in servers}, client, passed)


def run(act: Callable[[World], Awaitable[Any]], *servers: Server, **how: str) -> Any:
    """An act in a world of its own."""

    async def done() -> Any:
        async with world(*servers, **how) as made:
            return await act(made)

    return asyncio.run(done())


def test_targets_that_are_well_are_asked_in_turn() -> None:
    """And the one that is not is left alone."""

    async def act(at: World) -> list[str]:
        await at.until("a", "b")
        return [(await at.ask())[1] for _ in range(4)]

    assert sorted(run(act, Server("a"), Server("b"), Server("c", well=False))) == ["a", "a", "b", "b"]


def test_a_target_that_falls_ill_is_left_and_comes_back() -> None:
    """After as many looks as deployed."""

    async def act(at: World) -> list[str]:
        await at.until("a", "b")
        at.servers["a"].well = False
        await at.until("b")
        told = [(await at.ask())[1] for _ in range(2)]
        at.servers["a"].well = True
        await at.until("a", "b")
        return told

    assert run(act, Server("a"), Server("b")) == ["b", "b"]


def test_where_none_is_well_all_are_asked_and_where_there_is_none_nobody() -> None:
    """As the real one fails open."""

    async def act(at: World) -> tuple[int, int]:
        ill = (await at.ask())[0]
        at.balancer.register()
        return ill, (await at.ask())[0]

    assert run(act, Server("a", well=False)) == (200, 503)


def test_a_target_that_hangs_up_is_not_asked_again() -> None:
    """It may have done what it was asked."""

    async def act(at: World) -> tuple[int, int]:
        await at.until("a")
        return (await at.ask())[0], len(at.servers["a"].asked)

    assert run(act, Server("a", hangs_up=True)) == (502, 1)


@pytest.mark.parametrize(("region", "status"), [("us-east-1", 200), ("us-east-2", 403)])
def test_a_blocked_country_is_refused_in_the_right_region_only(region: str, status: int) -> None:
    """Before anybody is asked, and it is told by which rule."""

    async def act(at: World) -> tuple[int, int, str | None]:
        await at.until("a")
        told = (await at.ask(cloudfront_viewer_country="BY"))[0]
        return told, len(at.servers["a"].asked), at.passed[-1].rule

    passed = status == 200
    assert run(act, Server("a"), region=region) == (status, int(passed), None if passed else "Countries")


def test_who_comes_by_http_is_sent_to_https() -> None:
    """With the path, and no target is asked."""

    async def act(at: World) -> tuple[tuple[int, str], int]:
        return await at.ask("/payments?a=1", "HTTP"), len(at.servers["a"].asked)

    assert run(act, Server("a")) == ((301, "https://127.0.0.1:443/payments?a=1"), 0)


def test_a_target_is_told_who_asked_and_how() -> None:
    """Behind whoever asked before."""

    async def act(at: World) -> list[str]:
        await at.until("a")
        await at.ask(x_viewer="10.0.0.9", x_forwarded_for="10.0.0.1")
        headers = at.servers["a"].asked[0].headers
        return [headers[f"x-forwarded-{name}"] for name in ("for", "proto", "port")]

    assert run(act, Server("a")) == ["10.0.0.1, 10.0.0.9", "https", "443"]


def test_a_listener_that_does_something_else_is_refused() -> None:
    """In a sentence."""
    assert listener({"Port": 443, "Protocol": "HTTPS", "DefaultActions": [{"Type": "forward"}]}) == Listener(443, "HTTPS")
    with pytest.raises(BadInput, match="fixed-response"):
        listener({"Port": 80, "Protocol": "HTTP", "DefaultActions": [{"Type": "fixed-response"}]})
