"""What a bucket holds by storage class, and what of it S3 will not copy and why: as figures, and as sentences.

Counted from a listing with one request a version, or for 10^9 versions from the inventory by one text of SQL. What AWS does
not promise to copy counts as left behind: better one object restored for nothing than one lost.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from botocore.exceptions import ClientError

from landbridge.aws.clients import Clients, said, speaking
from landbridge.model.held import CUSTOMERS, Group, Reason, why_not
from landbridge.model.measure import Survey
from landbridge.model.region import Pair, Region
from landbridge.model.state import is_reserved

AT_ONCE = 8  # requests
GIB = 1 << 30
NULL = "null"
STALE_HOURS = 48.0  # an inventory is delivered daily
CENSUS = """
SELECT coalesce(storage_class, ''), coalesce(encryption_status, ''), coalesce(version_id, '') NOT IN ('', 'null'),
       CAST(is_delete_marker AS varchar) = 'true', '', count(*),
       coalesce(sum(CAST(nullif(CAST(size AS varchar), '') AS bigint)), 0)
FROM {table} GROUP BY 1, 2, 3, 4
"""


@dataclass(frozen=True, slots=True)
class Version:
    """One version or marker of a listing."""

    key: str
    version: str
    size: int
    group: Group


@dataclass(frozen=True, slots=True)
class Tally:
    """How many versions, and how large together."""

    versions: int
    size: int

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.versions + other.versions, self.size + other.size)


@dataclass(frozen=True, slots=True)
class Retrieval:
    """What restoring from an archive takes and costs, in one tier."""

    tier: str
    hours: float
    per_gib: float  # USD
    per_thousand: float  # USD


# Amazon S3 pricing and user guide for us-east-1 as remembered in 2025: check before a promise is made
BULK = {
    "GLACIER": Retrieval("BULK", 12.0, 0.0, 0.025),
    "DEEP_ARCHIVE": Retrieval("BULK", 48.0, 0.0025, 0.025),
}


@dataclass(frozen=True)
class Census:
    """Everything a bucket holds, by what decides about it."""

    groups: Mapping[Group, Tally]
    age_hours: float = 0.0  # of the inventory it is from
    unusable: Mapping[str, str] = field(default_factory=dict)  # keys of KMS, and what is wrong with each

    def classes(self) -> dict[str, Tally]:
        """By storage class; markers have none."""
        return _sums((group.storage_class, tally) for group, tally in self.groups.items() if not group.marker)

    def held(self) -> dict[Reason, Tally]:
        """What stays behind."""
        reasons = ((why_not(group, self.unusable), tally) for group, tally in self.groups.items())
        return _sums((reason, tally) for reason, tally in reasons if reason is not None)

    def figures(self) -> dict[str, int]:
        """Every figure by name."""
        named = {f"class {name}": tally for name, tally in self.classes().items()}
        named |= {f"stays behind: {reason}": tally for reason, tally in self.held().items()}
        each = [(f"{name}, versions", tally.versions) for name, tally in sorted(named.items())]
        return dict(each + [(f"{name}, bytes", tally.size) for name, tally in sorted(named.items())])

    def sentences(self, prices: Mapping[str, Retrieval] = BULK) -> tuple[str, ...]:
        """What stays behind, why, and what to do."""
        return tuple(said for _, said in self.told(prices))

    def told(self, prices: Mapping[str, Retrieval] = BULK) -> Iterator[tuple[Reason | None, str]]:
        """Each sentence with its reason; None = it speaks of no versions."""
        for reason, tally in self.held().items():
            if reason is not Reason.ARCHIVED:
                yield reason, _sentence(reason, tally)
        for name, tally in self.classes().items():
            if name in prices:
                yield Reason.ARCHIVED, _restoring(name, tally, prices[name])
        for key, state in self.unusable.items():
            yield Reason.KEY, f"key {key} is {state}, and what it encrypts can't be read; make it usable"
        if self.age_hours > STALE_HOURS:
            old = f"the inventory is {self.age_hours:.0f} h old and tells nothing of what came since"
            yield None, f"{old}; wait for the next"


def counted(rows: Iterable[tuple[Any, ...]], age_hours: float) -> Census:
    """From the rows CENSUS gives."""
    return Census({Group(*row[:5]): Tally(int(row[5]), int(row[6])) for row in rows}, age_hours)


def listed(clients: Clients, region: Region, bucket: str) -> Census:
    """From a listing and one HEAD a version, keys of KMS looked at too."""
    found = [(each.group, Tally(1, each.size)) for each in versions(clients, region, bucket)]
    keys = sorted({group.key for group, _ in found if group.key})
    states = {key: _state(clients, region, key) for key in keys}
    return Census(_sums(found), unusable={key: state for key, state in states.items() if state != "Enabled"})


def versions(clients: Clients, region: Region, bucket: str) -> Iterator[Version]:
    """Every version and marker there is, heartbeats left out."""
    s3 = clients.client("s3", region)
    with speaking(region, f"listing {bucket}"), ThreadPoolExecutor(AT_ONCE) as pool:
        for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket):
            for each in _people(page.get("DeleteMarkers", ())):
                group = Group("", "", each["VersionId"] != NULL, marker=True)
                yield Version(each["Key"], each["VersionId"], 0, group)
            held = list(_people(page.get("Versions", ())))
            for each, group in zip(held, pool.map(partial(_group, s3, bucket), held), strict=True):
                yield Version(each["Key"], each["VersionId"], each["Size"], group)


def _people(listed: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    return (each for each in listed if not is_reserved(each["Key"]))


def _group(s3: Any, bucket: str, each: Mapping[str, Any]) -> Group:
    versioned = each["VersionId"] != NULL
    which = {"VersionId": each["VersionId"]} if versioned else {}
    try:
        told = s3.head_object(Bucket=bucket, Key=each["Key"], **which)
    except ClientError as error:
        if said(error) not in {"400", "BadRequest"}:  # S3 tells nothing of it without the writer's key
            raise
        return Group(each["StorageClass"], CUSTOMERS, versioned, marker=False)
    encryption = CUSTOMERS if "SSECustomerAlgorithm" in told else told.get("ServerSideEncryption", "")
    return Group(each["StorageClass"], encryption, versioned, marker=False, key=told.get("SSEKMSKeyId", ""))


def _state(clients: Clients, region: Region, key: str) -> str:
    with speaking(region, f"DescribeKey {key}"):
        try:
            return str(clients.client("kms", region).describe_key(KeyId=key)["KeyMetadata"]["KeyState"])
        except ClientError as error:
            if said(error) == "NotFoundException":
                return "gone"
            raise


@dataclass(frozen=True)
class ObjectsPreflight:
    """Looks at both buckets; the target's may not stand yet."""

    clients: Clients
    regions: Pair[Region]
    buckets: Pair[str]
    census: Callable[[], Census]
    leave: Mapping[Reason, str] = field(default_factory=dict)  # what may stay behind, by whose decision and why

    def survey(self) -> Survey:
        """Versions and bytes by class, and one sentence for whatever can't be copied, with the fix or whose decision it is."""
        source, target = (self._versioning(*each) for each in zip(self.regions, self.buckets, strict=True))
        if source is None:
            return Survey((f"{self.regions.source} has no bucket {self.buckets.source}; name the bucket that holds the history",))
        named = zip(self.regions, self.buckets, (source, target), strict=True)
        off = [f"{bucket} in {region}" for region, bucket, state in named if state not in {None, "Enabled"}]
        told = [f"{each} keeps no versions, and S3 copies versions only; switch versioning on" for each in off]
        census = self.census()
        said = list(census.told())
        blocks = [sentence for reason, sentence in said if reason not in self.leave]
        left = [f"{sentence}: {self.leave[reason]}" for reason, sentence in said if reason and reason in self.leave]
        return Survey((*told, *blocks), tuple(left), census.figures())

    def _versioning(self, region: Region, bucket: str) -> str | None:
        with speaking(region, f"GetBucketVersioning {bucket}"):
            try:
                return str(self.clients.client("s3", region).get_bucket_versioning(Bucket=bucket).get("Status", "Off"))
            except ClientError as error:
                if said(error) == "NoSuchBucket":
                    return None
                raise


def _sums(pairs: Iterable[tuple[Any, Tally]]) -> dict[Any, Tally]:
    counts: Counter[Any] = Counter()
    sizes: Counter[Any] = Counter()
    for name, tally in pairs:
        counts[name] += tally.versions
        sizes[name] += tally.size
    return {name: Tally(counts[name], sizes[name]) for name in sorted(counts, key=str)}


def _sentence(reason: Reason, tally: Tally) -> str:
    fixes = {
        Reason.CUSTOMERS_KEY: "have their writers put them again without it, or leave them by decision",
        Reason.NO_VERSION: "copy each over itself, which gives it a version",
        Reason.KEY: "make the key usable",
    }
    return f"{tally.versions} versions ({_gib(tally.size)}) are {reason} and will not be copied; {fixes[reason]}"


def _restoring(name: str, tally: Tally, price: Retrieval) -> str:
    cost = tally.size / GIB * price.per_gib + tally.versions / 1000 * price.per_thousand
    how = f"{price.tier.lower()} restore takes up to {price.hours:g} h and about {cost:,.2f} USD"
    what = f"{tally.versions} versions ({_gib(tally.size)}) lie in {name} and are not copied"
    return f"{what}; {how}, and then each must be put over itself in another class"


def _gib(size: int) -> str:
    return f"{size / GIB:,.1f} GiB"
