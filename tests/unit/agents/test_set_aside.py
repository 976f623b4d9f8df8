"""What can't be copied is kept as it came, with its position, under a name that follows from it."""

import json
from typing import Any

from botocore.exceptions import ClientError, EndpointConnectionError
from tests.unit.agents.batches import REGION, SHARD, record

from landbridge.agents.lines import Letter
from landbridge.agents.set_aside import SetAside

NAME = f"replicator/{REGION}/live/{SHARD}/{10**55 + 3}-{10**55 + 4}.jsonl"


class S3:
    """Objects by their keys, or an error."""

    def __init__(self, error: Exception | None = None) -> None:
        self.objects: dict[str, bytes] = {}
        self.error = error

    def put_object(self, Bucket: str, Key: str, Body: bytes, ContentType: str) -> None:  # noqa: N803 - as boto3 spells it
        """Keeps it."""
        if self.error:
            raise self.error
        self.objects[f"{Bucket}/{Key}"] = Body


def letters() -> list[Letter]:
    """Two records that can't be copied."""
    return [Letter(place, "is not text", record(place, f"key {place}", b"\xff")) for place in (3, 4)]


def test_each_record_is_a_line_with_its_position() -> None:
    """And its data, in base64 as Lambda gave it."""
    s3 = S3()
    assert SetAside(s3, "bucket").keep(letters())
    (lines,) = ([json.loads(line) for line in body.splitlines()] for body in s3.objects.values())
    expected: dict[str, Any] = {"region": REGION, "stream": "live", "shard": SHARD, "arrived": 1.5, "why": "is not text"}
    assert lines == [
        {**expected, "sequence": str(10**55 + place), "partition_key": f"key {place}", "data": "/w=="} for place in (3, 4)
    ]


def test_the_same_records_make_the_same_object() -> None:
    """So a batch that comes again leaves one."""
    s3 = S3()
    for _ in range(2):
        SetAside(s3, "bucket").keep(letters())
    assert list(s3.objects) == [f"bucket/{NAME}"]


def test_a_bucket_that_says_no_is_told() -> None:
    """Or says nothing."""
    refused = ClientError({"Error": {"Code": "AccessDenied"}}, "PutObject")
    for error in (refused, EndpointConnectionError(endpoint_url="https://s3")):
        assert not SetAside(S3(error), "bucket").keep(letters())
