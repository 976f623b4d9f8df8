"""S3 at the front door: bodies are invited, writes noted whoever hears the answer, copies' fates told, jobs answered."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from tests.fakes import REGIONS, SOURCE, TARGET, Clock
from tests.unit.rehearse_world.s3_fake import FakeClients, FakeS3, copier
from tests.unit.rehearse_world.servers import upstream

from landbridge.aws.clients import Clients, Timeouts, said
from landbridge.rehearse.emulator.bulkhead import Bulkhead
from landbridge.rehearse.emulator.door import FrontDoor
from landbridge.rehearse.emulator.hooks import Hooks
from landbridge.rehearse.fabric.objects.agent import ObjectReplication
from landbridge.rehearse.fabric.objects.front import Front
from landbridge.rehearse.fabric.objects.jobs import Jobs
from landbridge.rehearse.fabric.objects.knobs import Knobs
from landbridge.rehearse.fabric.objects.ledger import Place, Status

SIGNED = {"Authorization": "AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/s3/aws4_request"}
RULE = {"Status": "Enabled", "Priority": 1, "Filter": {"Prefix": ""}, "Destination": {"Bucket": "arn:aws:s3:::there"}}


async def stored(_: web.BaseRequest, __: bytes) -> web.StreamResponse:
    """As an emulator answers that knows no other region."""
    return web.Response(headers={"x-amz-version-id": "v1", "x-amz-replication-status": "FAILED"})


async def cut(request: web.BaseRequest, _: bytes) -> web.StreamResponse:
    """The answer is lost."""
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


@asynccontextmanager
async def opened(handler: Any = stored) -> AsyncIterator[tuple[FrontDoor, ObjectReplication, aiohttp.ClientSession]]:
    """A door with an agent whose bucket has a rule."""
    fakes = {SOURCE: FakeS3({"here": {}}, {"here": {"Rules": [RULE]}}), TARGET: FakeS3({"there": {}})}
    agent = ObjectReplication(REGIONS, copier(FakeClients(fakes)), Clock(), Knobs(), random.Random(1))
    names = count(1)
    jobs = Jobs(agent, SOURCE, lambda: f"job-{next(names)}")
    door = FrontDoor(SOURCE, Bulkhead(1, 1), random.Random(1), Hooks(objects=Front(agent, SOURCE, jobs)))
    async with upstream(handler) as behind, aiohttp.ClientSession(headers=SIGNED) as client:
        door.upstream = behind.url
        await door.start()
        try:
            await client.put(f"{door.url}/here?replication", data=b"x")
            yield door, agent, client
        finally:
            await jobs.stop()
            await door.stop()


def test_a_body_that_waits_to_be_asked_for_is_asked_for() -> None:
    """boto3 would wait a second before each object otherwise."""

    async def run() -> float:
        async with opened() as (door, _, client):
            async with asyncio.timeout(30):
                answer = await client.put(f"{door.url}/here/k", data=b"body", expect100=True)
            return answer.status

    assert asyncio.run(run()) == 200


def test_the_emulators_own_word_on_copies_is_replaced_by_the_agents() -> None:
    """PENDING from the moment the write is answered; nothing for what no rule covers."""

    async def run() -> list[str | None]:
        async with opened() as (door, _, client):
            await client.put(f"{door.url}/here/k", data=b"1")
            paths = ("/here/k", "/other/k", "/here/k?versionId=v1")
            return [(await client.head(f"{door.url}{path}")).headers.get("x-amz-replication-status") for path in paths]

    assert asyncio.run(run()) == ["PENDING", None, "PENDING"]


def test_a_copy_is_known_by_its_header() -> None:
    """The agent's own writes are not noted, or they would be copied back."""

    async def run() -> dict[Place, Status]:
        async with opened() as (door, agent, client):
            await client.put(f"{door.url}/here/k", data=b"1", headers={"x-landbridge-replica": "1"})
            return agent.ledger.statuses

    assert asyncio.run(run()) == {}


def test_a_write_whose_answer_is_lost_is_looked_for() -> None:
    """The emulator may have stored it."""

    async def run() -> int:
        async with opened(cut) as (door, agent, client):
            before = agent.waiting
            await client.put(f"{door.url}/here/k", data=b"1")
            await client.get(f"{door.url}/here/k")
            return agent.waiting - before

    assert asyncio.run(run()) == 1


def test_jobs_are_answered_in_s3_controls_own_words() -> None:
    """Begun, told, listed, cancelled; one that is not there is an error."""

    async def run() -> tuple[Any, ...]:
        async with opened() as (door, _, __):
            control = Clients({SOURCE: door.url}, timeouts=Timeouts(attempts=1)).client("s3control", SOURCE)
            account = {"AccountId": "000000000000"}
            source = {"S3JobManifestGenerator": {"SourceBucket": "arn:aws:s3:::nowhere", "EnableManifestOutput": False}}
            given = {
                **account,
                "Operation": {"S3ReplicateObject": {}},
                "Report": {"Enabled": False},
                "Priority": 3,
                "RoleArn": "arn:aws:iam::000000000000:role/r",
            }
            made = await asyncio.to_thread(
                lambda: control.create_job(**given, ManifestGenerator=source, ClientRequestToken="t", ConfirmationRequired=False)
            )
            told = await asyncio.to_thread(lambda: control.describe_job(**account, JobId=made["JobId"])["Job"])
            listed = await asyncio.to_thread(lambda: control.list_jobs(**account)["Jobs"])
            changed = await asyncio.to_thread(
                lambda: control.update_job_status(**account, JobId=made["JobId"], RequestedJobStatus="Cancelled")
            )
            with pytest.raises(control.exceptions.ClientError) as missing:
                await asyncio.to_thread(lambda: control.describe_job(**account, JobId="another"))
            words = (told["Status"], told["Priority"], told["FailureReasons"][0]["FailureCode"])
            return (*words, listed[0]["Operation"], changed["Status"], said(missing.value))

    assert asyncio.run(run()) == ("Failed", 3, "Refused", "S3ReplicateObject", "Failed", "NoSuchJob")
