"""What a region answers reaches the pollers in words they treat differently."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from aiohttp import web
from tests.unit.rehearse_world.servers import Upstream, upstream

from landbridge.model.errors import Refused, Unreachable
from landbridge.model.region import Region
from landbridge.rehearse.emulator.mappings import DeployedMappings
from landbridge.rehearse.fabric.event_source.ports import Ports
from landbridge.rehearse.fabric.event_source.record import Place
from landbridge.rehearse.fabric.event_source.region import Calls, ports

STREAM = "arn:aws:kinesis:eu-central-1:000000000000:stream/live"


def against(answer: web.Response, use: Callable[[Ports, Upstream], Awaitable[None]]) -> None:
    """Uses the ports on a region that always answers this."""

    async def say(_request: web.BaseRequest, _body: bytes) -> web.StreamResponse:
        return web.Response(status=answer.status, headers=answer.headers, body=answer.body)

    async def run() -> None:
        async with upstream(say) as behind:
            calls = Calls(Region("eu-central-1"), behind.url)
            try:
                await use(ports(calls, DeployedMappings()), behind)
            finally:
                await calls.close()

    asyncio.run(run())


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (503, b"gone", Unreachable),
        (429, b"{}", Unreachable),
        (400, b'{"__type": "ProvisionedThroughputExceededException"}', Unreachable),
        (400, b'{"__type": "ExpiredIteratorException"}', Refused),
        (404, b"<html>", Refused),
    ],
)
def test_an_answer_is_either_a_no_or_none(status: int, body: bytes, error: type[Exception]) -> None:
    """Throttled and broken calls are asked again; a no is one."""

    async def use(region: Ports, _behind: Upstream) -> None:
        with pytest.raises(error):
            await region.streams.iterator(STREAM, "shardId-000000000000", Place())

    against(web.Response(status=status, body=body), use)


def test_a_region_that_is_not_there_is_unreachable() -> None:
    """For calls; for an invocation it is an outcome that comes again."""

    async def run() -> None:
        calls = Calls(Region("eu-central-1"), "http://127.0.0.1:1")
        region = ports(calls, DeployedMappings())
        try:
            with pytest.raises(Unreachable):
                await region.streams.shards(STREAM)
            assert (await region.functions.invoke("f", {})).refused
        finally:
            await calls.close()

    asyncio.run(run())


def test_a_functions_error_is_told_from_its_answer() -> None:
    """By the header; the answer is JSON, and text where it is not."""

    async def failed(region: Ports, behind: Upstream) -> None:
        outcome = await region.functions.invoke("arn:aws:lambda:eu-central-1:0:function:f:live", {"Records": []})
        assert (outcome.error, outcome.answer, outcome.refused) == ("Unhandled", None, "")
        path = "/2015-03-31/functions/arn%3Aaws%3Alambda%3Aeu-central-1%3A0%3Afunction%3Af%3Alive/invocations"
        assert behind.heard == [("POST", path)]

    async def odd(region: Ports, _behind: Upstream) -> None:
        outcome = await region.functions.invoke("f", {})
        assert (outcome.error, outcome.answer, outcome.version) == ("", "fine", "3")

    async def throttled(region: Ports, _behind: Upstream) -> None:
        assert (await region.functions.invoke("f", {})).refused == "429"

    against(web.Response(body=b'{"errorMessage": "x"}', headers={"X-Amz-Function-Error": "Unhandled"}), failed)
    against(web.Response(body=b"fine", headers={"X-Amz-Executed-Version": "3"}), odd)
    against(web.Response(status=429, body=b"{}"), throttled)


def test_closed_and_child_shards_are_told_as_such() -> None:
    """They are what resharding leaves behind."""
    closed = b'{"ShardId": "a", "SequenceNumberRange": {"StartingSequenceNumber": "1", "EndingSequenceNumber": "2"}}'
    child = b'{"ShardId": "b", "ParentShardId": "a", "SequenceNumberRange": {"StartingSequenceNumber": "3"}}'

    async def use(region: Ports, _behind: Upstream) -> None:
        first, second = await region.streams.shards(STREAM)
        assert (first.closed, first.parent, second.closed, second.parent) == (True, "", False, "a")

    against(web.Response(body=b'{"Shards": [' + closed + b"," + child + b"]}"), use)
