"""The function that copies this region's live stream into the other region's mirror, and what rings when it falls behind.

Its mapping is made disabled and begins at the oldest record: a copy runs from when the migration switches it on. Records
that can't be copied are set aside by the function itself; the mapping never gives one up.
"""

from aws_cdk import App

from landbridge.platforms.constructs.alarms import Metric, Rings, alarm, asks_for_topic
from landbridge.platforms.constructs.functions import Code, Made, function
from landbridge.platforms.constructs.peering import REGION_PATTERN
from landbridge.platforms.trading.common import TradingStack
from landbridge.platforms.trading.streams import READS
from landbridge.platforms.words import Json, allow, ref, sub

BATCH, WINDOW = 1000, 1
TIMEOUT, MEMORY = 60, 512
BEHIND = 300_000  # milliseconds (TR-5.1)


class Replicator(TradingStack):
    """The function, its mapping, its alarms."""

    def __init__(self, app: App) -> None:
        super().__init__(app, "replicator", "copies this region's market data to the other region")
        asks_for_topic(self)
        code = Code.of(self)
        for name, what in {
            "DataKeyArn": "The region's key for stored data: output of the keys stack",
            "PeerDataKeyArn": "The other region's key for stored data: output of the keys stack there",
            "LiveStreamArn": "The stream that is copied: output of the streams stack",
            "MirrorStreamName": "The stream it is copied into: output of the streams stack of the other region",
            "MirrorStreamArn": "That stream's ARN: output of the streams stack of the other region",
            "SetAsideBucket": "Where records lie that can't be copied: output of the streams stack",
        }.items():
            self.asks(name, what)
        named = "the name of an AWS region, like eu-central-1"
        self.asks("PeerRegion", "The other region", allowed_pattern=REGION_PATTERN, constraint_description=named)
        variables = {
            "LIVE_STREAM_ARN": ref("LiveStreamArn"),
            "MIRROR_REGION": ref("PeerRegion"),
            "MIRROR_STREAM": ref("MirrorStreamName"),
            "SET_ASIDE_BUCKET": ref("SetAsideBucket"),
        }
        does = "Copies this region's market data into the other region's mirror"
        made = Made("Replicator", "replicator", "landbridge.agents.replicator.handler", does, TIMEOUT, MEMORY)
        function(self, code, made, self._statements(), variables)
        self._mapping()
        self._alarms()
        self.tell("ReplicatorFunctionName", ref("ReplicatorFunction"), "replicator", "The function that copies market data")

    def _mapping(self) -> None:
        """One batch of a shard at a time, or other keys' records would overtake end markers; nothing is ever given up."""
        properties = {
            "FunctionName": ref("ReplicatorFunction"),
            "EventSourceArn": ref("LiveStreamArn"),
            "StartingPosition": "TRIM_HORIZON",
            "Enabled": False,
            "BatchSize": BATCH,
            "MaximumBatchingWindowInSeconds": WINDOW,
            "ParallelizationFactor": 1,
            "BisectBatchOnFunctionError": True,
            "MaximumRetryAttempts": -1,
            "MaximumRecordAgeInSeconds": -1,
            "FunctionResponseTypes": ["ReportBatchItemFailures"],
        }
        role = self.node.find_child("ReplicatorRole")
        made = self.make("LiveMapping", "AWS::Lambda::EventSourceMapping", properties, after=[role])
        self.tell("LiveMappingId", made.ref, "replicator-mapping", "The mapping by which the copy is switched on and off")

    def _statements(self) -> list[Json]:
        return [
            allow("ReadStream", [f"kinesis:{verb}" for verb in READS], ref("LiveStreamArn")),
            allow("PutMirror", ["kinesis:PutRecords"], ref("MirrorStreamArn")),
            allow("UseKey", ["kms:Decrypt", "kms:GenerateDataKey"], ref("DataKeyArn")),
            allow("UsePeerKey", ["kms:GenerateDataKey"], ref("PeerDataKeyArn")),
            allow("SetAside", ["s3:PutObject"], sub("arn:${AWS::Partition}:s3:::${SetAsideBucket}/replicator/*")),
        ]

    def _alarms(self) -> None:
        """A copy that is switched off has no age and makes no calls: silence is no alarm here, the lag's own alarm rings."""
        of = {"FunctionName": self.named("replicator")}
        age, errors = Metric("AWS/Lambda", "IteratorAge", of, "Maximum"), Metric("AWS/Lambda", "Errors", of, "Sum")
        late = "The replicator is more than five minutes behind its stream"
        alarm(self, "replicator-age", late, age, Rings(BEHIND))
        alarm(self, "replicator-errors", "The replicator is ended in the midst of batches", errors, Rings(0))
