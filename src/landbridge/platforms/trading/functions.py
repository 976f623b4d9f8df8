"""The two functions of the dashboard API, each with a role that can do nothing it doesn't do.

Neither can touch a pen: the write function may put into the pens table under receipt keys alone, so that a fault in
the application can't move writing.
"""

from dataclasses import dataclass
from typing import Any

from landbridge.platforms.trading.common import TradingStack
from landbridge.platforms.trading.retention import log_days
from landbridge.platforms.words import Json, allow, att, ref, trust

RUNTIME = "python3.14"
STATE = "table/trading-analytics-state-${EnvironmentSuffix}"
PENS = "table/trading-analytics-pens-${EnvironmentSuffix}"
PARAMETERS = "parameter/trading-platform/${EnvironmentSuffix}/"
CONFIGURED = ("fences", "hold-seconds", "pens-table", "state-table")  # what both functions read when they begin


@dataclass(frozen=True)
class Code:
    """Where the functions' code lies, and how they are told to behave."""

    bucket: Json
    key: Json
    fences: Json
    hold_seconds: Json
    log_days: Json
    logs_key: Json

    @classmethod
    def of(cls, stack: TradingStack) -> "Code":
        """The code a stack's parameters name."""
        asks = stack.asks
        fences = "How many fences guard the writes of a domain; fixed for a platform's life"
        hold = "How long a write waits for a moving pen before it is told to come again"
        return cls(
            asks("ArtifactBucket", "The bucket the code lies in: output of the artifacts stack"),
            asks("FunctionsKey", "The code's key in that bucket", allowed_pattern="functions/[0-9a-f]{64}\\.zip"),
            asks("Fences", fences, type="Number", default=64, min_value=1, max_value=256),
            asks("HoldSeconds", hold, type="Number", default=20, min_value=1, max_value=20),
            log_days(stack),
            asks("LogsKeyArn", "The key of this region's logs: output of the keys stack"),
        )


def read_function(stack: TradingStack, code: Code) -> None:
    """Answers reads from the local copy; quick or not at all."""
    statements = [
        allow("ReadState", ["dynamodb:GetItem"], stack.arn("dynamodb", STATE)),
        *_configured(stack),
    ]
    _function(stack, code, "Read", timeout=3, statements=statements)


def write_function(stack: TradingStack, code: Code) -> None:
    """Accepts writes where the pen is; its time is the hold and one more try."""
    pens, state = stack.arn("dynamodb", PENS), stack.arn("dynamodb", STATE)
    statements = [
        allow("WriteState", ["dynamodb:GetItem", "dynamodb:PutItem"], state),
        allow("CheckFence", ["dynamodb:ConditionCheckItem", "dynamodb:GetItem"], pens, keys_of("StringEquals", "pen#state")),
        allow("KeepReceipt", ["dynamodb:PutItem"], pens, keys_of("StringLike", "receipt#state#*")),
        *_configured(stack),
    ]
    _function(stack, code, "Write", timeout=25, statements=statements)


def _configured(stack: TradingStack) -> list[Json]:
    """The region's configuration, and where the other region's API answers."""
    read = [stack.arn("ssm", PARAMETERS + name) for name in CONFIGURED]
    return [
        allow("ReadConfiguration", ["ssm:GetParameters"], read),
        allow("FindPeer", ["ssm:GetParameter"], stack.arn("ssm", PARAMETERS + "peer-api")),
    ]


def _function(stack: TradingStack, code: Code, verb: str, *, timeout: int, statements: list[Json]) -> None:
    name = verb.lower()
    path = f"/aws/lambda/trading-analytics-{name}-${{EnvironmentSuffix}}"
    group = stack.log_group(f"{verb}Logs", path, code.logs_key, code.log_days)
    does = f"What the dashboard API's {name} function may do"
    stack.role(f"{verb}Role", name, trust("lambda.amazonaws.com"), does, [*statements, stack.logging(path)])
    properties = {
        "FunctionName": stack.named(name),
        "Description": f"Dashboard API: {name}s dashboard state",
        "Runtime": RUNTIME,
        "Architectures": ["arm64"],
        "Handler": f"landbridge.workloads.trading.{name}.handler",
        "Code": {"S3Bucket": code.bucket, "S3Key": code.key},
        "Role": att(f"{verb}Role", "Arn"),
        "Timeout": timeout,
        "MemorySize": 256,
        "Environment": {"Variables": _variables(stack, code)},
    }
    stack.make(f"{verb}Function", "AWS::Lambda::Function", properties, after=[group])


def _variables(stack: TradingStack, code: Code) -> dict[str, Any]:
    return {
        "FENCES": code.fences,
        "HOLD_SECONDS": code.hold_seconds,
        "PENS_TABLE": stack.named("pens"),
        "STATE_TABLE": stack.named("state"),
        "SUFFIX": ref("EnvironmentSuffix"),
    }


def keys_of(operator: str, value: str) -> dict[str, Any]:
    """Only items of this partition; the second half refuses a request that names no key at all."""
    return {
        f"ForAllValues:{operator}": {"dynamodb:LeadingKeys": [value]},
        "Null": {"dynamodb:LeadingKeys": "false"},
    }
