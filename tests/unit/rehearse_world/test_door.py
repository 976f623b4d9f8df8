"""The front door changes nothing while it is open, and is the outage when it is not."""

import asyncio
import json
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from botocore.exceptions import ClientError
from tests.unit.rehearse_world.servers import Upstream, until, upstream

from landbridge.aws.clients import Clients, Timeouts, said
from landbridge.model.region import Region
from landbridge.model.wire import HOP_HEADER, PROBE_HEADER
from landbridge.rehearse.emulator import door as door_module
from landbridge.rehearse.emulator.bulkhead import Bulkhead, Lane
from landbridge.rehearse.emulator.conditions import Conditions, Doorway
from landbridge.rehearse.emulator.door import FrontDoor
from landbridge.rehearse.emulator.hooks import Hooks

HOME = Region("us-east-1")
API = "/restapis/ab12/live/_user_request_/state/u/v"


Opened = AsyncIterator[tuple[FrontDoor, aiohttp.ClientSession]]


@asynccontextmanager
async def opened(behind: Upstream, hooks: Hooks | None = None, slots: int = 2) -> Opened:
    """A door in front of an upstream, and a client."""
    door = FrontDoor(HOME, Bulkhead(slots, slots), random.Random(7), hooks)
    await door.start()
    door.upstream = behind.url
    try:
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as client:
            yield door, client
    finally:
        await door.stop()


def test_a_call_passes_unchanged() -> None:
    """Method, raw path, host, body, status and headers arrive as they were sent."""

    async def run() -> None:
        async with upstream() as behind, opened(behind) as (door, client):
            async with client.put(f"{door.url}/a%2Fb?c=%20d", data=b"\x00body") as answer:
                heard = await answer.json()
                assert (answer.status, answer.headers["x-kept"]) == (201, "yes")
            assert heard["path"] == "/a%2Fb?c=%20d"
            assert (heard["method"], heard["host"], heard["body"]) == ("PUT", f"127.0.0.1:{door.port}", "\x00body")

    asyncio.run(run())


def test_large_bodies_stream_both_ways() -> None:
    """A megabyte goes through whole."""
    size = 1_000_000

    async def mirror(_: web.BaseRequest, body: bytes) -> web.StreamResponse:
        return web.Response(body=body)

    async def run() -> None:
        async with upstream(mirror) as behind, opened(behind) as (door, client):
            answer = await client.post(door.url, data=b"x" * size)
            assert len(await answer.read()) == size

    asyncio.run(run())


def test_an_api_request_is_readdressed_and_counted_unless_it_is_a_probe() -> None:
    """Both addresses reach the API; probes are counted apart from users."""
    counted: list[tuple[str, int]] = []

    async def run() -> None:
        hooks = Hooks(count=lambda api, status, _: counted.append((api.rest, status)))
        async with upstream() as behind, opened(behind, hooks) as (door, client):
            host = {"Host": "ab12.execute-api.us-east-1.amazonaws.com"}
            await (await client.get(f"{door.url}/live/health", headers=host)).read()
            await (await client.get(f"{door.url}/live/probed", headers={**host, PROBE_HEADER: "1"})).read()
            await (await client.put(f"{door.url}{API}", data=b"{}")).read()
            base = "/restapis/ab12/live/_user_request_"
            assert behind.heard == [("GET", f"{base}/health"), ("GET", f"{base}/probed"), ("PUT", API)]

    asyncio.run(run())
    assert counted == [("/health", 201), ("/state/u/v", 201)]


def test_errors_hit_api_requests_only() -> None:
    """A share of 1 fails every API request, counts it as 500, and no call to AWS."""
    counted: list[int] = []

    async def run() -> None:
        hooks = Hooks(count=lambda _, status, __: counted.append(status))
        async with upstream() as behind, opened(behind, hooks) as (door, client):
            door.set(Conditions(errors=1.0))
            assert (await client.get(f"{door.url}{API}")).status == 500
            assert (await client.get(f"{door.url}/bucket/key")).status == 201
            assert behind.heard == [("GET", "/bucket/key")]

    asyncio.run(run())
    assert counted == [500]


def test_a_share_of_errors_is_a_share() -> None:
    """Roughly so many of a hundred, the same ones for the same seed."""

    async def run() -> list[int]:
        async with upstream() as behind, opened(behind) as (door, client):
            door.set(Conditions(errors=0.3))
            return [(await client.get(f"{door.url}{API}")).status for _ in range(100)]

    first, second = asyncio.run(run()), asyncio.run(run())
    assert first == second
    assert 15 < first.count(500) < 45


@pytest.mark.parametrize(
    ("service", "operation", "arguments", "code"),
    [
        ("dynamodb", "list_tables", {}, "ThrottlingException"),
        ("cloudwatch", "list_metrics", {}, "ThrottlingException"),
        ("cloudformation", "list_stacks", {}, "Throttling"),
        ("route53", "list_hosted_zones", {}, "Throttling"),
        ("s3", "list_buckets", {}, "SlowDown"),
        ("lambda", "list_functions", {}, "TooManyRequestsException"),
    ],
)
def test_throttling_speaks_the_services_own_protocol(service: str, operation: str, arguments: dict[str, Any], code: str) -> None:
    """The client reads the error it would read from AWS, and the emulator never hears of the call."""

    async def run() -> tuple[str, int]:
        async with upstream() as behind, opened(behind) as (door, _):
            door.set(Conditions(throttle=1.0))
            client = Clients({HOME: door.url}, timeouts=Timeouts(attempts=1)).client(service, HOME)
            with pytest.raises(ClientError) as refused:
                await asyncio.to_thread(getattr(client, operation), **arguments)
            assert (await aiohttp_status(f"{door.url}{API}")) == 429
            return said(refused.value), len(behind.heard)

    assert asyncio.run(run()) == (code, 0)


async def aiohttp_status(url: str) -> int:
    """What a plain GET is answered with."""
    async with aiohttp.ClientSession() as client, client.get(url) as answer:
        return answer.status


def test_a_cut_doorway_drops_connections_and_an_unavailable_one_answers_503() -> None:
    """Neither lets anything through; opening it again does."""

    async def run() -> None:
        async with upstream() as behind, opened(behind) as (door, client):
            door.set(Conditions(doorway=Doorway.CUT))
            with pytest.raises(aiohttp.ClientError):
                await client.post(door.url, data=b"x")
            door.set(Conditions(doorway=Doorway.UNAVAILABLE))
            assert (await client.get(door.url)).status == 503
            assert behind.heard == []
            door.set(Conditions())
            assert (await client.get(door.url)).status == 201

    asyncio.run(run())


def test_a_silent_doorway_never_answers_what_it_took() -> None:
    """The request hangs until the conditions change, and is dropped then, not served late."""

    async def run() -> None:
        async with upstream() as behind, opened(behind) as (door, client):
            door.set(Conditions(doorway=Doorway.SILENT))
            hanging = asyncio.create_task(client.post(door.url, data=b"x"))
            await asyncio.sleep(0.2)
            assert not hanging.done()
            door.set(Conditions())
            with pytest.raises(aiohttp.ClientError):
                await hanging
            assert behind.heard == []

    asyncio.run(run())


def test_an_answer_on_its_way_is_lost_with_the_region() -> None:
    """What was already inside when the doorway closes is carried out, but nobody hears of it."""
    release = asyncio.Event()

    async def slow(_: web.BaseRequest, __: bytes) -> web.StreamResponse:
        await release.wait()
        return web.Response(text="done")

    async def run() -> None:
        async with upstream(slow) as behind, opened(behind) as (door, client):
            write = asyncio.create_task(client.put(f"{door.url}{API}", data=b"{}"))
            call = asyncio.create_task(client.post(door.url, data=b"{}"))
            await until(lambda: len(behind.heard) == 2)
            door.set(Conditions(doorway=Doorway.CUT))
            release.set()
            results = await asyncio.gather(write, call, return_exceptions=True)
            assert all(isinstance(result, aiohttp.ClientError) for result in results)

    asyncio.run(run())


def test_a_delay_delays() -> None:
    """Every request takes at least that long."""

    async def run() -> float:
        async with upstream() as behind, opened(behind) as (door, client):
            door.set(Conditions(delay=0.2))
            began = asyncio.get_running_loop().time()
            await client.get(f"{door.url}{API}")
            return asyncio.get_running_loop().time() - began

    assert asyncio.run(run()) >= 0.2


def test_api_requests_queue_and_forwarded_ones_pass_by() -> None:
    """No more at once than there are places; a client that leaves the queue is never served; hops have their own lane."""
    release = asyncio.Event()

    async def slow(_: web.BaseRequest, __: bytes) -> web.StreamResponse:
        await release.wait()
        return web.Response(text="done")

    async def run() -> None:
        async with upstream(slow) as behind, opened(behind, slots=2) as (door, client):
            inside = [asyncio.create_task(client.put(f"{door.url}{API}")) for _ in range(2)]
            await until(lambda: behind.inside == 2)
            queued = [asyncio.create_task(client.put(f"{door.url}{API}")) for _ in range(2)]
            await until(lambda: door._bulkhead.waiting(Lane.WRITES) == 2)
            queued[0].cancel()
            await until(lambda: door._bulkhead.waiting(Lane.WRITES) == 1)
            hop = asyncio.create_task(client.put(f"{door.url}{API}", headers={HOP_HEADER: "1"}))
            await until(lambda: behind.inside == 3)
            release.set()
            answers = await asyncio.gather(*inside, queued[1], hop)
            assert [answer.status for answer in answers] == [200] * 4
            assert len(behind.heard) == 4

    asyncio.run(run())


def test_who_is_inside_is_served_to_the_end_though_nobody_waits() -> None:
    """A client that leaves keeps its place taken until the function behind it is done."""
    release = asyncio.Event()

    async def slow(_: web.BaseRequest, __: bytes) -> web.StreamResponse:
        await release.wait()
        return web.Response(text="done")

    async def run() -> None:
        async with upstream(slow) as behind, opened(behind, slots=1) as (door, client):
            leaver = asyncio.create_task(client.get(f"{door.url}{API}"))
            await until(lambda: behind.inside == 1)
            leaver.cancel()
            await asyncio.sleep(0.2)
            assert (door._bulkhead.inside(Lane.READS), behind.inside) == (1, 1)
            release.set()
            await until(lambda: door._bulkhead.inside(Lane.READS) == 0)

    asyncio.run(run())


def test_a_function_that_takes_too_long_is_504(monkeypatch: pytest.MonkeyPatch) -> None:
    """API Gateway gives up on its integration."""
    monkeypatch.setattr(door_module, "API_SECONDS", 0.1)

    async def never(_: web.BaseRequest, __: bytes) -> web.StreamResponse:
        await asyncio.sleep(5)
        return web.Response()

    async def run() -> int:
        async with upstream(never) as behind, opened(behind) as (door, client):
            return (await client.get(f"{door.url}{API}")).status

    assert asyncio.run(run()) == 504


def test_no_emulator_behind_is_503() -> None:
    """Calls and API requests alike, and nothing is tried twice."""

    async def run() -> list[int]:
        async with upstream() as behind, opened(behind) as (door, client):
            door.upstream = "http://127.0.0.1:1"
            return [(await client.get(f"{door.url}{path}")).status for path in ("/x", API)]

    assert asyncio.run(run()) == [503, 503]


@pytest.mark.parametrize(("method", "path"), [("GET", "/x"), ("PUT", API), ("DELETE", "/x"), ("POST", "/x")])
def test_a_broken_answer_is_not_asked_for_again(method: str, path: str) -> None:
    """The door sends each request once, whatever the method."""

    async def cut(request: web.BaseRequest, _: bytes) -> web.StreamResponse:
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    async def run() -> int:
        async with upstream(cut) as behind, opened(behind) as (door, client):
            assert (await client.request(method, f"{door.url}{path}")).status == 503
            return len(behind.heard)

    assert asyncio.run(run()) == 1


def test_descriptions_of_tables_are_corrected() -> None:
    """The hook sees DescribeTable's answer and nothing else's; the sum over the old body is not passed on."""

    async def table(_: web.BaseRequest, __: bytes) -> web.StreamResponse:
        return web.json_response({"Table": {"TableName": "t"}}, headers={"x-amz-crc32": "1"})

    async def run() -> None:
        hooks = Hooks(describe=lambda table: {**table, "TableStatus": "CREATING"})
        async with upstream(table) as behind, opened(behind, hooks) as (door, client):
            described = await client.post(door.url, headers={"X-Amz-Target": "DynamoDB_20120810.DescribeTable"}, data=b"{}")
            assert (await described.json())["Table"]["TableStatus"] == "CREATING"
            assert "x-amz-crc32" not in described.headers
            other = await client.post(door.url, headers={"X-Amz-Target": "DynamoDB_20120810.GetItem"}, data=b"{}")
            assert (await other.json())["Table"] == {"TableName": "t"}

    asyncio.run(run())


def test_a_copy_that_only_the_other_emulator_knows_is_dropped_here() -> None:
    """Any other change of a table is the emulator's, body and all."""

    async def table(_: web.BaseRequest, body: bytes) -> web.StreamResponse:
        return web.json_response({"TableDescription": {"asked": body.decode()}})

    def drop(table: str, region: str) -> dict[str, str] | None:
        return {"TableName": table} if region == "us-east-1" else None

    async def run() -> None:
        async with upstream(table) as behind, opened(behind, Hooks(drop=drop)) as (door, client):
            for region, said in (("us-east-1", {"TableName": "t"}), ("eu-west-3", None)):
                asked = json.dumps({"TableName": "t", "ReplicaUpdates": [{"Delete": {"RegionName": region}}]})
                update = {"X-Amz-Target": "DynamoDB_20120810.UpdateTable"}
                answer = await (await client.post(door.url, headers=update, data=asked)).read()
                assert json.loads(answer)["TableDescription"] == (said or {"asked": asked})
            assert len(behind.heard) == 1

    asyncio.run(run())


SIGNED = "AWS4-HMAC-SHA256 Credential=any/20260101/{}/kinesis/aws4_request, SignedHeaders=host"


@asynccontextmanager
async def abroad(here: Upstream, there: Upstream) -> AsyncIterator[tuple[FrontDoor, FrontDoor, aiohttp.ClientSession]]:
    """A door here that knows one there, and that one."""
    async with opened(there) as (other, client), opened(here, Hooks(abroad={"eu-central-1": other.url})) as (door, _):
        yield door, other, client


def test_a_call_that_is_signed_for_another_region_goes_to_its_door() -> None:
    """As a function's client of that region would; signed for this one, it stays."""

    async def run() -> None:
        async with upstream() as here, upstream() as there, abroad(here, there) as (door, _, client):
            for region, behind in (("eu-central-1", there), ("us-east-1", here)):
                said = {"Authorization": SIGNED.format(region)}
                async with client.post(f"{door.url}/", data=b"x", headers=said) as answer:
                    assert (answer.status, (await answer.json())["body"]) == (201, "x")
                assert behind.heard == [("POST", "/")]

    asyncio.run(run())


def test_a_call_abroad_finds_the_other_door_shut() -> None:
    """An outage there is one for those who call from here."""

    async def run() -> None:
        async with upstream() as behind, abroad(behind, behind) as (door, other, client):
            other.set(Conditions(doorway=Doorway.UNAVAILABLE))
            said = {"Authorization": SIGNED.format("eu-central-1")}
            async with client.post(f"{door.url}/", data=b"x", headers=said) as answer:
                assert (answer.status, behind.heard) == (503, [])

    asyncio.run(run())
