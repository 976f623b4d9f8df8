"""Copies one version, marker or set of tags to the other side, by calls that are marked as the agent's own."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import quote

from botocore.exceptions import ClientError

from landbridge.aws.clients import Clients, said, speaking
from landbridge.model.errors import Refused
from landbridge.model.region import Region
from landbridge.rehearse.fabric.ask import ask
from landbridge.rehearse.fabric.objects.calls import NULL, OURS
from landbridge.rehearse.fabric.objects.ledger import Place
from landbridge.rehearse.fabric.objects.rules import Rule

ARCHIVED = frozenset({"GLACIER", "DEEP_ARCHIVE"})
CARRIED = ("CacheControl", "ContentDisposition", "ContentEncoding", "ContentLanguage", "ContentType", "Metadata", "StorageClass")


class Gone(Exception):
    """What was to be copied is no longer there."""


class Passed(Exception):
    """No rule wants it after all."""


class S3(Protocol):
    """What a copy takes, in boto3's words."""

    async def get_object(self, *, Bucket: str, Key: str, VersionId: str = "") -> dict[str, Any]:  # noqa: N803 - boto3's words
        """A version, or the newest; its body whole."""

    async def put_object(self, *, Bucket: str, Key: str, Body: bytes, **given: Any) -> dict[str, str]:  # noqa: N803
        """On top."""

    async def delete_object(self, *, Bucket: str, Key: str, VersionId: str = "") -> dict[str, str]:  # noqa: N803
        """A marker, or one version for good."""


@dataclass(frozen=True)
class Copier:
    """Speaks to both sides through their front doors; errors come in our words."""

    clients: Clients
    s3: Mapping[Region, S3]

    async def copy(self, source: Place, rule: Rule, target: Region) -> Place:
        """The version's copy, with its metadata and tags."""
        with speaking(source.region, f"copying {source.key}"):
            found, tags = await self._read(source)
        if source.version == NULL or found.get("StorageClass") in ARCHIVED:
            why = "it has no version" if source.version == NULL else "it is archived; restoring alone does not change its class"
            raise Refused(source.region, f"copying {source.key}", why)
        if not rule.takes(tags):
            raise Passed
        given = {name: found[name] for name in CARRIED if found.get(name)}
        if rule.storage_class:
            given["StorageClass"] = rule.storage_class
        if tags:
            given["Tagging"] = "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in sorted(tags.items()))
        with speaking(target, f"copying {source.key}"):
            told = await self.s3[target].put_object(Bucket=rule.bucket, Key=source.key, Body=found["Body"], **given)
        return Place(target, rule.bucket, source.key, told.get("VersionId", NULL))

    async def mark(self, source: Place, rule: Rule, target: Region) -> Place:
        """A delete marker like the source's."""
        with speaking(target, f"marking {source.key}"):
            told = await self.s3[target].delete_object(Bucket=rule.bucket, Key=source.key)
        return Place(target, rule.bucket, source.key, told.get("VersionId", NULL))

    async def tag(self, source: Place, target: Place) -> None:
        """The same tags at the other side."""
        tags = await self._tags(source)
        await ask(self.clients, "s3", target.region, "put_object_tagging", **_which(target), Tagging={"TagSet": tags})

    async def remove(self, place: Place) -> None:
        """For good; nothing copies that."""
        with speaking(place.region, f"removing {place.key}"):
            await self.s3[place.region].delete_object(**_which(place))

    async def _read(self, source: Place) -> tuple[dict[str, Any], dict[str, str]]:
        try:
            found = await self.s3[source.region].get_object(**_which(source))
        except ClientError as error:
            if said(error) in {"NoSuchKey", "NoSuchVersion"}:
                raise Gone from error
            raise
        tagged = await self._tags(source) if found.get("TagCount") else []
        return found, {tag["Key"]: tag["Value"] for tag in tagged}

    async def _tags(self, source: Place) -> list[dict[str, str]]:
        told = await ask(self.clients, "s3", source.region, "get_object_tagging", **_which(source))
        return list(told["TagSet"])


def marked(clients: Clients, regions: tuple[Region, ...]) -> Clients:
    """The same clients, every call of which says that it is the agent's."""
    for region in regions:
        clients.client("s3", region).meta.events.register("before-call.s3", _say)
    return clients


def _say(params: dict[str, Any], **_rest: Any) -> None:
    params["headers"][OURS] = "1"


def _which(place: Place) -> dict[str, str]:
    named = {"Bucket": place.bucket, "Key": place.key}
    return named if place.version == NULL else {**named, "VersionId": place.version}


def _quoted(text: str) -> str:
    return quote(text, safe="")
