"""A bucket as a bank's history is: versions, delete markers, parts, archives, foreign keys, and some from before versioning."""

import random
from functools import partial
from typing import Any

from tests.contract.objects.place import ROLE, Place, eventually
from tests.fakes import REGIONS, SOURCE

from landbridge.model.region import Pair
from landbridge.replicate.object_jobs import COPY, Job, ObjectJobs
from landbridge.replicate.object_rule import BucketRule, Buckets
from landbridge.replicate.objects import ObjectReplicator

WRITERS_KEY = {"SSECustomerAlgorithm": "AES256", "SSECustomerKey": b"k" * 32}
CLASSES = {"STANDARD": 70, "STANDARD_IA": 15, "GLACIER_IR": 5, "GLACIER": 6, "DEEP_ARCHIVE": 4}  # weights
OLD = 5  # keys from before versioning


def fill(place: Place, bucket: str, size: int, seed: int = 1) -> None:
    """So many versions and markers, drawn by the seed."""
    s3, chance = place.behind.client("s3", SOURCE), random.Random(seed)
    for number in range(OLD, size):
        _write(s3, bucket, f"trades/{chance.randrange(size // 2):05}", f"body {number}", chance)


def before_versioning(place: Place, bucket: str) -> None:
    """Versions that have none."""
    s3 = place.s3(SOURCE)
    s3.create_bucket(Bucket=bucket)
    for number in range(OLD):
        s3.put_object(Bucket=bucket, Key=f"old/{number}", Body=b"old")
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})


def _write(s3: Any, bucket: str, key: str, body: str, chance: random.Random) -> None:
    drawn = chance.random()
    if drawn < 0.08:
        s3.delete_object(Bucket=bucket, Key=key)
    elif drawn < 0.12:
        parts(s3, bucket, key, body)
    elif drawn < 0.14:
        s3.put_object(Bucket=bucket, Key=key, Body=body.encode(), **WRITERS_KEY)
    else:
        (kept,) = chance.choices(tuple(CLASSES), tuple(CLASSES.values()))
        s3.put_object(Bucket=bucket, Key=key, Body=body.encode(), StorageClass=kept)


def parts(s3: Any, bucket: str, key: str, body: str) -> None:
    """Put as parts, so that its ETag is none of the content."""
    where = {"Bucket": bucket, "Key": key}
    upload = s3.create_multipart_upload(**where)["UploadId"]
    etag = s3.upload_part(**where, UploadId=upload, PartNumber=1, Body=body.encode())["ETag"]
    made = {"Parts": [{"PartNumber": 1, "ETag": etag}]}
    s3.complete_multipart_upload(**where, UploadId=upload, MultipartUpload=made)


def adopted(place: Place, buckets: Pair[str]) -> ObjectReplicator:
    """The replicator of buckets that no stack of ours made."""
    rule = BucketRule(Buckets(place.clients, SOURCE, *buckets), ROLE, "")
    jobs = ObjectJobs(place.clients, SOURCE, buckets.source, buckets.source, lambda: ROLE)
    return ObjectReplicator(place.clients, REGIONS, buckets, lambda: rule, jobs, place.agent.clock)


def ended(replicator: ObjectReplicator, seconds: float = 60.0) -> Job:
    """The newest job of what was there before, once it has ended."""
    newest = partial(replicator.jobs.newest, COPY)
    eventually(lambda: (job := newest()) is not None and job.ended, seconds)
    job = newest()
    assert job is not None
    return job
