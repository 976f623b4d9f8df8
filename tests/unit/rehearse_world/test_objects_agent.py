"""The agent that copies objects, against S3 in memory: order, faults, doubts, and jobs beneath what came since."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from itertools import count
from typing import Any

import pytest
from tests.fakes import REGIONS, SOURCE, TARGET, Clock
from tests.unit.rehearse_world.s3_fake import FakeClients, FakeS3

from landbridge.model.errors import Unreachable
from landbridge.rehearse.fabric.objects.agent import ObjectReplication
from landbridge.rehearse.fabric.objects.calls import Change, Kind
from landbridge.rehearse.fabric.objects.jobs import Job, Jobs
from landbridge.rehearse.fabric.objects.knobs import Knobs
from landbridge.rehearse.fabric.objects.ledger import Place, Status
from landbridge.rehearse.fabric.objects.queue import Act, Task

ON = {"Status": "Enabled"}


class World:
    """A bucket here, one there, and the agent between them."""

    def __init__(self) -> None:
        self.source, self.target = FakeS3({"here": {}}), FakeS3({"there": {}})
        self.clock, self.knobs = Clock(), Knobs()
        clients = FakeClients({SOURCE: self.source, TARGET: self.target})
        self.agent = ObjectReplication(REGIONS, clients, self.clock, self.knobs, random.Random(3))
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


def test_a_version_waits_for_its_lag_and_the_next_of_its_key_behind_it() -> None:
    """Whatever the jitter draws, a key's versions arrive in order, and none before its time."""

    async def story(world: World) -> None:
        await world.rule()
        world.knobs.lag, world.knobs.jitter = 10.0, 0.5
        for number in range(30):
            await world.put("k", str(number))
        world.clock.sleep(4.9)
        await world.agent.step()
        assert world.target.bodies("there", "k") == []
        for _ in range(40):
            world.clock.sleep(0.3)
            await world.agent.step()

    assert played(story).target.bodies("there", "k") == [str(number).encode() for number in range(30)]


@pytest.mark.parametrize("knob", ["stalled", "link_down"])
def test_what_is_held_waits_and_is_told_to_be_pending(knob: str) -> None:
    """Nothing is copied until the knob is back."""

    async def story(world: World) -> None:
        await world.rule()
        setattr(world.knobs, knob, True)
        put = await world.put("k", "1")
        await world.agent.step()
        assert (world.agent.ledger.status(put), world.agent.waiting) == (Status.PENDING, 1)
        setattr(world.knobs, knob, False)
        await world.agent.step()

    assert played(story).target.bodies("there", "k") == [b"1"]


def test_a_target_that_is_out_gets_everything_later_in_order() -> None:
    """A version that found no answer is first in line again."""

    async def story(world: World) -> None:
        await world.rule()
        world.target.down = True
        for number in range(3):
            await world.put("k", str(number))
        with pytest.raises(Unreachable):
            await world.agent.step()
        await world.put("k", "3")
        world.target.down = False
        await world.agent.step()

    assert played(story).target.bodies("there", "k") == [b"0", b"1", b"2", b"3"]


def test_every_nth_copy_fails() -> None:
    """As the knob says, no more and no fewer."""

    async def story(world: World) -> None:
        await world.rule()
        world.knobs.fail_every = 5
        for number in range(50):
            await world.put(f"k{number}", "1")
        await world.agent.step()

    fates = list(played(story).agent.ledger.statuses.values())
    assert fates.count(Status.FAILED) == 10


def test_a_bucket_that_is_not_there_fails_the_copy() -> None:
    """As S3 says it of a destination that is gone."""

    async def story(world: World) -> None:
        await world.rule(Destination={"Bucket": "arn:aws:s3:::nowhere"})
        await world.put("k", "1")
        await world.agent.step()

    assert list(played(story).agent.ledger.statuses.values()) == [Status.FAILED]


def test_a_rule_by_tag_copies_what_carries_it() -> None:
    """The rest has no status at all."""

    async def story(world: World) -> None:
        await world.rule(Filter={"Tag": {"Key": "kind", "Value": "tick"}}, DeleteMarkerReplication={"Status": "Disabled"})
        await world.put("yes", "1", Tagging="kind=tick")
        other = await world.put("no", "1", Tagging="kind=other")
        await world.agent.step()
        assert world.agent.ledger.status(other) is None

    assert list(played(story).target.buckets["there"]) == ["yes"]


def test_a_write_nobody_heard_of_is_found_by_its_key() -> None:
    """And what lay there before is not taken for new."""

    async def story(world: World) -> None:
        await world.rule()
        world.source.put_object(Bucket="here", Key="k", Body=b"long ago")
        world.clock.now = 1_000_002.0
        world.source.ids = count(5000)
        world.source.put_object(Bucket="here", Key="k", Body=b"unheard")
        await world.agent.noted(SOURCE, Change(Kind.LOOK, "here", "k"))
        await world.agent.step()

    assert played(story).target.bodies("there", "k") == [b"unheard"]


def test_a_job_puts_what_was_there_before_beneath_what_came_since() -> None:
    """Versions and markers lie at the target as at the source, and none twice."""

    async def story(world: World) -> None:
        for body in ("1", "2"):
            world.source.put_object(Bucket="here", Key="k", Body=body.encode())
        world.source.delete_object(Bucket="here", Key="k")
        await world.rule()
        await world.put("k", "3")
        await world.delete("k")
        await world.put("k", "4")
        await world.agent.step()
        job = await world.job()
        assert (job.status, job.total, job.succeeded) == ("Complete", 3, 3)

    world = played(story)
    assert world.target.bodies("there", "k") == world.source.bodies("here", "k") == [b"1", b"2", None, b"3", None, b"4"]


def test_what_is_put_while_a_job_looks_stays_on_top() -> None:
    """It is in no list of the job's, and was copied before the job came to its key."""

    async def story(world: World) -> None:
        before = Place(SOURCE, "here", "k", world.source.put_object(Bucket="here", Key="k", Body=b"1")["VersionId"])
        await world.rule()
        await world.put("k", "2")
        await world.agent.step()
        world.agent.add(Task(Act.STACK, before, world.clock(), ((before, False),), frozenset({before})))
        await world.agent.step()

    assert played(story).target.bodies("there", "k") == [b"1", b"2"]


def test_a_job_fails_what_is_archived_and_says_so() -> None:
    """The rest of it is copied; the next job tries again."""

    async def story(world: World) -> None:
        world.source.put_object(Bucket="here", Key="cold", Body=b"1", StorageClass="GLACIER")
        world.source.put_object(Bucket="here", Key="warm", Body=b"1")
        await world.rule()
        first, second = await world.job("a"), await world.job("b")
        assert [(job.total, job.failed) for job in (first, second)] == [(2, 1), (1, 1)]

    assert list(played(story).target.buckets["there"]) == ["warm"]


def test_a_token_makes_one_job() -> None:
    """Asked twice, the same job answers."""

    async def story(world: World) -> None:
        await world.rule()
        assert (await world.job("a")).number == (await world.job("a")).number

    assert len(played(story).jobs.kept) == 1


def test_a_job_without_a_rule_fails_with_the_reason() -> None:
    """As S3 fails it."""

    async def story(world: World) -> None:
        job = await world.job()
        assert (job.status, "no replication configuration" in job.why) == ("Failed", True)

    played(story)


def test_a_cancelled_job_begins_nothing_more() -> None:
    """And one that has ended stays as it is."""

    async def story(world: World) -> None:
        await world.rule()
        job = await world.job()
        world.jobs.cancel(job)
        assert job.status == "Complete"
        job.status = "Active"
        world.jobs.cancel(job)
        assert job.status == "Cancelled"
        await world.jobs.stop()

    played(story)
