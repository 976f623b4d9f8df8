"""A bucket's rule and jobs: chosen by what exists, begun once, resumed by whoever comes next."""

from dataclasses import replace

import pytest
from tests.fakes import REGIONS, SOURCE, TARGET, Clock
from tests.unit.replicate.objects_fakes import FakeBuckets, FakeClients, FakeControl, FakeStacks

from landbridge.model.errors import Refused
from landbridge.model.region import Pair
from landbridge.replicate.object_jobs import COMPLETE, COPY, RESTORE, ObjectJobs
from landbridge.replicate.object_rule import BucketRule, Buckets, StackRule, State, rule_of
from landbridge.replicate.objects import ObjectReplicator

ROLE = "arn:aws:iam::123456789012:role/batch"
PEER = {"PeerRegion": str(TARGET), "PeerDataKeyArn": "arn:key"}


class World:
    """A stack, its bucket, its jobs."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.s3, self.control = FakeBuckets(), FakeControl(clock=self.clock)
        given = {"Replication": "off", "PeerRegion": "", "PeerDataKeyArn": "", "Other": "kept"}
        self.stacks = FakeStacks("history", given, self.s3, clock=self.clock)
        self.clients = FakeClients({"s3": self.s3, "s3control": self.control, "cloudformation": self.stacks})
        self.buckets = Buckets(self.clients, SOURCE, "here", f"there-{TARGET}")
        self.made = StackRule(self.buckets, "history", lambda: PEER)
        self.adopted = BucketRule(self.buckets, ROLE, "arn:key", self.clock)
        self.jobs = ObjectJobs(self.clients, SOURCE, "here", "reports", lambda: ROLE)
        names = Pair("here", f"there-{TARGET}")
        self.replicator = ObjectReplicator(self.clients, REGIONS, names, lambda: self.made, self.jobs, self.clock)


def test_a_standing_stack_is_switched_and_keeps_its_other_parameters() -> None:
    """The stack's switch comes before any rule of ours."""
    world = World()
    rule = rule_of(world.made, world.adopted)
    rule.on()
    changing = rule.state()
    world.stacks.done()
    assert (changing, rule.state()) == (State.CHANGING, State.ON)
    assert world.stacks.parameters == {"Replication": "on", **PEER, "Other": "kept"}


def test_switching_twice_is_switching_once() -> None:
    """CloudFormation has nothing to do, and that is no error."""
    world = World()
    for _ in range(2):
        world.made.on()
        world.stacks.done()
    world.made.off()
    world.stacks.done()
    assert (world.stacks.changes, world.made.state()) == (2, State.OFF)


def test_a_bucket_without_a_stack_gets_a_rule_of_ours() -> None:
    """Encrypted by the target's key, within 15 minutes, above the rules it has."""
    world = World()
    theirs = {"ID": "theirs", "Priority": 7, "Status": "Enabled", "Destination": {"Bucket": "arn:aws:s3:::x"}}
    world.s3.rules = {"Role": ROLE, "Rules": [theirs]}
    world.stacks.name = "another"
    rule = rule_of(world.made, world.adopted)
    rule.on()
    ours = world.s3.rules["Rules"][1]
    assert (ours["Priority"], rule.state()) == (8, State.ON)
    assert ours["Destination"]["EncryptionConfiguration"] == {"ReplicaKmsKeyID": "arn:key"}
    rule.off()
    assert world.s3.rules["Rules"] == [theirs]


def test_the_last_rule_goes_with_the_configuration() -> None:
    """S3 takes no configuration without rules."""
    world = World()
    world.adopted.on()
    world.adopted.off()
    world.adopted.off()
    assert world.s3.rules == {}


def test_a_bucket_that_copies_by_another_role_is_refused() -> None:
    """One role serves all rules of a bucket, and ours must not be put in its place."""
    world = World()
    world.s3.rules = {"Role": "arn:other", "Rules": [{"ID": "theirs", "Status": "Enabled", "Destination": {"Bucket": "x"}}]}
    with pytest.raises(Refused, match="give that role our rights"):
        world.adopted.on()


def test_neither_stack_nor_role_is_refused() -> None:
    """With what is missing by name."""
    world = World()
    world.stacks.name = "another"
    with pytest.raises(Refused, match="no stack history with the parameter Replication"):
        rule_of(world.made, None)


def test_start_waits_for_the_rule_and_then_begins_one_job() -> None:
    """Called at every look, killed in between: nothing is begun twice."""
    world = World()
    for _ in range(3):
        world.replicator.start()
    during = (len(world.control.jobs), world.replicator.copied(), world.replicator.lag())
    world.stacks.done()
    for _ in range(3):
        world.replicator.start()
    assert (during, len(world.control.jobs), world.replicator.lag()) == ((0, True, None), 1, None)


def test_it_is_begun_when_the_rule_stands_and_its_job_lives() -> None:
    """Between the two there is something left to begin, which nobody else would begin."""
    world = World()
    begun = [world.replicator.begun()]
    world.replicator.start()
    begun.append(world.replicator.begun())
    world.stacks.done()
    begun.append(world.replicator.begun())
    world.replicator.start()
    begun.append(world.replicator.begun())
    assert begun == [False, True, False, True]


@pytest.mark.parametrize("end", ["Failed", "Cancelled"])
def test_a_job_that_died_is_begun_again_under_the_next_number(end: str) -> None:
    """With a token of its own, or S3 would give back the dead one."""
    world = World()
    world.made.on()
    world.stacks.done()
    world.replicator.start()
    world.control.end(end)
    world.replicator.start()
    newest = world.jobs.newest(COPY)
    assert newest is not None
    assert (newest.number, len({job["ClientRequestToken"] for job in world.control.jobs})) == (2, 2)


def test_the_job_copies_what_no_rule_copied_and_what_failed() -> None:
    """By a manifest S3 makes, with a report, by the stack's role."""
    world = World()
    world.jobs.copy()
    (job,) = world.control.jobs
    generator = job["ManifestGenerator"]["S3JobManifestGenerator"]
    assert generator["Filter"] == {"EligibleForReplication": True, "ObjectReplicationStatuses": ["NONE", "FAILED"]}
    assert (job["Operation"], job["RoleArn"], job["Report"]["Bucket"]) == (
        {"S3ReplicateObject": {}},
        ROLE,
        "arn:aws:s3:::reports",
    )
    assert len(job["ClientRequestToken"]) <= 64


@pytest.mark.parametrize("adopted", [False, True])
def test_a_copy_begun_anew_copies_also_what_was_copied_before(adopted: bool) -> None:  # noqa: FBT001
    """The bucket it was copied to may be gone, and what was put meanwhile no rule has seen."""
    world = World()
    if adopted:
        world.replicator = replace(world.replicator, rule=lambda: world.adopted)
    for _ in range(2):
        for act in (world.replicator.start, world.replicator.start, world.replicator.stop):
            world.clock.sleep(1)
            act()
            if not adopted:
                world.stacks.done()
            if world.control.jobs:
                world.control.end(COMPLETE, 5)
    filters = [job["ManifestGenerator"]["S3JobManifestGenerator"]["Filter"] for job in world.control.jobs]
    chosen = [each["ObjectReplicationStatuses"] for each in filters]
    assert chosen == [["NONE", "FAILED"], ["NONE", "FAILED", "COMPLETED"]]


def test_jobs_of_other_buckets_and_purposes_are_not_ours() -> None:
    """A bucket whose name begins like ours is another one."""
    world = World()
    ObjectJobs(world.clients, SOURCE, "here-2", "reports", lambda: ROLE).copy()
    world.jobs.restore(7, "BULK")
    assert world.jobs.newest(COPY) is None


def test_what_is_archived_is_restored_by_a_job_of_its_own() -> None:
    """Over the archived classes alone."""
    world = World()
    world.jobs.restore(7, "BULK")
    (job,) = world.control.jobs
    assert job["ManifestGenerator"]["S3JobManifestGenerator"]["Filter"] == {"MatchAnyStorageClass": ["GLACIER", "DEEP_ARCHIVE"]}
    assert job["Operation"] == {"S3InitiateRestoreObject": {"ExpirationInDays": 7, "GlacierJobTier": "BULK"}}
    assert world.jobs.newest(RESTORE) is not None


def test_stopping_ends_the_job_under_way_and_the_rule() -> None:
    """And again is nothing."""
    world = World()
    world.made.on()
    world.stacks.done()
    world.replicator.start()
    world.replicator.stop()
    world.stacks.done()
    world.replicator.stop()
    assert (world.control.jobs[0]["Status"], world.stacks.changes, world.replicator.copied()) == ("Cancelled", 2, False)
