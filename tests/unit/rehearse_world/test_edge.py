"""The edge repeats what CloudFront repeats, and nothing else."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest
from aiohttp import web
from tests.unit.rehearse_world.servers import until, upstream

from landbridge.model.region import Region
from landbridge.model.wire import PROBE_HEADER
from landbridge.rehearse.emulator.ministack import free_port
from landbridge.rehearse.fabric.addresses import Addresses
from landbridge.rehearse.fabric.dns import Record, Resolver
from landbridge.rehearse.fabric.edge import LEFT, VIEWER_HEADER, Edge, Origin, Served

NAME = "origin.trading.example"
HOST = "ab12.execute-api.eu-central-1.amazonaws.com"
TARGET = Region("eu-central-1")


Running = AsyncIterator[tuple[str, aiohttp.ClientSession]]


@asynccontextmanager
async def edge_to(url: str, served: list[Served], answer_seconds: float = 5.0) -> Running:
    """An edge whose origin is the target's API, and a viewer."""
    resolver = Resolver(50, 1, lambda _: True, lambda: 0.0)
    resolver.zone = {NAME: [Record(NAME, HOST, 5)]}
    edge = Edge(Origin(NAME, answer_seconds=answer_seconds), resolver, Addresses({TARGET: url}), served.append)
    await edge.start()
    try:
        async with aiohttp.ClientSession(headers={VIEWER_HEADER: "trader-1"}) as viewer:
            yield edge.url, viewer
    finally:
        await edge.stop()


async def cut(request: web.BaseRequest, _: bytes) -> web.StreamResponse:
    """Takes the request and drops the connection."""
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


async def silent(_: web.BaseRequest, __: bytes) -> web.StreamResponse:
    """Never answers."""
    await asyncio.sleep(30)
    return web.Response()


def test_a_request_reaches_the_regions_api_and_is_noted() -> None:
    """Path, host and body arrive as the API expects them; probes are told from users."""
    served: list[Served] = []

    async def run() -> None:
        async with upstream() as behind, edge_to(behind.url, served) as (url, viewer):
            async with viewer.put(f"{url}/state/u/v%20w", data=b"{}") as answer:
                said = await answer.json()
                assert (answer.status, said["path"], said["host"], said["body"]) == (201, "/live/state/u/v%20w", HOST, "{}")
            await viewer.get(f"{url}/health", headers={PROBE_HEADER: "1"})

    asyncio.run(run())
    assert [(one.region, one.method, one.status, one.attempts, one.probe) for one in served] == [
        (TARGET, "PUT", 201, 1, False),
        (TARGET, "GET", 201, 1, True),
    ]


@pytest.mark.parametrize(("method", "heard"), [("GET", 3), ("HEAD", 3), ("PUT", 1), ("POST", 1), ("DELETE", 1)])
def test_a_broken_connection_is_repeated_for_reads_only(method: str, heard: int) -> None:
    """What was sent might have been carried out: only GET and HEAD are sent again, three times in all."""
    served: list[Served] = []

    async def run() -> None:
        async with upstream(cut) as behind, edge_to(behind.url, served) as (url, viewer):
            assert (await viewer.request(method, f"{url}/x", data=b"{}" if method in {"PUT", "POST"} else None)).status == 502
            assert len(behind.heard) == heard

    asyncio.run(run())
    assert served[0].attempts == heard


@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_a_refused_connection_is_tried_three_times_whatever_the_method(method: str) -> None:
    """Nothing was sent, so nothing can be done twice."""
    served: list[Served] = []

    async def run() -> int:
        async with edge_to(f"http://127.0.0.1:{free_port()}", served) as (url, viewer):
            return (await viewer.request(method, f"{url}/x")).status

    assert asyncio.run(run()) == 502
    assert served[0].attempts == 3


@pytest.mark.parametrize(("method", "attempts"), [("GET", 3), ("PUT", 1)])
def test_no_answer_in_time_is_504(method: str, attempts: int) -> None:
    """Reads are tried again, writes never."""
    served: list[Served] = []

    async def run() -> int:
        async with upstream(silent) as behind, edge_to(behind.url, served, 0.1) as (url, viewer):
            return (await viewer.request(method, f"{url}/x")).status

    assert asyncio.run(run()) == 504
    assert served[0].attempts == attempts


def test_a_read_that_works_the_second_time_is_answered() -> None:
    """The viewer never hears of the first try."""
    served: list[Served] = []

    async def run() -> int:
        async with upstream() as behind, edge_to(behind.url, served) as (url, viewer):

            async def second(request: web.BaseRequest, body: bytes) -> web.StreamResponse:
                return await cut(request, body) if len(behind.heard) == 1 else web.Response(text="yes")

            behind.handler = second
            return (await viewer.get(f"{url}/x")).status

    assert asyncio.run(run()) == 200
    assert served[0].attempts == 2


def test_an_origins_own_error_is_handed_on_untried() -> None:
    """A 503 is an answer."""
    served: list[Served] = []

    async def busy(_: web.BaseRequest, __: bytes) -> web.StreamResponse:
        return web.Response(status=503, headers={"Retry-After": "1"})

    async def run() -> None:
        async with upstream(busy) as behind, edge_to(behind.url, served) as (url, viewer):
            answer = await viewer.get(f"{url}/x")
            assert (answer.status, answer.headers["Retry-After"], len(behind.heard)) == (503, "1", 1)

    asyncio.run(run())


def test_a_name_that_leads_nowhere_is_502() -> None:
    """No record, or a record for no region of this world."""
    served: list[Served] = []

    async def run() -> None:
        resolver = Resolver(50, 1, lambda _: True, lambda: 0.0)
        edge = Edge(Origin(NAME), resolver, Addresses({}), served.append)
        await edge.start()
        async with aiohttp.ClientSession() as viewer:
            assert (await viewer.get(edge.url)).status == 502
            resolver.zone = {NAME: [Record(NAME, HOST, 5)]}
            assert (await viewer.get(edge.url)).status == 502
        await edge.stop()

    asyncio.run(run())
    assert [(one.region, one.attempts) for one in served] == [(None, 0), (None, 0)]


def test_a_viewer_who_leaves_is_noted() -> None:
    """Nobody is missing from the account."""
    served: list[Served] = []

    async def run() -> None:
        async with upstream(silent) as behind, edge_to(behind.url, served) as (url, viewer):
            leaver = asyncio.create_task(viewer.get(f"{url}/x"))
            await until(lambda: behind.inside == 1)
            leaver.cancel()
            await until(lambda: bool(served))

    asyncio.run(run())
    assert served[0].status == LEFT
