"""A bucket that existed before its rule: what the job copies, what it leaves, and that the preflight said so."""

import os
import time
from collections.abc import Mapping
from datetime import timedelta

import pytest
from tests.contract.objects.bank import adopted, before_versioning, ended, fill
from tests.contract.objects.place import NUMBERS, Place, eventually
from tests.fakes import REGIONS, SOURCE, TARGET, Clock

from landbridge.model.hearts import HEARTBEATS
from landbridge.model.held import Group, Reason, why_not
from landbridge.model.region import Pair
from landbridge.replicate.objects_preflight import Census, Tally, versions
from landbridge.verify.comparison import StoreComparison
from landbridge.verify.objects.bucket import BucketCopy, Copy
from landbridge.verify.objects.listing import Bucket
from landbridge.verify.objects.versions import Rule
from landbridge.verify.port import Result
from landbridge.verify.settle import Settling

LEFT = dict.fromkeys((Reason.ARCHIVED, Reason.CUSTOMERS_KEY, Reason.NO_VERSION), "left behind by decision of a test")


def compared(place: Place, buckets: Pair[str], leave: Mapping[Reason, str]) -> Result:
    """Every version of both."""
    clock = Clock()
    copies: Pair[Copy] = Pair(*(BucketCopy(place.behind, *each) for each in zip(buckets, REGIONS, strict=True)))
    return StoreComparison(Bucket("history", copies, Rule(same_ids=False), Settling(3.0, clock.sleep), leave), clock).compare()


def differing(place: Place, buckets: Pair[str]) -> set[str]:
    """The keys whose versions differ."""
    return {found.key for found in compared(place, buckets, {}).differences}


@pytest.mark.parametrize("size", [500, pytest.param(50_000, marks=[pytest.mark.slow, pytest.mark.timeout(3600)])])
def test_the_buckets_differ_in_what_the_preflight_said(place: Place, size: int) -> None:
    """With versions, markers, parts, archives, writers' keys and versions from before versioning; live writes go on.

    Where a decision leaves all that, it is expected, and nothing differs.
    """
    here, there = f"bank-{os.getpid()}-{next(NUMBERS)}", place.buckets().target
    buckets = Pair(here, there)
    before_versioning(place, here)
    fill(place, here, size)
    found = list(versions(place.behind, SOURCE, here))
    held = {each.key for each in found if why_not(each.group)}
    tallies: dict[Group, Tally] = {}
    for each in found:
        tallies[each.group] = tallies.get(each.group, Tally(0, 0)) + Tally(1, each.size)
    figures = Census(tallies).figures()
    replicator = adopted(place, buckets)
    replicator.start()
    for number in range(20):
        place.s3(SOURCE).put_object(Bucket=here, Key=f"trades/{number:05}", Body=b"live")
    job = ended(replicator, size)
    place.quiet()
    behind = sum(count for name, count in figures.items() if "stays behind" in name and name.endswith("versions"))
    found_by = compared(place, buckets, LEFT)
    apart = {each.key for each in found_by.expected}
    assert (found_by.differences, apart - held, held - apart, job.failed) == ((), set(), set(), behind)
    assert len(held) > size / 20


def test_a_copy_begun_anew_fills_a_bucket_made_anew(place: Place) -> None:
    """As after an abort that took the target away: S3 says of each version that it was copied already."""
    buckets = place.buckets()
    replicator = adopted(place, buckets)
    for number in range(3):
        place.s3(SOURCE).put_object(Bucket=buckets.source, Key=f"trades/{number}", Body=b"before")
    replicator.start()
    ended(replicator)
    replicator.stop()
    place.quiet()
    for each in place.s3(TARGET).list_object_versions(Bucket=buckets.target)["Versions"]:
        place.s3(TARGET).delete_object(Bucket=buckets.target, Key=each["Key"], VersionId=each["VersionId"])
    place.s3(SOURCE).put_object(Bucket=buckets.source, Key="trades/3", Body=b"between")
    time.sleep(1.0)  # a rule's name tells seconds
    replicator.start()
    ended(replicator)
    place.quiet()
    assert not differing(place, buckets)


def test_nothing_of_before_is_copied_without_the_job(place: Place) -> None:
    """The rule alone speaks of what comes."""
    buckets = place.buckets()
    place.s3(SOURCE).put_object(Bucket=buckets.source, Key="before", Body=b"1")
    replicator = adopted(place, buckets)
    replicator.rule().on()
    place.s3(SOURCE).put_object(Bucket=buckets.source, Key="after", Body=b"2")
    place.quiet()
    assert differing(place, buckets) == {"before"}


def test_what_failed_is_copied_by_the_next_job_beneath_what_came_since(place: Place) -> None:
    """The newest version stays the one that is read."""
    buckets = place.buckets()
    replicator = adopted(place, buckets)
    replicator.start()
    ended(replicator)
    place.knobs.fail_every = 1
    place.s3(SOURCE).put_object(Bucket=buckets.source, Key="k", Body=b"1")
    place.quiet()
    place.knobs.fail_every = 0
    place.s3(SOURCE).put_object(Bucket=buckets.source, Key="k", Body=b"2")
    place.quiet()
    before = differing(place, buckets)
    replicator.mend()
    ended(replicator)
    place.quiet()
    assert (before, differing(place, buckets)) == ({"k"}, set())
    assert place.s3(TARGET).get_object(Bucket=buckets.target, Key="k")["Body"].read() == b"2"


@pytest.mark.parametrize("lag", [0.0, 1.5])
def test_the_lag_shown_is_the_lag_injected_within_a_heartbeat(place: Place, lag: float) -> None:
    """Beating while time passes; the figure is never below what was injected."""
    replicator = adopted(place, place.buckets())
    assert replicator.lag() is None
    replicator.start()
    ended(replicator)
    place.knobs.lag = lag
    shown: list[timedelta] = []

    def beaten() -> bool:
        replicator.beat()
        found = replicator.lag()
        shown.extend([found] if found else [])
        return len(shown) >= 5

    eventually(beaten)
    assert min(shown) >= timedelta(seconds=lag)


def test_a_stalled_agent_is_seen_as_stale(place: Place) -> None:
    """The figure grows with the time, and the newest heartbeat is told to be pending."""
    replicator = adopted(place, place.buckets())
    replicator.start()
    replicator.beat()
    eventually(lambda: replicator.lag() is not None)
    place.knobs.stalled = True
    first = replicator.lag()
    replicator.beat()
    eventually(lambda: (replicator.lag() or timedelta()) > (first or timedelta()) + timedelta(seconds=1))
    assert "newest heartbeat PENDING" in replicator.position()


def test_a_job_is_begun_once_and_ends_with_the_rule(place: Place) -> None:
    """Started twice, one job; stopped, no rule, no lag, and the copies stay."""
    buckets = place.buckets()
    place.s3(SOURCE).put_object(Bucket=buckets.source, Key="k", Body=b"1")
    replicator = adopted(place, buckets)
    replicator.start()
    replicator.start()
    ended(replicator)
    replicator.beat()
    place.quiet()
    replicator.stop()
    replicator.stop()
    kept = {each["Key"] for each in place.s3(TARGET).list_objects_v2(Bucket=buckets.target)["Contents"]}
    ours = [job for job in place.jobs.source.kept.values() if buckets.source in job.given["Description"]]
    assert (replicator.copied(), replicator.lag(), len(ours)) == (False, None, 1)
    assert kept == {"k", f"{HEARTBEATS}{SOURCE}"}


def test_archived_objects_are_asked_for_and_still_not_copied(place: Place) -> None:
    """A restored object keeps its class, and S3 copies by class."""
    buckets = place.buckets()
    place.s3(SOURCE).put_object(Bucket=buckets.source, Key="cold", Body=b"1", StorageClass="GLACIER")
    replicator = adopted(place, buckets)
    replicator.jobs.restore(1, "BULK")
    eventually(lambda: "false" in place.s3(SOURCE).head_object(Bucket=buckets.source, Key="cold").get("Restore", ""))
    replicator.start()
    job = ended(replicator)
    assert (job.failed, differing(place, buckets)) == (1, {"cold"})
