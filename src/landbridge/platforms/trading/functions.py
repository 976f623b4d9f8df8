"""The two functions of the dashboard API, each with a role that can do nothing it doesn't do.

Neither can touch a pen: the write function may put into the pens table under receipt keys alone, so that a fault in
the application can't move writing.
"""

from dataclasses import dataclass
from typing import Any

from aws_cdk import CfnParameter, Fn
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as awslambda
from aws_cdk import aws_logs as logs

from landbridge.platforms.trading.common import TradingStack

RUNTIME = "python3.14"
LOG_DAYS = ["7", "14", "30", "60", "90", "180", "365", "731", "1827", "3653"]
PARAMETER = "parameter/trading-platform/${EnvironmentSuffix}/peer-api"
Statement = dict[str, Any]


@dataclass(frozen=True)
class Code:
    """Where the functions' code lies, and how they are told to behave."""

    bucket: str
    key: str
    fences: str
    hold_seconds: str
    log_days: Any
    logs_key: str

    @classmethod
    def of(cls, stack: TradingStack, logs_key: str) -> "Code":
        """The code a stack's parameters name."""
        bucket = CfnParameter(stack, "ArtifactBucket", description="The bucket the code lies in: output of the artifacts stack")
        key = CfnParameter(
            stack, "FunctionsKey", description="The code's key in that bucket", allowed_pattern="functions/[0-9a-f]{64}\\.zip"
        )
        fences = _number(
            stack, "Fences", "How many fences guard the writes of a domain; fixed for a platform's life", 64, (1, 256)
        )
        hold = _number(
            stack, "HoldSeconds", "How long a write waits for a moving pen before it is told to come again", 20, (1, 20)
        )
        return cls(
            bucket.value_as_string,
            key.value_as_string,
            fences.value_as_string,
            hold.value_as_string,
            _days(stack).value_as_number,
            logs_key,
        )


def read_function(stack: TradingStack, code: Code) -> awslambda.CfnFunction:
    """Answers reads from the local copy; quick or not at all."""
    statements = [
        _allow("ReadState", ["dynamodb:GetItem"], stack.arn("dynamodb", "table/trading-analytics-state-${EnvironmentSuffix}")),
        _allow("FindPeer", ["ssm:GetParameter"], stack.arn("ssm", PARAMETER)),
    ]
    return _function(stack, code, "Read", timeout=3, statements=statements)


def write_function(stack: TradingStack, code: Code) -> awslambda.CfnFunction:
    """Accepts writes where the pen is; its time is the hold and one more try."""
    pens = stack.arn("dynamodb", "table/trading-analytics-pens-${EnvironmentSuffix}")
    state = stack.arn("dynamodb", "table/trading-analytics-state-${EnvironmentSuffix}")
    statements = [
        _allow("WriteState", ["dynamodb:GetItem", "dynamodb:PutItem"], state),
        _allow("CheckFence", ["dynamodb:ConditionCheckItem", "dynamodb:GetItem"], pens, _keys("StringEquals", "pen#state")),
        _allow("KeepReceipt", ["dynamodb:PutItem"], pens, _keys("StringLike", "receipt#state#*")),
        _allow("FindPeer", ["ssm:GetParameter"], stack.arn("ssm", PARAMETER)),
    ]
    return _function(stack, code, "Write", timeout=25, statements=statements)


def log_group(stack: TradingStack, name: str, path: str, code: Code) -> logs.CfnLogGroup:
    """An encrypted log that forgets in time."""
    return logs.CfnLogGroup(
        stack,
        name,
        log_group_name=Fn.sub(path),
        retention_in_days=code.log_days,
        kms_key_id=code.logs_key,
    )


def _function(stack: TradingStack, code: Code, verb: str, *, timeout: int, statements: list[Statement]) -> awslambda.CfnFunction:
    name = verb.lower()
    group = log_group(stack, f"{verb}Logs", f"/aws/lambda/trading-analytics-{name}-${{EnvironmentSuffix}}", code)
    role = _role(stack, verb, [*statements, _logging(stack, name)])
    function = awslambda.CfnFunction(
        stack,
        f"{verb}Function",
        function_name=stack.named(name),
        description=f"Dashboard API: {name}s dashboard state",
        runtime=RUNTIME,
        architectures=["arm64"],
        handler=f"landbridge.workloads.trading.{name}.handler",
        code=awslambda.CfnFunction.CodeProperty(s3_bucket=code.bucket, s3_key=code.key),
        role=role.attr_arn,
        timeout=timeout,
        memory_size=256,
        environment=awslambda.CfnFunction.EnvironmentProperty(variables=_variables(stack, code)),
    )
    function.add_resource_dependency(group)
    return function


def _variables(stack: TradingStack, code: Code) -> dict[str, str]:
    return {
        "FENCES": code.fences,
        "HOLD_SECONDS": code.hold_seconds,
        "PENS_TABLE": stack.named("pens"),
        "STATE_TABLE": stack.named("state"),
        "SUFFIX": stack.suffix,
    }


def _role(stack: TradingStack, verb: str, statements: list[Statement]) -> iam.CfnRole:
    return iam.CfnRole(
        stack,
        f"{verb}Role",
        role_name=stack.named_globally(verb.lower()),
        description=f"What the dashboard API's {verb.lower()} function may do",
        assume_role_policy_document=trust("lambda.amazonaws.com"),
        policies=[
            iam.CfnRole.PolicyProperty(
                policy_name=verb.lower(), policy_document={"Version": "2012-10-17", "Statement": statements}
            )
        ],
    )


def trust(service: str) -> dict[str, Any]:
    """The policy that lets a service take a role."""
    principal = {"Service": service}
    return {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}],
    }


def _allow(sid: str, actions: list[str], resource: str, condition: dict[str, Any] | None = None) -> Statement:
    statement: Statement = {"Sid": sid, "Effect": "Allow", "Action": actions, "Resource": resource}
    return {**statement, "Condition": condition} if condition else statement


def _keys(operator: str, value: str) -> dict[str, Any]:
    """Only items of this partition; the second half refuses a request that names no key at all."""
    return {
        f"ForAllValues:{operator}": {"dynamodb:LeadingKeys": [value]},
        "Null": {"dynamodb:LeadingKeys": "false"},
    }


def _logging(stack: TradingStack, name: str) -> Statement:
    group = f"log-group:/aws/lambda/trading-analytics-{name}-${{EnvironmentSuffix}}:*"
    return _allow("Log", ["logs:CreateLogStream", "logs:PutLogEvents"], stack.arn("logs", group))


def _number(stack: TradingStack, name: str, text: str, default: int, bounds: tuple[int, int]) -> CfnParameter:
    return CfnParameter(stack, name, type="Number", description=text, default=default, min_value=bounds[0], max_value=bounds[1])


def _days(stack: TradingStack) -> CfnParameter:
    text = "How many days logs are kept"
    return CfnParameter(stack, "LogRetentionDays", type="Number", description=text, default="30", allowed_values=LOG_DAYS)
