"""What a call to S3 changed, read off the call and its answer as they pass the front door."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import parse_qs, unquote, urlsplit
from xml.etree import ElementTree as ET

JOBS = "/v20180820/jobs"
OURS = "x-landbridge-replica"  # a header by which the agent's own writes are known
VERSION = "x-amz-version-id"
SIGNED, S3 = "X-Amz-", "/s3/aws4_request"  # how a call in the query says who signed it, and for which service
NULL = "null"  # the version of what was put before versions were kept


class Kind(StrEnum):
    """What happened."""

    PUT = "put"
    MARKER = "marker"
    TAGS = "tags"
    RULE = "rule"
    DELETE = "delete"  # of one version, for good
    LOOK = "look"  # unknown: nobody heard the answer


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a bucket or of one version in it."""

    kind: Kind
    bucket: str
    key: str = ""
    version: str = NULL


@dataclass(frozen=True, slots=True)
class Call:
    """A call to S3, by path."""

    method: str
    bucket: str
    key: str
    query: Mapping[str, str]
    given_away: bool = False  # signed in the query, by whoever let somebody else make the call

    @property
    def about_many(self) -> bool:
        """Whether only the answer's body tells what was deleted."""
        return self.method == "POST" and not self.key and "delete" in self.query

    @property
    def writes(self) -> bool:
        """Whether it changes an object."""
        plain = self.query.keys() <= {"x-id", "versionId", "tagging"}
        finishes = self.method == "POST" and "uploadId" in self.query
        return bool(self.key) and (finishes or (self.method in {"PUT", "DELETE"} and plain))


def call(method: str, raw_path: str) -> Call:
    """The call a request line makes."""
    split = urlsplit(raw_path)
    bucket, _, key = split.path.lstrip("/").partition("/")
    told = {name: values[0] for name, values in parse_qs(split.query, keep_blank_values=True).items()}
    query = {name: value for name, value in told.items() if not name.startswith(SIGNED)}
    return Call(method, bucket, unquote(key), query, S3 in told.get(f"{SIGNED}Credential", ""))


def changes(made: Call, headers: Mapping[str, str], body: bytes) -> list[Change]:
    """What a call that was granted changed."""
    if made.about_many:
        return list(_many(made.bucket, body))
    if not made.key:
        about_rules = made.method in {"PUT", "DELETE"} and (made.query.keys() == {"replication"} or not made.query)
        return [Change(Kind.RULE, made.bucket)] if about_rules else []
    return [_one(made, headers)] if made.writes else []


def _one(made: Call, headers: Mapping[str, str]) -> Change:
    version = made.query.get("versionId") or headers.get(VERSION, NULL)
    if "tagging" in made.query:
        return Change(Kind.TAGS, made.bucket, made.key, version)
    if made.method != "DELETE":
        return Change(Kind.PUT, made.bucket, made.key, version)
    marker = "versionId" not in made.query and headers.get("x-amz-delete-marker") == "true"
    return Change(Kind.MARKER if marker else Kind.DELETE, made.bucket, made.key, version)


def _many(bucket: str, body: bytes) -> Iterator[Change]:
    """Each of what one call deleted."""
    for each in ET.fromstring(body):  # noqa: S314 - the emulator's own answer
        told = {field.tag.rpartition("}")[2]: field.text or "" for field in each}
        if each.tag.rpartition("}")[2] != "Deleted":
            continue
        if "VersionId" in told:
            yield Change(Kind.DELETE, bucket, told["Key"], told["VersionId"])
        elif told.get("DeleteMarker") == "true":
            yield Change(Kind.MARKER, bucket, told["Key"], told.get("DeleteMarkerVersionId", NULL))
