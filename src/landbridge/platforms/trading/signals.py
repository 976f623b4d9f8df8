"""The application that computes trading signals: Managed Flink, made and run in both regions; it puts them where the pen is.

CloudFormation makes it and never starts it: its operator does, once (decision 0102). Without code it is not made, because
AWS looks at the code when the application is made.
"""

from typing import Any

from aws_cdk import App

from landbridge.platforms.constructs.retention import log_days
from landbridge.platforms.trading.common import TradingStack
from landbridge.platforms.trading.functions import keys_of
from landbridge.platforms.words import Json, allow, att, ref, sub, trust

CODED = "HasCode"
CODE_PATTERN = "(signals/[0-9a-f]{64}\\.zip)?"
RUNTIME = "FLINK-2_3"
NAME = "trading-analytics-signals-${EnvironmentSuffix}"
PATH = f"/aws/kinesis-analytics/{NAME}"
STREAM = "application"
STREAMS, TABLES = ("live", "mirror"), ("analytics", "pens")
READ = ["DescribeStream", "DescribeStreamSummary", "GetRecords", "GetShardIterator", "ListShards"]
ENTRY = {"python": "main.py", "jarfile": "lib/connectors.jar"}  # where they lie in the code's archive


class Signals(TradingStack):
    """The application with its role, its log and its snapshots."""

    def __init__(self, app: App) -> None:
        super().__init__(app, "signals", "the application that computes this region's trading signals")
        self._key = self.asks("DataKeyArn", "The region's key for stored data: output of the keys stack")
        logs_key = self.asks("LogsKeyArn", "The key of this region's logs: output of the keys stack")
        self._bucket = self.asks("ArtifactBucketArn", "The bucket the code lies in: output of the artifacts stack")
        self._code = self.asks_or_nothing("SignalsKey", "The code's key in that bucket", CODED, allowed_pattern=CODE_PATTERN)
        self.log_group("SignalsLogs", PATH, logs_key, log_days(self))
        stream = {"LogGroupName": ref("SignalsLogs"), "LogStreamName": STREAM}
        self.make("SignalsLogStream", "AWS::Logs::LogStream", stream)
        here = {"StringEquals": {"aws:SourceAccount": ref("AWS::AccountId")}}
        does = "What the application that computes signals may do"
        self.role("SignalsRole", "signals", trust("kinesisanalytics.amazonaws.com", here), does, self._statements())
        self._application()
        self.tell("SignalsRoleArn", att("SignalsRole", "Arn"), "signals-role", "By which the application works")
        does = "The application; who operates it starts it once"
        self.tell("SignalsApplication", ref("Application"), "signals", does, when=CODED)

    def _streams(self) -> list[Json]:
        return [self.arn("kinesis", f"stream/trading-analytics-{stream}-${{EnvironmentSuffix}}") for stream in STREAMS]

    def _statements(self) -> list[Json]:
        tables = {kind: self.arn("dynamodb", f"table/trading-analytics-{kind}-${{EnvironmentSuffix}}") for kind in TABLES}
        pen = keys_of("StringEquals", "pen#market")
        through = [sub(f"{service}.${{AWS::Region}}.amazonaws.com") for service in ("dynamodb", "kinesis", "s3")]
        return [
            allow("ReadCode", ["s3:GetObject", "s3:GetObjectVersion"], sub("${ArtifactBucketArn}/signals/*")),
            allow("ReadStreams", [f"kinesis:{action}" for action in READ], self._streams()),
            allow("PutSignals", ["dynamodb:PutItem", "dynamodb:UpdateItem"], tables["analytics"]),
            allow("ReadPen", ["dynamodb:GetItem"], tables["pens"], pen),
            allow("UseKey", ["kms:Decrypt", "kms:GenerateDataKey"], self._key, {"StringEquals": {"kms:ViaService": through}}),
            allow("FindLog", ["logs:DescribeLogGroups"], self.arn("logs", "log-group:*")),
            allow("Log", ["logs:DescribeLogStreams", "logs:PutLogEvents"], self.arn("logs", f"log-group:{PATH}:*")),
        ]

    def _application(self) -> None:
        start = "At which time of day (UTC) AWS may restart it to patch it; the same in both regions, and no time to move in"
        pattern = {"allowed_pattern": "([01][0-9]|2[0-3]):[0-5][0-9]", "constraint_description": "hours and minutes, like 04:00"}
        begins = self.asks("MaintenanceStart", start, default="04:00", **pattern)
        properties = {
            "ApplicationName": sub(NAME),
            "ApplicationDescription": "Computes trading signals from both streams of this region",
            "ApplicationMode": "STREAMING",
            "RuntimeEnvironment": RUNTIME,
            "ServiceExecutionRole": att("SignalsRole", "Arn"),
            "ApplicationMaintenanceConfiguration": {"ApplicationMaintenanceWindowStartTime": begins},
            "ApplicationConfiguration": self._configuration(),
        }
        self.make("Application", "AWS::KinesisAnalyticsV2::Application", properties, when=CODED)
        log = self.arn("logs", "log-group:${SignalsLogs}:log-stream:${SignalsLogStream}")
        option = {"ApplicationName": ref("Application"), "CloudWatchLoggingOption": {"LogStreamARN": log}}
        self.make("LoggingOption", "AWS::KinesisAnalyticsV2::ApplicationCloudWatchLoggingOption", option, when=CODED)

    def _configuration(self) -> dict[str, Any]:
        slots = self.asks("Parallelism", "How many slots it runs on", type="Number", default=2, min_value=1, max_value=64)
        location = {"BucketARN": self._bucket, "FileKey": self._code}
        return {
            "ApplicationCodeConfiguration": {"CodeContentType": "ZIPFILE", "CodeContent": {"S3ContentLocation": location}},
            "ApplicationEncryptionConfiguration": {"KeyType": "CUSTOMER_MANAGED_KEY", "KeyId": self._key},
            "ApplicationSnapshotConfiguration": {"SnapshotsEnabled": True},
            "ApplicationSystemRollbackConfiguration": {"RollbackEnabled": True},
            "EnvironmentProperties": {"PropertyGroups": self._properties()},
            "FlinkApplicationConfiguration": _flink(slots),
        }

    def _properties(self) -> list[Json]:
        platform = {
            "region": ref("AWS::Region"),
            **{f"{stream}-stream-arn": arn for stream, arn in zip(STREAMS, self._streams(), strict=True)},
            **{f"{table}-table": self.named(table) for table in TABLES},
        }
        groups = {"kinesis.analytics.flink.run.options": ENTRY, "platform": platform}
        return [{"PropertyGroupId": name, "PropertyMap": values} for name, values in groups.items()]


def _flink(slots: Json) -> Json:
    """No scaling by itself: each is a restart, and none may fall into a move."""
    return {
        "CheckpointConfiguration": {
            "ConfigurationType": "CUSTOM",
            "CheckpointingEnabled": True,
            "CheckpointInterval": 60_000,
            "MinPauseBetweenCheckpoints": 5_000,
        },
        "MonitoringConfiguration": {"ConfigurationType": "CUSTOM", "LogLevel": "INFO", "MetricsLevel": "APPLICATION"},
        "ParallelismConfiguration": {
            "ConfigurationType": "CUSTOM",
            "Parallelism": slots,
            "ParallelismPerKPU": 1,
            "AutoScalingEnabled": False,
        },
    }
