"""The daily pipeline: one day's ticks, each identity once, written down where the market's pen is.

A day is taken when the streams have forgotten it, so that nothing of it can arrive any more. The schedule runs in both
regions, and the machine asks the region's own pen first: what is replicated must not be written twice.
"""

from aws_cdk import App

from landbridge.platforms.constructs.retention import log_days
from landbridge.platforms.trading.common import TradingStack
from landbridge.platforms.trading.functions import keys_of
from landbridge.platforms.trading.pipeline_states import definition
from landbridge.platforms.words import Json, allow, att, policy, ref, sub, tls_only, trust

NAME = "trading-analytics-pipeline-${EnvironmentSuffix}"
PATH = f"/aws/vendedlogs/{NAME}"
DELIVER = ["Create", "Delete", "Get", "Update"]
FIND = ["logs:DescribeLogGroups", "logs:DescribeResourcePolicies", "logs:ListLogDeliveries", "logs:PutResourcePolicy"]
HERE = {"StringEquals": {"aws:SourceAccount": ref("AWS::AccountId")}}
ATHENA = ["GetQueryExecution", "GetQueryResults", "StartQueryExecution", "StopQueryExecution"]
GLUE = ["GetDatabase", "GetPartition", "GetPartitions", "GetTable", "GetTables"]
TRACE = ["GetSamplingRules", "GetSamplingTargets", "PutTelemetryRecords", "PutTraceSegments"]
SEND = ["s3:AbortMultipartUpload", "s3:GetObject", "s3:ListMultipartUploadParts", "s3:PutObject"]


class Pipeline(TradingStack):
    """The state machine, its schedule, and the queue of runs that could not begin."""

    def __init__(self, app: App) -> None:
        super().__init__(app, "pipeline", "the daily pipeline over this region's history")
        self._key = self.asks("DataKeyArn", "The region's key for stored data: output of the keys stack")
        logs_key = self.asks("LogsKeyArn", "The key of this region's logs: output of the keys stack")
        for name, what in (("HistoryBucketArn", "history"), ("ReportsBucketArn", "reports and results")):
            self.asks(name, f"The bucket of {what}: output of the history stack")
        self._database = self.asks("DatabaseName", "The database of the history: output of the catalog stack")
        self._workgroup = self.asks("PipelineWorkgroup", "The pipeline's workgroup: output of the catalog stack")
        self.log_group("PipelineLogs", PATH, logs_key, log_days(self))
        does = "What the daily pipeline may do"
        self.role("PipelineRole", "pipeline", trust("states.amazonaws.com", HERE), does, self._may())
        self._machine()
        self._schedule()
        self.tell("PipelineArn", ref("Pipeline"), "pipeline", "The daily pipeline")
        self.tell("PipelineName", att("Pipeline", "Name"), "pipeline-name", "Its name, by which its metrics are found")
        self.tell("UnstartedQueueArn", att("UnstartedQueue", "Arn"), "unstarted", "Where runs lie that could not begin")

    def _may(self) -> list[Json]:
        pen = keys_of("StringEquals", "pen#market")
        return [
            allow("AskPen", ["dynamodb:GetItem"], self.arn("dynamodb", "table/trading-analytics-pens-${EnvironmentSuffix}"), pen),
            allow("Query", [f"athena:{verb}" for verb in ATHENA], self.arn("athena", "workgroup/${PipelineWorkgroup}")),
            allow("ReadCatalog", [f"glue:{verb}" for verb in GLUE], self._tables("*")),
            *self._objects(),
            *self._keys(),
            # neither log deliveries nor traces have a resource
            allow("Deliver", [*(f"logs:{verb}LogDelivery" for verb in DELIVER), *FIND], "*"),
            allow("Trace", [f"xray:{verb}" for verb in TRACE], "*"),
            allow("NoteDays", ["glue:BatchCreatePartition", "glue:CreatePartition"], self._tables("ticks_daily")),
        ]

    def _tables(self, named: str) -> list[Json]:
        return [self.arn("glue", each) for each in ("catalog", "database/${DatabaseName}", f"table/${{DatabaseName}}/{named}")]

    def _objects(self) -> list[Json]:
        read = [sub(f"${{HistoryBucketArn}}/{folder}/*") for folder in ("ticks", "ticks-daily")]
        write = [sub("${HistoryBucketArn}/ticks-daily/*"), sub("${ReportsBucketArn}/queries/pipeline/*")]
        buckets = [ref("HistoryBucketArn"), ref("ReportsBucketArn")]
        return [
            allow("ReadTicks", ["s3:GetObject"], read),
            allow("WriteDays", SEND, write),
            allow("List", ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"], buckets),
        ]

    def _keys(self) -> list[Json]:
        """Its own definition and history are under the region's key too, and what it sends to its log on the way."""
        use, through = ["kms:Decrypt", "kms:GenerateDataKey"], sub("s3.${AWS::Region}.amazonaws.com")
        dynamodb = sub("dynamodb.${AWS::Region}.amazonaws.com")
        own = {"kms:EncryptionContext:aws:states:stateMachineArn": self.arn("states", f"stateMachine:{NAME}")}
        log = {"kms:EncryptionContext:SourceArn": self.arn("logs", "*")}
        return [
            allow("UseKey", use, self._key, {"StringEquals": {"kms:ViaService": [dynamodb, through]}}),
            allow("UseKeyItself", use, self._key, {"StringEquals": own}),
            allow("UseKeyForLog", ["kms:GenerateDataKey"], self._key, {"StringEquals": log}),
        ]

    def _machine(self) -> None:
        hours = "How many hours the streams keep a record"
        kept = self.asks("StreamRetentionHours", hours, type="Number", default=168, min_value=24, max_value=8760)
        log = {"CloudWatchLogsLogGroup": {"LogGroupArn": att("PipelineLogs", "Arn")}}
        filled = {
            "Database": self._database,
            "PensTable": self.named("pens"),
            "RetentionHours": kept,
            "Workgroup": self._workgroup,
        }
        properties = {
            "StateMachineName": sub(NAME),
            "StateMachineType": "STANDARD",
            "RoleArn": att("PipelineRole", "Arn"),
            "Definition": definition(),
            "DefinitionSubstitutions": filled,
            "EncryptionConfiguration": {
                "Type": "CUSTOMER_MANAGED_KMS_KEY",
                "KmsKeyId": self._key,
                "KmsDataKeyReusePeriodSeconds": 300,
            },
            "LoggingConfiguration": {"Destinations": [log], "IncludeExecutionData": False, "Level": "ALL"},
            "TracingConfiguration": {"Enabled": True},
        }
        self.make("Pipeline", "AWS::StepFunctions::StateMachine", properties)

    def _schedule(self) -> None:
        queue = {"QueueName": self.named("unstarted"), "MessageRetentionPeriod": 1_209_600, "SqsManagedSseEnabled": True}
        self.make("UnstartedQueue", "AWS::SQS::Queue", queue)
        rule = self.arn("events", f"rule/{NAME}")
        document = {
            "Queues": [ref("UnstartedQueue")],
            "PolicyDocument": policy(_from(rule), tls_only("sqs:*", att("UnstartedQueue", "Arn"))),
        }
        self.make("UnstartedQueuePolicy", "AWS::SQS::QueuePolicy", document)
        start = allow("Start", ["states:StartExecution"], ref("Pipeline"))
        trusted = trust("events.amazonaws.com", {"ArnEquals": {"aws:SourceArn": rule}, **HERE})
        self.role("ScheduleRole", "schedule", trusted, "By which the schedule begins the daily pipeline", [start])
        target = {
            "Id": "pipeline",
            "Arn": ref("Pipeline"),
            "RoleArn": att("ScheduleRole", "Arn"),
            "DeadLetterConfig": {"Arn": att("UnstartedQueue", "Arn")},
            "RetryPolicy": {"MaximumEventAgeInSeconds": 3600, "MaximumRetryAttempts": 10},
        }
        when = {"ScheduleExpression": "cron(0 5 * * ? *)", "State": "ENABLED"}
        named = {"Name": sub(NAME), "Description": "Begins the daily pipeline; it asks the market's pen itself"}
        self.make("Schedule", "AWS::Events::Rule", {**named, **when, "Targets": [target]})


def _from(rule: Json) -> Json:
    return {
        "Sid": "Schedule",
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": att("UnstartedQueue", "Arn"),
        "Condition": {"ArnEquals": {"aws:SourceArn": rule}},
    }
