"""The function that processes the market: of its own region's live stream and of the mirror, while the region has the pen.

Both mappings begin at the oldest record there is: what came before they were live is read too. Which of them reads is
the migration's business: a deploy leaves them as they are.
"""

from aws_cdk import App

from landbridge.platforms.trading.common import TradingStack
from landbridge.platforms.trading.functions import ANALYTICS, PENS, Code, Made, function, keys_of
from landbridge.platforms.trading.streams import READS
from landbridge.platforms.words import Json, allow, ref, sub

BATCH, WINDOW, PARALLEL, RETRIES = 100, 10, 5, 3
TIMEOUT = 60


class Transform(TradingStack):
    """The function and its two mappings."""

    def __init__(self, app: App) -> None:
        super().__init__(app, "transform", "Trading analytics: processes the market's records of this region")
        code = Code.of(self)
        self._key = self.asks("DataKeyArn", "The region's key for stored data: output of the keys stack")
        self._history = self.asks("HistoryBucket", "The bucket of the history: output of the history stack")
        self._aside = self.asks("SetAsideBucket", "Where records lie that can't be processed: output of the streams stack")
        streams = {name: self.asks(f"{name}StreamArn", "Output of the streams stack") for name in ("Live", "Mirror")}
        reading = "Whether the mapping reads when it is made; afterwards the migration says"
        self.asks("Reading", reading, default="false", allowed_values=["true", "false"])
        made = Made("Transform", "transform", "Puts the market's records into the analytics table and the history", TIMEOUT)
        buckets = {"HISTORY_BUCKET": self._history, "SET_ASIDE_BUCKET": self._aside}
        function(self, code, made, self._statements(list(streams.values())), variables=buckets)
        for name, arn in streams.items():
            self._mapping(name, arn)
        self.tell("TransformFunctionName", ref("TransformFunction"), "transform", "The function that processes the market")

    def _mapping(self, name: str, stream: Json) -> None:
        properties = {
            "FunctionName": ref("TransformFunction"),
            "EventSourceArn": stream,
            "StartingPosition": "TRIM_HORIZON",
            "Enabled": ref("Reading"),
            "BatchSize": BATCH,
            "MaximumBatchingWindowInSeconds": WINDOW,
            "ParallelizationFactor": PARALLEL,
            "BisectBatchOnFunctionError": True,
            "MaximumRetryAttempts": RETRIES,
            "FunctionResponseTypes": ["ReportBatchItemFailures"],
            "DestinationConfig": {"OnFailure": {"Destination": sub("arn:${AWS::Partition}:s3:::${SetAsideBucket}")}},
        }
        policy = self.node.find_child("TransformRole")
        made = self.make(f"{name}Mapping", "AWS::Lambda::EventSourceMapping", properties, after=[policy])
        self.tell(f"{name}MappingId", made.ref, f"{name.lower()}-mapping", f"The mapping of the {name.lower()} stream")

    def _statements(self, streams: list[Json]) -> list[Json]:
        analytics, pens = self.arn("dynamodb", ANALYTICS), self.arn("dynamodb", PENS)
        history = sub("arn:${AWS::Partition}:s3:::${HistoryBucket}/ticks/*")
        aside = [sub("arn:${AWS::Partition}:s3:::${SetAsideBucket}" + rest) for rest in ("", "/*")]
        return [
            allow("ReadStreams", [f"kinesis:{verb}" for verb in READS], streams),
            allow("UseKey", ["kms:Decrypt", "kms:GenerateDataKey"], self._key),
            allow("PutRows", ["dynamodb:BatchWriteItem", "dynamodb:PutItem"], analytics),
            allow("ReadPen", ["dynamodb:GetItem"], pens, keys_of("StringEquals", "pen#market", "passed#market")),
            allow("NoteMarkers", ["dynamodb:PutItem"], pens, keys_of("StringEquals", "passed#market")),
            allow("PutHistory", ["s3:PutObject"], history),
            allow("SetAside", ["s3:PutObject", "s3:ListBucket"], aside),
        ]
