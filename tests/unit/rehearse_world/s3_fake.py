"""S3 in memory, one of a region: versions in order, tags, rules; enough for whoever copies between two."""

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Any

from botocore.exceptions import ClientError
from tests.fakes import SOURCE, TARGET

from landbridge.aws.clients import Clients
from landbridge.model.region import Region
from landbridge.rehearse.fabric.objects.copying import Copier


def no(code: str, status: int = 404) -> ClientError:
    """S3 says no."""
    return ClientError({"Error": {"Code": code, "Message": code}, "ResponseMetadata": {"HTTPStatusCode": status}}, "S3")


@dataclass
class FakeS3:
    """Every bucket by name; a bucket that was not made does not exist."""

    buckets: dict[str, dict[str, list[dict[str, Any]]]] = field(default_factory=dict)
    rules: dict[str, dict[str, Any]] = field(default_factory=dict)
    ids: Iterator[int] = field(default_factory=lambda: count(1))
    down: bool = False

    def put_object(self, *, Bucket: str, Key: str, Body: bytes, Tagging: str = "", **given: Any) -> dict[str, Any]:  # noqa: N803
        """On top."""
        tags = dict(pair.split("=") for pair in Tagging.split("&") if pair)
        return self._add(Bucket, Key, {"Body": Body, "tags": tags, **given})

    def delete_object(self, *, Bucket: str, Key: str, VersionId: str = "") -> dict[str, Any]:  # noqa: N803
        """A marker, or one version for good."""
        if not VersionId:
            return self._add(Bucket, Key, {"marker": True})
        kept = self._keys(Bucket)[Key]
        kept[:] = [each for each in kept if each["id"] != VersionId]
        return {}

    def get_object(self, **which: str) -> dict[str, Any]:
        """A version, or the newest."""
        found = self._one(**which)
        told = {name: value for name, value in found.items() if name not in {"tags", "id", "at"}}
        return {**told, "Body": io.BytesIO(found["Body"]), "TagCount": len(found["tags"])}

    def get_object_tagging(self, **which: str) -> dict[str, Any]:
        """Its tags."""
        return {"TagSet": [{"Key": name, "Value": value} for name, value in self._one(**which)["tags"].items()]}

    def put_object_tagging(self, *, Tagging: Mapping[str, Any], **which: str) -> None:  # noqa: N803
        """Other tags."""
        self._one(**which)["tags"] = {tag["Key"]: tag["Value"] for tag in Tagging["TagSet"]}

    def get_bucket_replication(self, *, Bucket: str) -> dict[str, Any]:  # noqa: N803
        """The bucket's rules."""
        self._keys(Bucket)
        if Bucket not in self.rules:
            raise no("ReplicationConfigurationNotFoundError")
        return {"ReplicationConfiguration": self.rules[Bucket]}

    def get_paginator(self, _name: str) -> "FakeS3":
        """Of versions."""
        return self

    def paginate(self, *, Bucket: str, Prefix: str = "") -> list[dict[str, Any]]:  # noqa: N803
        """One page of everything."""
        told: dict[str, Any] = {"Versions": [], "DeleteMarkers": []}
        for key, kept in sorted(self._keys(Bucket).items()):
            for each in reversed(kept) if key.startswith(Prefix) else ():
                listed = {"Key": key, "VersionId": each["id"], "IsLatest": each is kept[-1], "LastModified": each["at"]}
                sized = (
                    {} if "marker" in each else {"Size": len(each["Body"]), "StorageClass": each.get("StorageClass", "STANDARD")}
                )
                told["DeleteMarkers" if "marker" in each else "Versions"].append({**listed, **sized})
        return [told]

    def bodies(self, bucket: str, key: str) -> list[bytes | None]:
        """Every version's, the oldest first; None = a marker."""
        return [each.get("Body") for each in self.buckets[bucket].get(key, ())]

    def _add(self, bucket: str, key: str, version: dict[str, Any]) -> dict[str, Any]:
        number = next(self.ids)
        kept = self._keys(bucket).setdefault(key, [])
        kept.append({**version, "id": f"v{number}", "at": datetime.fromtimestamp(1_000_000 + number / 1000, UTC)})
        return {"VersionId": f"v{number}"}

    def _one(self, *, Bucket: str, Key: str, VersionId: str = "") -> dict[str, Any]:  # noqa: N803
        kept = self._keys(Bucket).get(Key, [])
        found = [each for each in kept if VersionId in {"", each["id"]}]
        if not found or "marker" in found[-1]:
            raise no("NoSuchVersion" if VersionId else "NoSuchKey")
        return found[-1]

    def _keys(self, bucket: str) -> dict[str, list[dict[str, Any]]]:
        if self.down:
            raise no("ServiceUnavailable", 503)
        if bucket not in self.buckets:
            raise no("NoSuchBucket")
        return self.buckets[bucket]


class FakeClients(Clients):
    """Hands out the fakes."""

    def __init__(self, fakes: Mapping[Region, FakeS3]) -> None:
        super().__init__()
        object.__setattr__(self, "fakes", fakes)

    def client(self, service: str, region: Region, *, retries: bool = True) -> Any:
        """S3 of a region."""
        del service, retries
        fakes: Mapping[Region, FakeS3] = vars(self)["fakes"]
        return fakes[region]


@dataclass(frozen=True)
class Bare:
    """The same fake, as the agent speaks to it."""

    s3: FakeS3

    async def get_object(self, **which: str) -> dict[str, Any]:
        """A version, or the newest; its body whole."""
        told = self.s3.get_object(**which)
        return {**told, "Body": told["Body"].read()}

    async def put_object(self, **given: Any) -> dict[str, str]:
        """On top."""
        return self.s3.put_object(**given)

    async def delete_object(self, **which: str) -> dict[str, str]:
        """A marker, or one version for good."""
        return self.s3.delete_object(**which)


def copier(clients: Clients) -> Copier:
    """Between the fakes."""
    return Copier(clients, {region: Bare(clients.client("s3", region)) for region in (SOURCE, TARGET)})
