"""The lag the replicator shows, held against the lag the agent was given; time passes when the test says so."""

import asyncio
import random
from datetime import UTC, datetime
from typing import Any

import pytest
from tests.fakes import REGIONS, SOURCE, TARGET, Clock
from tests.unit.rehearse_world.s3_fake import FakeClients, FakeS3, copier

from landbridge.aws.clients import Clients
from landbridge.model.region import Pair, Region
from landbridge.rehearse.fabric.objects.agent import ObjectReplication
from landbridge.rehearse.fabric.objects.calls import Change, Kind
from landbridge.rehearse.fabric.objects.knobs import Knobs
from landbridge.replicate.object_jobs import ObjectJobs
from landbridge.replicate.object_rule import BucketRule, Buckets
from landbridge.replicate.objects import ObjectReplicator

ROLE = "arn:aws:iam::000000000000:role/copies"
BEAT = 1.0
NOW = datetime.now(UTC)
NEVER: list[float | None] = [None]


class Ended:
    """S3 Control whose only job was begun after the rule, and has ended."""

    def list_jobs(self, **_which: str) -> dict[str, Any]:
        """One, of the bucket."""
        return {"Jobs": [{"JobId": "job-1", "Description": "landbridge copy here 1", "Status": "Complete", "CreationTime": NOW}]}


class WithControl(FakeClients):
    """S3 and S3 Control."""

    def client(self, service: str, region: Region, *, retries: bool = True) -> Any:
        """By service."""
        return Ended() if service == "s3control" else super().client(service, region, retries=retries)


class World:
    """A replicator over the agent, and the door played by the test."""

    def __init__(self, lag: float) -> None:
        self.clock, self.knobs = Clock(), Knobs(lag=lag)
        self.s3 = FakeS3({"here": {}})
        clients: Clients = WithControl({SOURCE: self.s3, TARGET: FakeS3({"there": {}})})
        rule = BucketRule(Buckets(clients, SOURCE, "here", "there"), ROLE, "", NOW.timestamp)
        self.s3.rules["here"] = {"Role": ROLE, "Rules": [rule._rule(1)]}
        jobs = ObjectJobs(clients, SOURCE, "here", "reports", lambda: ROLE)
        self.replicator = ObjectReplicator(clients, REGIONS, Pair("here", "there"), lambda: rule, jobs, self.clock)
        self.agent = ObjectReplication(REGIONS, copier(clients), self.clock, self.knobs, random.Random(1))

    async def second(self) -> float | None:
        """A heartbeat, then what is shown just before the next."""
        self.replicator.beat()
        (key,) = self.s3.buckets["here"]
        version = self.s3.buckets["here"][key][-1]["id"]
        await self.agent.noted(SOURCE, Change(Kind.PUT, "here", key, version))
        self.clock.sleep(BEAT)
        await self.agent.step()
        lag = self.replicator.lag()
        return None if lag is None else lag.total_seconds()


def shown(world: World, seconds: int, stalled_after: int) -> list[float | None]:
    """What is shown second by second."""

    async def run() -> list[float | None]:
        await world.agent.noted(SOURCE, Change(Kind.RULE, "here"))
        found = []
        for number in range(seconds):
            world.knobs.stalled = number >= stalled_after
            found.append(await world.second())
        return found

    return asyncio.run(run())


@pytest.mark.parametrize("lag", [0.0, 2.5, 10.0])
def test_the_lag_shown_is_the_lag_injected_within_one_heartbeat(lag: float) -> None:
    """Nothing is shown before the first heartbeat is there."""
    found = shown(World(lag), 30, stalled_after=30)
    told = [each for each in found if each is not None]
    silent = len(found) - len(told)
    assert found[:silent] == NEVER * silent
    assert silent <= lag / BEAT
    assert all(lag <= each <= lag + BEAT for each in told)


def test_a_stalled_agent_grows_stale_second_by_second() -> None:
    """It is not seen as quick, and not as nothing."""
    assert shown(World(0.0), 8, stalled_after=4) == [1.0, 1.0, 1.0, 1.0, 2.0, 3.0, 4.0, 5.0]
