"""What stands in the way of copying streams between two regions, as sentences; nothing is changed.

Quotas differ between regions by two orders of magnitude, and streams that differ in shards, age or encryption fail late.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from landbridge.aws.clients import Clients, said, speaking
from landbridge.model.hearts import Shard
from landbridge.model.region import Pair, Region
from landbridge.replicate.shards import open_shards

RECORD_KIB = 1024  # what the replicator copies at most; a mirror's record must hold it
MAPPING = {
    "FunctionResponseTypes": ["ReportBatchItemFailures"],
    "MaximumRecordAgeInSeconds": -1,
    "MaximumRetryAttempts": -1,
    "ParallelizationFactor": 1,
    "StartingPosition": "TRIM_HORIZON",
}


@dataclass(frozen=True, slots=True)
class Found:
    """A stream as it stands."""

    region: Region
    name: str
    summary: dict[str, Any]
    shards: tuple[Shard, ...]

    @property
    def on_demand(self) -> bool:
        """Whether its shards change by themselves."""
        return bool(self.summary.get("StreamModeDetails", {}).get("StreamMode") == "ON_DEMAND")

    def __str__(self) -> str:
        return f"{self.name} in {self.region}"


@dataclass(frozen=True)
class StreamPreflight:
    """Looks at the live and mirror streams of both regions; the target's may not stand yet."""

    clients: Clients
    regions: Pair[Region]
    live: str
    mirror: str
    retention_hours: int

    def obstacles(self) -> tuple[str, ...]:
        """One sentence each, with the fix; none = streams can be copied."""
        found = {(region, name): self._stream(region, name) for region in self.regions for name in (self.live, self.mirror)}
        streams = [each for each in found.values() if each]
        source = found[self.regions.source, self.live]
        if source is None:
            return (f"{self.regions.source} has no stream {self.live}; name the stream the feeds put into",)
        alone = [sentence for each in streams for sentence in self._alone(each)]
        missing = [region for (region, _), each in found.items() if each is None]
        return tuple(alone + self._room(source, missing) + self._alike(source, found[self.regions.target, self.mirror]))

    def _stream(self, region: Region, name: str) -> Found | None:
        kinesis = self.clients.client("kinesis", region)
        with speaking(region, f"DescribeStreamSummary {name}"):
            try:
                summary = kinesis.describe_stream_summary(StreamName=name)["StreamDescriptionSummary"]
            except ClientError as error:
                if said(error) == "ResourceNotFoundException":
                    return None
                raise
            return Found(region, name, summary, open_shards(kinesis, name))

    def _alone(self, found: Found) -> Iterator[str]:
        if found.on_demand:
            yield f"{found} is on demand, and end markers count only while its shards stay; make it provisioned"
        if (hours := found.summary["RetentionPeriodHours"]) < self.retention_hours:
            yield f"{found} keeps records {hours} h, {self.retention_hours} h are wanted; raise its retention"
        if found.summary.get("EncryptionType", "NONE") == "NONE":
            yield f"{found} is not encrypted; encrypt it with the region's key"
        if found.summary.get("MaxRecordSizeInKiB", RECORD_KIB) > RECORD_KIB:
            yield f"{found} takes records over {RECORD_KIB} KiB, which the replicator sets aside; lower its record size"

    def _room(self, source: Found, missing: list[Region]) -> list[str]:
        """Whether each region may have as many more shards, or streams on demand, as must still be made there."""
        told = []
        for region in sorted(set(missing)):
            with speaking(region, "DescribeLimits"):
                limits = self.clients.client("kinesis", region).describe_limits()
            room, need = limits["ShardLimit"] - limits["OpenShardCount"], missing.count(region) * len(source.shards)
            what = "shards"
            if source.on_demand:
                room, need = limits["OnDemandStreamCountLimit"] - limits["OnDemandStreamCount"], missing.count(region)
                what = "streams on demand"
            if room < need:
                told.append(f"{region} allows {max(0, room)} more {what} and {need} are needed; ask AWS for a higher quota there")
        return told

    def _alike(self, source: Found, mirror: Found | None) -> list[str]:
        if mirror is None or [(each.low, each.high) for each in source.shards] == [
            (each.low, each.high) for each in mirror.shards
        ]:
            return []
        cut = f"{source} and {mirror} are cut into shards differently ({len(source.shards)} and {len(mirror.shards)})"
        return [f"{cut}, so an end marker would speak for other records; cut the mirror alike"]


def mapping_obstacles(mapping: dict[str, Any]) -> tuple[str, ...]:
    """Settings under which a mapping would lose records, or carry them past an end marker."""
    wrong = [(name, value) for name, value in MAPPING.items() if mapping.get(name) != value]
    return tuple(f"the replicator's mapping has {name} {mapping.get(name)}; set it to {value}" for name, value in wrong)
