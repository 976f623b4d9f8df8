"""Batch jobs of the agent, against S3 in memory: what was there before, beneath what came since."""

from typing import Any

from tests.fakes import SOURCE, TARGET
from tests.unit.rehearse_world.objects_world import World, played

from landbridge.rehearse.fabric.objects.ledger import Place
from landbridge.rehearse.fabric.objects.queue import Act, Task


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


def test_a_copy_that_has_just_arrived_is_not_sent_back() -> None:
    """It lies there before it is known as a copy; a job of the other direction waits until it is."""

    async def story(world: World) -> None:
        await world.rule()
        copy = Place(SOURCE, "here", "k", world.source.put_object(Bucket="here", Key="k", Body=b"1")["VersionId"])
        world.agent.ledger.arriving.add(copy.where)

        def known(_seconds: float) -> None:
            world.agent.ledger.copied(Place(TARGET, "there", "k", "v"), copy, marker=False)
            world.agent.ledger.arriving.clear()

        world.jobs.sleep = known
        job = await world.job()
        assert (job.status, job.total) == ("Complete", 0)

    assert not played(story).target.buckets["there"]


def test_while_a_version_is_copied_its_key_counts_as_arriving() -> None:
    """From before it lies at the target until it is known as a copy; also where that is refused."""

    async def story(world: World) -> None:
        seen, put = list[bool](), world.target.put_object

        def watched(**asked: Any) -> Any:
            seen.append((TARGET, "there", asked["Key"]) in world.agent.ledger.arriving)
            return put(**asked)

        world.target.put_object = watched  # type: ignore[method-assign]
        await world.rule()
        await world.put("k", "1")
        await world.put("cold", "2", StorageClass="GLACIER")
        await world.agent.step()
        assert (seen, world.agent.ledger.arriving) == ([True], set())

    played(story)


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
