"""What rings when this region by itself is not well: its API, functions, tables, database and daily pipeline.

Numbers that don't come because nobody asked are no alarm here; what must never be silent is in the copies stack.
"""

from aws_cdk import App

from landbridge.platforms.constructs.alarms import Metric, Rings, alarm, asks_for_topic, composite
from landbridge.platforms.trading.common import TradingStack
from landbridge.platforms.trading.stages import STAGE
from landbridge.platforms.words import ref

FUNCTIONS = ("read", "write")
TABLES = ("state", "analytics", "commands", "pens")
DATABASE, TRANSFORM = "HasDatabaseCluster", "HasTransformFunction"
FIVE_MINUTES, DAY = 300, 86_400


class Watch(TradingStack):
    """Alarms of one region, and one that says whether it serves well."""

    def __init__(self, app: App) -> None:
        super().__init__(app, "watch", "rings when this region is not well")
        asks_for_topic(self)
        self.asks("ErrorAlarmName", "Rings when the API fails: output of the health stack")
        serving = ["ErrorAlarmName", self._latency(), *(self._errors(name) for name in FUNCTIONS)]
        for name in FUNCTIONS:
            self._throttles(name)
        for table in TABLES:
            for act in ("Read", "Write"):
                self._table(table, act)
        self._transform()
        self._database()
        self._pipeline()
        composite(self, "serving", "This region does not serve well: errors, failing functions, or slow", serving)
        self.tell("ServingAlarmName", ref("ServingAlarm"), "serving-alarm", "Rings when this region does not serve well")

    def _latency(self) -> str:
        limit = self.asks(
            "LatencyLimit",
            "Milliseconds a hundredth of the API's answers may exceed; a write held while a pen moves takes up to 20000",
            type="Number",
            default=3000,
            min_value=100,
            max_value=29000,
        )
        of = {"ApiName": self.named("api"), "Stage": STAGE}
        text = "A hundredth of the answers is slower than it may be"
        return str(alarm(self, "api-latency", text, Metric("AWS/ApiGateway", "Latency", of, "p99"), Rings(limit, 5)).node.id)

    def _errors(self, function: str) -> str:
        metric = Metric("AWS/Lambda", "Errors", {"FunctionName": self.named(function)}, "Sum")
        return str(alarm(self, f"{function}-errors", f"The {function} function raises errors", metric, Rings(0)).node.id)

    def _throttles(self, function: str) -> None:
        metric = Metric("AWS/Lambda", "Throttles", {"FunctionName": self.named(function)}, "Sum")
        alarm(self, f"{function}-throttles", f"Calls of the {function} function are refused", metric, Rings(0))

    def _table(self, table: str, act: str) -> None:
        metric = Metric("AWS/DynamoDB", f"{act}ThrottleEvents", {"TableName": self.named(table)}, "Sum")
        text = f"The table of {table} refuses {act.lower()}s"
        alarm(self, f"{table}-{act.lower()}-throttles", text, metric, Rings(0))

    def _transform(self) -> None:
        """The side that has no pen of the market reads no stream: no age is no fault."""
        name = self.asks_or_nothing("TransformFunction", "The function that reads the market's stream", TRANSFORM)
        metric = Metric("AWS/Lambda", "IteratorAge", {"FunctionName": name}, "Maximum")
        text = "The transform is more than five minutes behind its stream"
        alarm(self, "iterator-age", text, metric, Rings(1000 * FIVE_MINUTES), when=TRANSFORM)

    def _database(self) -> None:
        name = self.asks_or_nothing("DatabaseCluster", "The database's cluster in this region", DATABASE)
        metric = Metric("AWS/RDS", "CPUUtilization", {"DBClusterIdentifier": name}, "Average")
        alarm(self, "database-cpu", "The database's processors are busy by more than 80 %", metric, Rings(80, 5), when=DATABASE)

    def _pipeline(self) -> None:
        """It runs once a day, so it rings for a day."""
        machine = {"StateMachineArn": self.arn("states", "stateMachine:trading-analytics-pipeline-${EnvironmentSuffix}")}
        for name, end in (("failed", "Failed"), ("timed-out", "TimedOut")):
            metric = Metric("AWS/States", f"Executions{end}", machine, "Sum", DAY)
            alarm(self, f"pipeline-{name}", "The daily pipeline did not write its day", metric, Rings(0, 1))
        metric = Metric(
            "AWS/SQS", "ApproximateNumberOfMessagesVisible", {"QueueName": self.named("unstarted")}, "Maximum", FIVE_MINUTES
        )
        alarm(self, "pipeline-unstarted", "The daily pipeline could not be begun", metric, Rings(0, 1))
