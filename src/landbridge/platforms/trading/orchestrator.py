"""Leads a migration in AWS: the engine as a function, the state machine that gives it turns, and what wakes it at once.

In the journal's region, because neither side of the move may be needed to lead it. Without the engine's archive the stack
has logs and roles alone. What the engine may do to the platform is said by the policies of the stack `engine-policies`: the
function's own role reaches the journal and its code, and nothing else.
"""

from aws_cdk import App

from landbridge.model.metrics import NAMESPACE, SILENCE
from landbridge.platforms.constructs.alarms import SILENCE_RINGS, Metric, Rings, alarm, asks_for_topic
from landbridge.platforms.constructs.functions import Code, Made, artifacts, function, logs_key
from landbridge.platforms.constructs.retention import log_days
from landbridge.platforms.trading.common import TradingStack
from landbridge.platforms.trading.copies import ALARM_CHANGED
from landbridge.platforms.trading.orchestrator_states import definition
from landbridge.platforms.words import Json, allow, att, only_if, ref, sub, trust

NAME = "trading-analytics-orchestrator-${EnvironmentSuffix}"
ENGINE_FUNCTION = "function:trading-analytics-engine-${EnvironmentSuffix}"
JOURNAL = "table/trading-analytics-journal-${EnvironmentSuffix}"
PATH = f"/aws/vendedlogs/{NAME}"
ENGINE, POLICIES = "HasEngine", "HasEnginePolicies"
SILENT_SECONDS = 300
HERE = {"StringEquals": {"aws:SourceAccount": ref("AWS::AccountId")}}
DELIVER = [f"logs:{verb}LogDelivery" for verb in ("Create", "Delete", "Get", "Update")]
FIND = ["logs:DescribeLogGroups", "logs:DescribeResourcePolicies", "logs:ListLogDeliveries", "logs:PutResourcePolicy"]
TRACE = [f"xray:{verb}" for verb in ("GetSamplingRules", "GetSamplingTargets", "PutTelemetryRecords", "PutTraceSegments")]


class Orchestrator(TradingStack):
    """Two functions, a machine, three rules and an alarm."""

    def __init__(self, app: App) -> None:
        super().__init__(app, "orchestrator", "leads a migration in AWS, and rings when nobody does")
        asks_for_topic(self)
        what = "The engine's archive in that bucket: landbridge package --wheels"
        key = self.asks_or_nothing("EngineKey", what, ENGINE, allowed_pattern="(engine/[0-9a-f]{64}\\.zip)?")
        self._code = Code(bucket=artifacts(self), key=key, log_days=log_days(self), logs_key=logs_key(self))
        self._engine()
        self._machine()
        self._watch()
        self._wake()
        bus = self.arn("events", "event-bus/default")
        self.tell("BusArn", bus, "orchestrator-bus", "Where alarms of other regions are sent", when=ENGINE)

    def _engine(self) -> None:
        key = self.asks("DataKeyArn", "The key of this region's code and notices: output of the journal-keys stack")
        turn = "After how many seconds a turn makes room for the next; writers never wait for that"
        seconds = self.asks("TurnSeconds", turn, type="Number", default=780, min_value=1, max_value=780)
        policies = "What the engine may do to the platform, ARNs joined by commas: output of the engine-policies stack"
        given = self.asks_or_nothing("EnginePolicyArns", policies, POLICIES)
        through = {"StringEquals": {"kms:ViaService": sub("s3.${AWS::Region}.amazonaws.com")}}
        statements = [
            allow("KeepJournal", ["dynamodb:PutItem", "dynamodb:Query"], self.arn("dynamodb", JOURNAL)),
            allow("ReadOrders", ["s3:GetObject"], sub("arn:${AWS::Partition}:s3:::${ArtifactBucket}/orders/*")),
            allow("UseKey", ["kms:Decrypt"], key, through),
        ]
        variables = {"CODE_BUCKET": ref("ArtifactBucket"), "TURN_SECONDS": seconds}
        does, handled = "One turn of the migration's engine", "landbridge.orchestrator.handler.handler"
        made = Made("Engine", "engine", handled, does, timeout=900, memory=1769)
        function(self, self._code, made, statements, variables, when=ENGINE, ReservedConcurrentExecutions=2)
        attached = only_if(POLICIES, {"Fn::Split": [",", given]})
        self.node.find_child("EngineRole").add_property_override("ManagedPolicyArns", attached)

    def _machine(self) -> None:
        self.log_group("MachineLogs", PATH, ref("LogsKeyArn"), ref("LogRetentionDays"))
        statements = [
            allow("Turn", ["lambda:InvokeFunction"], self.arn("lambda", ENGINE_FUNCTION)),
            allow("Tell", ["sns:Publish"], ref("AlertsTopicArn")),
            allow("TellInSecret", ["kms:Decrypt", "kms:GenerateDataKey"], ref("DataKeyArn")),
            allow("GoOn", ["states:StartExecution"], self.arn("states", f"stateMachine:{NAME}")),
            # neither log deliveries nor traces have a resource
            allow("Deliver", [*DELIVER, *FIND], "*"),
            allow("Trace", TRACE, "*"),
        ]
        does = "What the machine that leads a migration may do"
        self.role("MachineRole", "leader", trust("states.amazonaws.com", HERE), does, statements)
        log = {"CloudWatchLogsLogGroup": {"LogGroupArn": att("MachineLogs", "Arn")}}
        filled = {"Function": self.named("engine"), "Platform": sub(self.names.whole), "Topic": ref("AlertsTopicArn")}
        properties = {
            "StateMachineName": sub(NAME),
            "StateMachineType": "STANDARD",
            "RoleArn": att("MachineRole", "Arn"),
            "Definition": definition(),
            "DefinitionSubstitutions": filled,
            "LoggingConfiguration": {"Destinations": [log], "IncludeExecutionData": False, "Level": "ALL"},
            "TracingConfiguration": {"Enabled": True},
        }
        self.make("Machine", "AWS::StepFunctions::StateMachine", properties, when=ENGINE)
        self.tell("MachineArn", ref("Machine"), "orchestrator", "The machine that leads a migration", when=ENGINE)

    def _watch(self) -> None:
        """Beside the engine, with its code: an engine that can't even be loaded says nothing, and that rings too."""
        statements = [
            allow("ReadJournal", ["dynamodb:Query"], self.arn("dynamodb", JOURNAL)),
            allow("Say", ["cloudwatch:PutMetricData"], "*", {"StringEquals": {"cloudwatch:namespace": NAMESPACE}}),
        ]
        variables = {"JOURNAL_TABLE": self.named("journal"), "CHAIN": self.named("chain"), "SUFFIX": ref("EnvironmentSuffix")}
        handled = "landbridge.orchestrator.watch.handler"
        made = Made("Watch", "watcher", handled, "Says for how long nobody has led an open run", timeout=30)
        function(self, self._code, made, statements, variables, when=ENGINE, ReservedConcurrentExecutions=1)
        self._rule("Minute", "watcher", "Asks who leads an open run", "Watch", {"ScheduleExpression": "rate(1 minute)"})
        text = "Nobody leads the migration that is open in the journal, or nobody watches it"
        rings = Rings(SILENT_SECONDS, 3, silence=SILENCE_RINGS)
        alarm(self, "runner-silence", text, Metric.own(SILENCE, "Maximum"), rings, when=ENGINE)

    def _wake(self) -> None:
        """An alarm's change and a decision are looked at at once; a turn that finds another at work leaves it alone."""
        alarms = {
            "source": ["aws.cloudwatch"],
            "detail-type": [ALARM_CHANGED],
            "detail": {"alarmName": [{"wildcard": self.named("*")}]},
        }
        decisions = {"source": ["landbridge"], "detail-type": ["decision"]}
        self._rule("Alarms", "woken-by-alarms", "An alarm of the platform changed", "Engine", {"EventPattern": alarms})
        self._rule("Decisions", "woken-by-decisions", "An operator decided", "Engine", {"EventPattern": decisions})

    def _rule(self, name: str, kind: str, described: str, called: str, when: Json) -> None:
        target = {"Id": "function", "Arn": att(f"{called}Function", "Arn"), "RetryPolicy": {"MaximumRetryAttempts": 0}}
        rule = {"Name": self.named(kind), "Description": described, "State": "ENABLED", "Targets": [target], **when}
        self.make(f"{name}Rule", "AWS::Events::Rule", rule, when=ENGINE)
        properties = {
            "Action": "lambda:InvokeFunction",
            "FunctionName": ref(f"{called}Function"),
            "Principal": "events.amazonaws.com",
            "SourceArn": att(f"{name}Rule", "Arn"),
        }
        self.make(f"{name}Permission", "AWS::Lambda::Permission", properties, when=ENGINE)
