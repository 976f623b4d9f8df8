"""A live stream's copy in the other side's mirror: a Lambda mapping that is enabled or disabled, never made anew.

Neither start nor stop waits: AWS takes up to a minute, and every look at `copied` and `lag` reads the mapping again.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from landbridge.aws.clients import Clients, speaking
from landbridge.model.errors import Refused
from landbridge.model.measure import Lag, Position
from landbridge.model.region import Pair, Region
from landbridge.replicate.heartbeat import MirrorReader, beat
from landbridge.replicate.shards import open_shards

NEVER_READ = "No records processed"  # what Lambda says of a mapping that has not processed any


@dataclass(frozen=True)
class StreamReplicator:
    """The copy of the source's live stream by the replicator function of the source."""

    clients: Clients
    regions: Pair[Region]
    live: str
    mirror: str
    function: str
    clock: Callable[[], float]
    _reader: MirrorReader = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_reader", MirrorReader(self.regions.source, self.mirror, self.clock))

    def copied(self) -> bool:
        """Whether records are copied, or a start or stop is still under way."""
        mapping = self._mapping()
        return mapping is not None and mapping["State"] != "Disabled"

    def begun(self) -> bool:
        """One update begins all of it."""
        return self.copied()

    def start(self) -> None:
        """Enables the mapping, which reads on where it stood; refused where its place is no longer in the stream."""
        mapping = self._mapping()
        if mapping is None:
            raise Refused(self.regions.source, f"copying {self.live}", f"{self.function} has no mapping on it; deploy its stack")
        if mapping["State"] == "Disabled":
            self._demand_place(mapping)
            self._enable(mapping, True)

    def stop(self) -> None:
        """Disables the mapping; it keeps its place for as long as the stream keeps records."""
        mapping = self._mapping()
        if mapping is not None and mapping["State"] == "Enabled":
            self._enable(mapping, False)

    def beat(self) -> None:
        """Writes the time into every shard of the live stream."""
        source = self.regions.source
        with speaking(source, f"heartbeats in {self.live}"):
            beat(self.clients.client("kinesis", source), self.live, source, self.clock())

    def lag(self) -> Lag | None:
        """The age of the newest heartbeat in the mirror, of the shard where it is oldest; None = none copied, or one without."""
        mapping = self._mapping()
        if mapping is None or mapping["State"] not in {"Enabled", "Updating"}:
            return None
        newest, shards = self._newest(), self._shards()
        if not shards or not newest.keys() >= shards:
            return None
        return timedelta(seconds=max(0.0, self.clock() - min(newest[shard] for shard in shards)))

    def position(self) -> Position:
        """The mapping's state, and from how many of the live stream's shards a heartbeat was found in the mirror."""
        mapping = self._mapping()
        shards = self._shards()
        heard = len(shards & self._newest().keys())
        return Position(f"mapping {mapping['State'] if mapping else 'absent'}, {heard} of {len(shards)} shards heard")

    def _newest(self) -> dict[str, float]:
        with speaking(self.regions.target, f"reading {self.mirror}"):
            return dict(self._reader.newest(self.clients.client("kinesis", self.regions.target)))

    def _shards(self) -> set[str]:
        with speaking(self.regions.source, f"ListShards {self.live}"):
            return {each.name for each in open_shards(self.clients.client("kinesis", self.regions.source), self.live)}

    def _mapping(self) -> dict[str, Any] | None:
        source = self.regions.source
        with speaking(source, f"ListEventSourceMappings {self.function}"):
            found = mappings(self.clients.client("lambda", source), self.function)
        ours = [each for each in found if each["EventSourceArn"].endswith(f":stream/{self.live}")]
        if len(ours) > 1:
            raise Refused(source, f"copying {self.live}", f"{self.function} has {len(ours)} mappings on it; delete all but one")
        return ours[0] if ours else None

    def _demand_place(self, mapping: dict[str, Any]) -> None:
        """A mapping that has read and then stood still for longer than the stream keeps records has lost some."""
        source = self.regions.source
        with speaking(source, f"DescribeStreamSummary {self.live}"):
            said = self.clients.client("kinesis", source).describe_stream_summary(StreamName=self.live)
        hours = said["StreamDescriptionSummary"]["RetentionPeriodHours"]
        still = self.clock() - mapping["LastModified"].timestamp()
        if still > hours * 3600 and mapping.get("LastProcessingResult") != NEVER_READ:
            why = f"its mapping was disabled {still / 3600:.0f} h ago and the stream keeps {hours} h, so records are lost to it"
            raise Refused(source, f"copying {self.live}", f"{why}; make the mapping anew and verify the copy")

    def _enable(self, mapping: dict[str, Any], wanted: bool) -> None:  # noqa: FBT001 - what AWS calls it
        with speaking(self.regions.source, f"UpdateEventSourceMapping {self.live}"):
            client = self.clients.client("lambda", self.regions.source, retries=False)
            client.update_event_source_mapping(UUID=mapping["UUID"], Enabled=wanted)


def mappings(client: Any, function: str) -> list[dict[str, Any]]:
    """Everything the function reads; errors are botocore's."""
    pages = client.get_paginator("list_event_source_mappings").paginate(FunctionName=function)
    return [each for page in pages for each in page["EventSourceMappings"]]
