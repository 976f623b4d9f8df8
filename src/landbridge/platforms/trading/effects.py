"""The worker that turns accepted commands into effects in the database: woken by the API, and by the clock in any case.

It runs in the network, where the database is. Both regions have one; the pen and the fence row say whose works.
"""

from aws_cdk import App

from landbridge.platforms.constructs.functions import Made
from landbridge.platforms.constructs.inside import joining, placed
from landbridge.platforms.trading.common import TradingStack
from landbridge.platforms.trading.functions import COMMANDS, PENS, Code, configured, function, handled, keys_of
from landbridge.platforms.words import Json, allow, att, ref, sub

TIMEOUT, AT_ONCE = 60, 2  # seconds a round may take; two, so that a hint need not wait for a sweep
SECRET = "secret:trading-analytics-database-${EnvironmentSuffix}-*"  # noqa: S105 - a resource's name
TOLD = "parameter/trading-platform/${EnvironmentSuffix}/database-*"


class Effects(TradingStack):
    """The function, how soon a hint is forgotten, and its clock."""

    def __init__(self, app: App) -> None:
        super().__init__(app, "effects", "applies accepted commands to the database")
        code = Code.of(self)
        inside = placed(self)
        made = Made(
            "Worker", "effects", handled("work"), "Applies accepted commands to the database, each once and in order", TIMEOUT
        )
        function(self, code, made, self._statements(), VpcConfig=inside, ReservedConcurrentExecutions=AT_ONCE)
        forgotten = {"MaximumEventAgeInSeconds": 60, "MaximumRetryAttempts": 0}
        hints = {"FunctionName": ref("WorkerFunction"), "Qualifier": "$LATEST", **forgotten}
        self.make("Hints", "AWS::Lambda::EventInvokeConfig", hints)
        self._clock()
        self.tell("WorkerFunctionName", ref("WorkerFunction"), "effects", "The function that applies commands")

    def _clock(self) -> None:
        target = {"Id": "worker", "Arn": att("WorkerFunction", "Arn"), "RetryPolicy": {"MaximumRetryAttempts": 0}}
        described = "Sweeps accepted commands, whoever accepted them"
        rule = {"Name": self.named("effects"), "Description": described, "ScheduleExpression": "rate(1 minute)"}
        self.make("Clock", "AWS::Events::Rule", {**rule, "State": "ENABLED", "Targets": [target]})
        properties = {
            "Action": "lambda:InvokeFunction",
            "FunctionName": ref("WorkerFunction"),
            "Principal": "events.amazonaws.com",
            "SourceArn": att("Clock", "Arn"),
        }
        self.make("ClockPermission", "AWS::Lambda::Permission", properties)

    def _statements(self) -> list[Json]:
        commands = sub(f"arn:${{AWS::Partition}}:dynamodb:${{AWS::Region}}:${{AWS::AccountId}}:{COMMANDS}/index/heads")
        return [
            allow("ReadCommands", ["dynamodb:GetItem"], self.arn("dynamodb", COMMANDS)),
            allow("ReadHeads", ["dynamodb:Scan"], commands),
            allow("ReadPen", ["dynamodb:GetItem"], self.arn("dynamodb", PENS), keys_of("StringEquals", "pen#effects")),
            allow("FindDatabase", ["ssm:GetParameter"], self.arn("ssm", TOLD)),
            allow("SignIn", ["secretsmanager:GetSecretValue"], self.arn("secretsmanager", SECRET)),
            *configured(self),
            *joining(self),
        ]
