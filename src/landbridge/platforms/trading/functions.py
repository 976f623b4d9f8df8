"""The two functions of the dashboard API, each with a role that can do nothing it doesn't do.

Neither can touch a pen: the write function may put into the pens table under receipt keys alone, so that a fault in
the application can't move writing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aws_cdk import CfnResource

from landbridge.platforms.trading.common import TradingStack
from landbridge.platforms.trading.retention import log_days
from landbridge.platforms.trading.signing_in import may_ask
from landbridge.platforms.words import Json, allow, att, ref, trust

RUNTIME = "python3.14"
STATE = "table/trading-analytics-state-${EnvironmentSuffix}"
WORKER = "function:trading-analytics-effects-${EnvironmentSuffix}"
WRITTEN = ("state", "commands")
HANDLERS = {"effects": "work"}  # where the function is not called as its module
PENS = "table/trading-analytics-pens-${EnvironmentSuffix}"
INDEX = "/index/symbol-timestamp"
ANALYTICS = "table/trading-analytics-analytics-${EnvironmentSuffix}"
COMMANDS = "table/trading-analytics-commands-${EnvironmentSuffix}"
PARAMETERS = "parameter/trading-platform/${EnvironmentSuffix}/"
CONFIGURED = ("analytics-table", "commands-table", "fences", "hold-seconds", "pens-table", "state-table")  # read when they begin


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

    @classmethod
    def plain(cls, stack: TradingStack) -> "Code":
        """Of a function of ours, which guards no writes and holds none."""
        bucket = stack.asks("ArtifactBucket", "The bucket the code lies in: output of the artifacts stack")
        key = stack.asks("FunctionsKey", "The code's key in that bucket", allowed_pattern="functions/[0-9a-f]{64}\\.zip")
        logs_key = stack.asks("LogsKeyArn", "The key of this region's logs: output of the keys stack")
        return cls(bucket, key, None, None, log_days(stack), logs_key)


def read_function(stack: TradingStack, code: Code, variables: Mapping[str, Json]) -> None:
    """Answers reads from the local copy; quick or not at all."""
    statements = [
        allow("ReadCopies", ["dynamodb:GetItem"], [stack.arn("dynamodb", STATE), stack.arn("dynamodb", COMMANDS)]),
        allow("ReadMarket", ["dynamodb:Query"], [stack.arn("dynamodb", f"{ANALYTICS}{rest}") for rest in ("", INDEX)]),
        *configured(stack),
        _peer(stack),
        may_ask("Read"),
    ]
    made = Made("Read", "read", "Dashboard API: reads dashboard state and commands", timeout=3)
    function(stack, code, made, statements, variables=variables)


def write_function(stack: TradingStack, code: Code, variables: Mapping[str, Json]) -> None:
    """Accepts writes where the pen is; its time is the hold and one more try."""
    pens, written = stack.arn("dynamodb", PENS), [stack.arn("dynamodb", STATE), stack.arn("dynamodb", COMMANDS)]
    fences, receipts = (
        keys_of("StringEquals", *(f"pen#{each}" for each in WRITTEN)),
        keys_of("StringLike", *(f"receipt#{each}#*" for each in WRITTEN)),
    )
    statements = [
        allow("Write", ["dynamodb:GetItem", "dynamodb:PutItem"], written),
        allow("CheckFence", ["dynamodb:ConditionCheckItem", "dynamodb:GetItem"], pens, fences),
        allow("KeepReceipt", ["dynamodb:PutItem"], pens, receipts),
        *configured(stack),
        _peer(stack),
        allow("HintWorker", ["lambda:InvokeFunction"], stack.arn("lambda", WORKER)),
        may_ask("Write"),
    ]
    made = Made("Write", "write", "Dashboard API: writes dashboard state and commands", timeout=25)
    function(stack, code, made, statements, variables=variables)


def configured(stack: TradingStack) -> list[Json]:
    """That a function reads its region's configuration when it begins."""
    return [allow("ReadConfiguration", ["ssm:GetParameters"], [stack.arn("ssm", PARAMETERS + name) for name in CONFIGURED])]


def _peer(stack: TradingStack) -> Json:
    return allow("FindPeer", ["ssm:GetParameter"], stack.arn("ssm", PARAMETERS + "peer-api"))


@dataclass(frozen=True)
class Made:
    """A function: what it is called in the template, in the account, and what it does within how many seconds."""

    name: str
    kind: str
    does: str
    timeout: int

    @property
    def path(self) -> str:
        """Where it logs."""
        return f"/aws/lambda/trading-analytics-{self.kind}-${{EnvironmentSuffix}}"


def function(
    stack: TradingStack,
    code: Code,
    made: Made,
    statements: list[Json],
    *,
    variables: Mapping[str, Json] | None = None,
    **how: Json,
) -> CfnResource:
    """The function with its log and a role that can do just this; `how` are properties of this one alone."""
    group = stack.log_group(f"{made.name}Logs", made.path, code.logs_key, code.log_days)
    does = f"What the {made.kind} function may do"
    stack.role(f"{made.name}Role", made.kind, trust("lambda.amazonaws.com"), does, [*statements, stack.logging(made.path)])
    properties = {
        "FunctionName": stack.named(made.kind),
        "Description": made.does,
        "Runtime": RUNTIME,
        "Architectures": ["arm64"],
        "Handler": f"landbridge.workloads.trading.{HANDLERS.get(made.kind, made.kind)}.handler",
        "Code": {"S3Bucket": code.bucket, "S3Key": code.key},
        "Role": att(f"{made.name}Role", "Arn"),
        "Timeout": made.timeout,
        "MemorySize": 256,
        "Environment": {"Variables": {**_variables(stack, code), **(variables or {})}},
        **how,
    }
    return stack.make(f"{made.name}Function", "AWS::Lambda::Function", properties, after=[group])


def _variables(stack: TradingStack, code: Code) -> dict[str, Any]:
    return {
        "ANALYTICS_TABLE": stack.named("analytics"),
        "COMMANDS_TABLE": stack.named("commands"),
        "FENCES": code.fences,
        "HOLD_SECONDS": code.hold_seconds,
        "PENS_TABLE": stack.named("pens"),
        "STATE_TABLE": stack.named("state"),
        "SUFFIX": ref("EnvironmentSuffix"),
        "WORKER": stack.named("effects"),
    }


def keys_of(operator: str, *values: str) -> dict[str, Any]:
    """Only items of these partitions; the second half refuses a request that names no key at all."""
    return {
        f"ForAllValues:{operator}": {"dynamodb:LeadingKeys": list(values)},
        "Null": {"dynamodb:LeadingKeys": "false"},
    }
