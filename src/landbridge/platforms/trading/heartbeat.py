"""A region's own heart: beats into each of its stores every minute, whoever leads a migration or nobody.

Its alarms ring when a store is not written to, and when the function itself is silent: a heart that stopped says nothing.
The database has none here, because its writer moves with the cluster: Aurora tells that copy's age.
"""

from aws_cdk import App

from landbridge.model.hearts import HEARTBEATS, TABLES
from landbridge.model.metrics import HEARTBEAT, HEARTS, NAMESPACE
from landbridge.model.state import RESERVED
from landbridge.platforms.constructs.alarms import BELOW, SILENCE_RINGS, Metric, Rings, alarm, asks_for_topic
from landbridge.platforms.constructs.functions import Code, Made, function
from landbridge.platforms.trading.common import TradingStack
from landbridge.platforms.words import Json, allow, att, ref, sub

TIMEOUT = 20  # each store may take its time, and what has failed is not tried again before the next minute


class Heartbeat(TradingStack):
    """The function, its clock, and an alarm a store."""

    def __init__(self, app: App) -> None:
        super().__init__(app, "heartbeat", "beats into every store of this region, and rings when it stops")
        asks_for_topic(self)
        code = Code.of(self)
        key = self.asks("DataKeyArn", "The region's key for stored data: output of the keys stack")
        history = self.asks("HistoryBucket", "The bucket of the history: output of the history stack")
        live = self.asks("LiveStreamName", "What the feeds put in this region: output of the streams stack")
        tables = {f"{store.upper()}_TABLE": self.named(store) for store in TABLES}
        variables = {"SUFFIX": ref("EnvironmentSuffix"), "HISTORY_BUCKET": history, "LIVE_STREAM": live, **tables}
        does = "Beats into every store of this region"
        made = Made("Heartbeat", "heartbeat", "landbridge.agents.heartbeat.handler", does, timeout=TIMEOUT)
        function(self, code, made, self._statements(key), variables, ReservedConcurrentExecutions=1)
        self._clock()
        for store in HEARTS:
            self._alarm(store)
        self.tell("HeartbeatFunctionName", ref("HeartbeatFunction"), "heartbeat", "The function that beats into every store")

    def _statements(self, key: Json) -> list[Json]:
        tables = [self.arn("dynamodb", f"table/trading-analytics-{store}-${{EnvironmentSuffix}}") for store in TABLES]
        own = {
            "ForAllValues:StringEquals": {"dynamodb:LeadingKeys": [sub(f"{RESERVED}heartbeat-${{AWS::Region}}")]},
            "Null": {"dynamodb:LeadingKeys": "false"},
        }
        live = self.arn("kinesis", "stream/${LiveStreamName}")
        objects = sub(f"arn:${{AWS::Partition}}:s3:::${{HistoryBucket}}/{HEARTBEATS}${{AWS::Region}}")
        return [
            allow("BeatIntoTables", ["dynamodb:PutItem"], tables, own),
            allow("BeatIntoHistory", ["s3:PutObject"], objects),
            allow("BeatIntoStream", ["kinesis:ListShards", "kinesis:PutRecords"], live),
            allow("UseKey", ["kms:GenerateDataKey"], key),
            allow("Say", ["cloudwatch:PutMetricData"], "*", {"StringEquals": {"cloudwatch:namespace": NAMESPACE}}),
        ]

    def _clock(self) -> None:
        target = {"Id": "heartbeat", "Arn": att("HeartbeatFunction", "Arn"), "RetryPolicy": {"MaximumRetryAttempts": 0}}
        described = "Beats into every store, whether an engine runs or not"
        rule = {"Name": self.named("heartbeat"), "Description": described, "ScheduleExpression": "rate(1 minute)"}
        self.make("Clock", "AWS::Events::Rule", {**rule, "State": "ENABLED", "Targets": [target]})
        properties = {
            "Action": "lambda:InvokeFunction",
            "FunctionName": ref("HeartbeatFunction"),
            "Principal": "events.amazonaws.com",
            "SourceArn": att("Clock", "Arn"),
        }
        self.make("ClockPermission", "AWS::Lambda::Permission", properties)

    def _alarm(self, store: str) -> None:
        text = f"Nothing beats into {store} here: no age of its copy elsewhere can be believed"
        alarm(self, f"heartbeat-{store}", text, Metric.own(HEARTBEAT, "Sum", store), Rings(1, 5, BELOW, SILENCE_RINGS))
