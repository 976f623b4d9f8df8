"""One side's copy of a bucket, listed version by version in the order of its keys."""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from operator import attrgetter
from typing import Any, Protocol

from landbridge.aws.clients import Clients, speaking
from landbridge.model.region import Region
from landbridge.verify.objects.versions import NULL, Head, Version

ALGORITHMS = ("CRC64NVME", "CRC32", "CRC32C", "SHA1", "SHA256")


@dataclass(frozen=True, slots=True)
class Page:
    """Whole keys after some key, in order; `upto` is the last of them, None = there are no more."""

    versions: list[Version]
    upto: str | None


class Copy(Protocol):
    """One side's copy of a bucket."""

    def page(self, after: str) -> Page:
        """The next keys with all their versions, newest first."""

    def of(self, key: str) -> list[Version]:
        """Every version of one key, newest first."""

    def head(self, version: Version) -> Head | None:
        """More of one version; None = it is gone."""


@dataclass
class BucketCopy:
    """A bucket of one region."""

    clients: Clients
    bucket: str
    region: Region
    prefix: str = ""

    def page(self, after: str) -> Page:
        """One listing of up to 1,000 versions, and as many more as the last key goes on."""
        found: list[Version] = []
        for versions, more in self._listings(Prefix=self.prefix, KeyMarker=after):
            found += versions
            keys = {version.key for version in found}
            if not more or len(keys) > 1:
                break
        if not more:
            return Page(found, None)
        cut = max(keys, key=str.encode)  # its versions may go on in the next listing
        whole = [version for version in found if version.key != cut]
        return Page(whole, whole[-1].key)

    def of(self, key: str) -> list[Version]:
        """Listed by its own name as prefix, which sorts first."""
        found: list[Version] = []
        for versions, _ in self._listings(Prefix=key):
            found += [version for version in versions if version.key == key]
            if any(version.key != key for version in versions):
                break
        return found

    def head(self, version: Version) -> Head | None:
        """One HeadObject with checksums."""
        which = {} if version.version == NULL else {"VersionId": version.version}
        try:
            told = self._s3.head_object(Bucket=self.bucket, Key=version.key, ChecksumMode="ENABLED", **which)
        except self._s3.exceptions.ClientError as error:
            status = error.response["ResponseMetadata"]["HTTPStatusCode"]
            if status == 404:
                return None
            if status == 400:  # it is encrypted by a key its writers hold: nothing is told without that
                return Head(version.size, version.etag, "customer")
            with speaking(self.region, f"HeadObject {self.bucket}/{version.key}"):
                raise
        kept = {name: told[f"Checksum{name}"] for name in ALGORITHMS if f"Checksum{name}" in told}
        sums = {name: value for name, value in kept.items() if "-" not in value}  # one put together of parts ends in -N
        encryption = "customer" if "SSECustomerAlgorithm" in told else told.get("ServerSideEncryption", "")
        return Head(told["ContentLength"], told["ETag"].strip('"'), encryption, told.get("ReplicationStatus", ""), sums)

    def _listings(self, **where: str) -> Iterator[tuple[list[Version], bool]]:
        more = True
        while more:
            with speaking(self.region, f"ListObjectVersions {self.bucket}"):
                told = self._s3.list_object_versions(Bucket=self.bucket, **where)
            more = told["IsTruncated"]
            yield merged(told), more
            where = {**where, "KeyMarker": told.get("NextKeyMarker", ""), "VersionIdMarker": told.get("NextVersionIdMarker", "")}

    @cached_property
    def _s3(self) -> Any:
        return self.clients.client("s3", self.region)


def merged(told: dict[str, Any]) -> list[Version]:
    """A listing's versions and markers in the order of their keys, the newest of each first."""
    found = [(each, False) for each in told.get("Versions", ())] + [(each, True) for each in told.get("DeleteMarkers", ())]
    found.sort(key=lambda pair: (pair[0]["Key"].encode(), not pair[0]["IsLatest"], -pair[0]["LastModified"].timestamp()))
    return [
        Version(
            each["Key"],
            each["VersionId"],
            each["IsLatest"],
            marker,
            each.get("Size", 0),
            each.get("ETag", "").strip('"'),
            each.get("StorageClass", ""),
        )
        for each, marker in found
    ]


def of_keys(copy: Copy, keys: Iterable[str]) -> dict[str, list[Version]]:
    """Every version of each key, newest first, by one listing for as many keys as it goes through."""
    found: dict[str, list[Version]] = {}
    waiting = deque(sorted(keys, key=str.encode))
    while waiting:
        page = copy.page(waiting[0][:-1])  # begins before the key, and not far
        if not within(waiting[0], page.upto):
            key = waiting.popleft()
            found[key] = copy.of(key)
            continue
        listed = {key: list(versions) for key, versions in groupby(page.versions, key=attrgetter("key"))}
        while waiting and within(waiting[0], page.upto):
            key = waiting.popleft()
            found[key] = listed.get(key, [])
    return found


def within(key: str, upto: str | None) -> bool:
    """Whether a key is not behind that one, in S3's order."""
    return upto is None or key.encode() <= upto.encode()
