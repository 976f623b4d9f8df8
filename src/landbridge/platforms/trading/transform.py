"""The function that processes the market: of its own region's live stream and of the mirror, while the region has the pen.

The migration makes its mappings, begins them anew from a moment and stops them (decision 0062). Whoever runs the platform by
templates alone has them made here: they begin at the oldest record there is, so what came before they were live is read too.
"""

from aws_cdk import App, CfnCondition, Fn

from landbridge.model import reading
from landbridge.model.market import Stream
from landbridge.platforms.constructs.functions import Made
from landbridge.platforms.trading.common import TradingStack
from landbridge.platforms.trading.functions import ANALYTICS, PENS, Code, function, handled, keys_of
from landbridge.platforms.trading.streams import READS
from landbridge.platforms.words import Json, allow, ref, sub

TIMEOUT = 60
READING = "Reads"


class Transform(TradingStack):
    """The function, and its two mappings where nobody else makes them."""

    def __init__(self, app: App) -> None:
        super().__init__(app, "transform", "processes the market's records of this region")
        code = Code.of(self)
        self._key = self.asks("DataKeyArn", "The region's key for stored data: output of the keys stack")
        self._history = self.asks("HistoryBucket", "The bucket of the history: output of the history stack")
        self._aside = self.asks("SetAsideBucket", "Where records lie that can't be processed: output of the streams stack")
        streams = {name: self.asks(f"{name}StreamArn", "Output of the streams stack") for name in ("Live", "Mirror")}
        reads = "'true' makes mappings that read in this region, where no migration makes them; in one region at most"
        self.asks("Reading", reads, default="false", allowed_values=["true", "false"])
        said = self.node.find_child("Reading").value_as_string
        CfnCondition(self, READING, expression=Fn.condition_equals(said, "true"))
        does = "Puts the market's records into the analytics table and the history"
        made = Made("Transform", "transform", handled("transform"), does, TIMEOUT)
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
            "Enabled": True,
            **reading.settings(Stream[name.upper()]),
            "DestinationConfig": reading.on_failure(sub("arn:${AWS::Partition}:s3:::${SetAsideBucket}")),
        }
        policy = self.node.find_child("TransformRole")
        self.make(f"{name}Mapping", "AWS::Lambda::EventSourceMapping", properties, after=[policy], when=READING)

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
