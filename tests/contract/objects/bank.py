"""A bucket as a bank's history is: versions, delete markers, parts, archives, foreign keys, and some from before versioning."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from tests.contract.objects.place import ROLE, Place, eventually
from tests.fakes import REGIONS, SOURCE

from landbridge.model.region import Pair
from landbridge.rehearse.fabric.event_source.region import Calls
from landbridge.rehearse.fabric.objects.bare import BareS3
from landbridge.replicate.object_jobs import COPY, Job, ObjectJobs
from landbridge.replicate.object_rule import BucketRule, Buckets
from landbridge.replicate.objects import ObjectReplicator

Write = Callable[[], Awaitable[object]]
WRITERS_KEY = {"SSECustomerAlgorithm": "AES256", "SSECustomerKey": b"k" * 32}
CLASSES = {"STANDARD": 70, "STANDARD_IA": 15, "GLACIER_IR": 5, "GLACIER": 6, "DEEP_ARCHIVE": 4}  # weights
OLD = 5  # keys from before versioning
LANES = 4  # put at once


def fill(place: Place, bucket: str, size: int, seed: int = 1) -> None:
    """So many versions and markers, drawn by the seed; a key's in the order in which they were drawn."""
    place.do(_filled(place, bucket, size, random.Random(seed)), size)


async def _filled(place: Place, bucket: str, size: int, chance: random.Random) -> None:
    calls, boto = Calls(SOURCE, place.behind.endpoints[SOURCE]), place.behind.client("s3", SOURCE)
    lanes: list[list[Write]] = [[] for _ in range(LANES)]
    for number in range(OLD, size):
        drawn = chance.randrange(size // 2)
        where = {"Bucket": bucket, "Key": f"trades/{drawn:05}"}
        lanes[drawn % LANES].append(_write(BareS3(calls), boto, where, f"body {number}".encode(), chance))
    try:
        await asyncio.gather(*map(_in_order, lanes))
    finally:
        await calls.close()


async def _in_order(writes: list[Write]) -> None:
    for write in writes:
        await write()


def before_versioning(place: Place, bucket: str) -> None:
    """Versions that have none."""
    s3 = place.s3(SOURCE)
    s3.create_bucket(Bucket=bucket)
    for number in range(OLD):
        s3.put_object(Bucket=bucket, Key=f"old/{number}", Body=b"old")
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})


def _write(bare: BareS3, boto: Any, where: dict[str, str], body: bytes, chance: random.Random) -> Write:
    drawn = chance.random()
    if drawn < 0.08:
        return partial(bare.delete_object, **where)
    if drawn < 0.12:
        return partial(asyncio.to_thread, parts, boto, where, body)
    if drawn < 0.14:
        return partial(asyncio.to_thread, partial(boto.put_object, **where, Body=body, **WRITERS_KEY))
    (kept,) = chance.choices(tuple(CLASSES), tuple(CLASSES.values()))
    return partial(bare.put_object, **where, Body=body, StorageClass=kept)


def parts(s3: Any, where: dict[str, str], body: bytes) -> None:
    """Put as parts, so that its ETag is none of the content."""
    upload = s3.create_multipart_upload(**where)["UploadId"]
    etag = s3.upload_part(**where, UploadId=upload, PartNumber=1, Body=body)["ETag"]
    made = {"Parts": [{"PartNumber": 1, "ETag": etag}]}
    s3.complete_multipart_upload(**where, UploadId=upload, MultipartUpload=made)


def adopted(place: Place, buckets: Pair[str]) -> ObjectReplicator:
    """The replicator of buckets that no stack of ours made."""
    rule = BucketRule(Buckets(place.clients, SOURCE, *buckets), ROLE, "", time.time)
    jobs = ObjectJobs(place.clients, SOURCE, buckets.source, buckets.source, lambda: ROLE)
    return ObjectReplicator(place.clients, REGIONS, buckets, lambda: rule, jobs, place.agent.clock)


def ended(replicator: ObjectReplicator, seconds: float = 60.0) -> Job:
    """The newest job of what was there before, once it has ended."""
    newest = partial(replicator.jobs.newest, COPY)
    eventually(lambda: (job := newest()) is not None and job.ended, seconds, min(1.0, seconds / 500))
    job = newest()
    assert job is not None
    return job
