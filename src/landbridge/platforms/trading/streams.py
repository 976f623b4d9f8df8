"""A region's two streams of market data: what the feeds put here, and what was copied from the other side.

The replicator writes into the other side's mirror, never into its live stream. Streams are provisioned, because an end
marker goes into every shard and counts only while the shards stay as they are.
"""

from aws_cdk import App

from landbridge.model.shards import FILL, SHARD_RECORDS, shards_for
from landbridge.platforms.constructs.buckets import bucket
from landbridge.platforms.constructs.emptying import empties
from landbridge.platforms.trading.common import TradingStack
from landbridge.platforms.words import Json, att, ref

WANTED = (10_000, 250)  # records a second at the busiest, and bytes of each: [market] of the configuration says other ones
STREAMS = {"Live": "what the feeds put in this region", "Mirror": "what was copied from the other region"}
READS = ["DescribeStream", "DescribeStreamSummary", "GetRecords", "GetShardIterator", "ListShards"]  # a mapping's calls
METRICS = [
    "IncomingBytes",
    "IncomingRecords",
    "IteratorAgeMilliseconds",
    "OutgoingBytes",
    "OutgoingRecords",
    "ReadProvisionedThroughputExceeded",
    "WriteProvisionedThroughputExceeded",
]


class Streams(TradingStack):
    """Both streams, alike in both regions, and the bucket for records that can't be processed."""

    def __init__(self, app: App) -> None:
        super().__init__(app, "streams", "this region's streams of market data")
        key = self.asks("DataKeyArn", "The region's key for stored data: output of the keys stack")
        emptier = self.asks("EmptierArn", "The function that empties buckets: output of the artifacts stack")
        shards = f"Shards of each stream: {WANTED[0]:,} records/s over {SHARD_RECORDS:,} a shard, each {FILL:.0%} full"
        count = self.asks("ShardCount", shards, type="Number", default=shards_for(*WANTED), min_value=1, max_value=500)
        kept = "How many hours a stream keeps a record"
        hours = self.asks("StreamRetentionHours", kept, type="Number", default=168, min_value=24, max_value=8760)
        for name, what in STREAMS.items():
            self._stream(name, what, {"RetentionPeriodHours": hours, "ShardCount": count}, key)
        empties(self, bucket(self, "SetAside", "set-aside", key, []), emptier)
        what = "Where records lie that can't be processed, each with its position"
        self.tell("SetAsideBucket", ref("SetAside"), "set-aside", what)
        self.tell("SetAsideBucketArn", att("SetAside", "Arn"), "set-aside-arn", "That bucket's ARN")

    def _stream(self, name: str, what: str, sized: dict[str, Json], key: Json) -> None:
        kind = name.lower()
        properties = {
            "Name": self.named(kind),
            "StreamModeDetails": {"StreamMode": "PROVISIONED"},
            **sized,
            "StreamEncryption": {"EncryptionType": "KMS", "KeyId": key},
            "DesiredShardLevelMetrics": METRICS,
        }
        self.make(f"{name}Stream", "AWS::Kinesis::Stream", properties)
        self.tell(f"{name}StreamName", ref(f"{name}Stream"), f"{kind}-stream", f"The {kind} stream: {what}")
        self.tell(f"{name}StreamArn", att(f"{name}Stream", "Arn"), f"{kind}-stream-arn", f"The {kind} stream's ARN")
