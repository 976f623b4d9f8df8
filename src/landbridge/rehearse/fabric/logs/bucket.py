"""S3 as Firehose needs it: in which of the world's regions a bucket is, and an object put there, by bare calls."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import quote

from landbridge.model.errors import Refused, Unreachable
from landbridge.model.region import Region
from landbridge.rehearse.fabric.event_source.region import Answer, Calls

SECONDS = 30.0


class Buckets(Protocol):
    """Every region's."""

    async def home(self, bucket: str) -> Region:
        """Where it is; Refused = nowhere, Unreachable = a region that may have it does not answer."""

    async def put(self, region: Region, bucket: str, key: str, body: bytes) -> None:
        """May raise Refused or Unreachable; then it may have been put all the same."""


@dataclass(frozen=True)
class BareBuckets:
    """Through the regions' front doors."""

    calls: Mapping[Region, Calls]

    async def home(self, bucket: str) -> Region:
        """By HeadBucket, in one region after the other."""
        silent: Unreachable | None = None
        for region, calls in self.calls.items():
            try:
                answer = await calls.send("s3", "HEAD", f"/{bucket}", b"")
            except Unreachable as no:
                silent = no
                continue
            if answer.status < 300:
                return region
            if answer.status >= 500 or answer.status == 429:
                silent = Unreachable(region, f"HeadBucket {bucket}: {answer.status}")
        raise silent or Refused(" and ".join(self.calls), f"HeadBucket {bucket}", "NoSuchBucket")

    async def put(self, region: Region, bucket: str, key: str, body: bytes) -> None:
        """By PutObject."""
        path, headers = f"/{bucket}/{quote(key, safe='/~')}", {"content-type": "application/octet-stream"}
        _granted(region, bucket, await self.calls[region].send("s3", "PUT", path, body, seconds=SECONDS, headers=headers))


def _granted(region: Region, bucket: str, answer: Answer) -> None:
    if answer.status >= 500 or answer.status == 429:
        raise Unreachable(region, f"PutObject {bucket}: {answer.status}")
    if answer.status >= 300:
        raise Refused(region, f"PutObject {bucket}", str(answer.status))
