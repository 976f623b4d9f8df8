"""A bucket in one region, one in the other, and the agent between them, in memory."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from itertools import count
from typing import Any

from tests.fakes import REGIONS, SOURCE, TARGET, Clock
from tests.unit.rehearse_world.s3_fake import FakeClients, FakeS3, copier

from landbridge.rehearse.fabric.objects.agent import ObjectReplication
from landbridge.rehearse.fabric.objects.calls import Change, Kind
from landbridge.rehearse.fabric.objects.jobs import Job, Jobs
from landbridge.rehearse.fabric.objects.knobs import Knobs
from landbridge.rehearse.fabric.objects.ledger import Place

ON = {"Status": "Enabled"}


class World:
    """A bucket here, one there, and the agent between them."""

    def __init__(self) -> None:
        self.source, self.target = FakeS3({"here": {}}), FakeS3({"there": {}})
        self.clock, self.knobs = Clock(), Knobs()
        clients = FakeClients({SOURCE: self.source, TARGET: self.target})
        self.agent = ObjectReplication(REGIONS, copier(clients), self.clock, self.knobs, random.Random(3))
        names = count(1)
        self.jobs = Jobs(self.agent, SOURCE, lambda: f"job-{next(names)}")

    async def rule(self, **more: Any) -> None:
        """Everything is copied from now on."""
        rule = {"ID": "all", **ON, "Priority": 1, "Filter": {"Prefix": ""}, "DeleteMarkerReplication": ON}
        self.source.rules["here"] = {"Rules": [{**rule, "Destination": {"Bucket": "arn:aws:s3:::there"}, **more}]}
        await self.agent.noted(SOURCE, Change(Kind.RULE, "here"))

    async def put(self, key: str, body: str, **more: Any) -> Place:
        """A version, seen by the door."""
        version = self.source.put_object(Bucket="here", Key=key, Body=body.encode(), **more)["VersionId"]
        await self.agent.noted(SOURCE, Change(Kind.PUT, "here", key, version))
        return Place(SOURCE, "here", key, version)

    async def delete(self, key: str) -> None:
        """A marker, seen by the door."""
        version = self.source.delete_object(Bucket="here", Key=key)["VersionId"]
        await self.agent.noted(SOURCE, Change(Kind.MARKER, "here", key, version))

    async def job(self, name: str = "t", operation: str = "S3ReplicateObject") -> Job:
        """One that has run to its end."""
        chosen = {"EligibleForReplication": True, "ObjectReplicationStatuses": ["NONE", "FAILED"]}
        generator = {"S3JobManifestGenerator": {"SourceBucket": "arn:aws:s3:::here", "Filter": chosen}}
        job = self.jobs.create({"ClientRequestToken": name, "Operation": {operation: {}}, "ManifestGenerator": generator})
        assert job.runs is not None
        await job.runs
        await self.agent.step()
        return job


def played(story: Callable[[World], Awaitable[None]]) -> World:
    """What a story leaves."""
    world = World()

    async def run() -> None:
        await story(world)

    asyncio.run(run())
    return world
