"""The two functions of the dashboard API, each with a role that can do nothing it doesn't do.

Neither can touch a pen: the write function may put into the pens table under receipt keys alone, so that a fault in
the application can't move writing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aws_cdk import CfnResource

from landbridge.platforms.constructs.functions import Code as LeanCode
from landbridge.platforms.constructs.functions import Made, archive, artifacts, logs_key
from landbridge.platforms.constructs.functions import function as lean_function
from landbridge.platforms.constructs.retention import log_days
from landbridge.platforms.constructs.stack import PlatformStack
from landbridge.platforms.trading.common import TradingStack
from landbridge.platforms.trading.signing_in import may_ask
from landbridge.platforms.words import Json, allow, ref

STATE = "table/trading-analytics-state-${EnvironmentSuffix}"
WORKER = "function:trading-analytics-effects-${EnvironmentSuffix}"
WRITTEN = ("state", "commands")
PENS = "table/trading-analytics-pens-${EnvironmentSuffix}"
INDEX = "/index/symbol-timestamp"
ANALYTICS = "table/trading-analytics-analytics-${EnvironmentSuffix}"
COMMANDS = "table/trading-analytics-commands-${EnvironmentSuffix}"
PARAMETERS = "parameter/trading-platform/${EnvironmentSuffix}/"
CONFIGURED = ("analytics-table", "commands-table", "fences", "hold-seconds", "pens-table", "state-table")  # read when they begin


@dataclass(frozen=True, kw_only=True)
class Code(LeanCode):
    """Where the functions' code lies, and how they are told to behave."""

    fences: Json
    hold_seconds: Json

    @classmethod
    def of(cls, stack: PlatformStack) -> "Code":
        """The code a stack's parameters name."""
        asks = stack.asks
        fences = "How many fences guard the writes of a domain; fixed for a platform's life"
        hold = "How long a write waits for a moving pen before it is told to come again"
        return cls(
            bucket=artifacts(stack),
            key=archive(stack),
            fences=asks("Fences", fences, type="Number", default=64, min_value=1, max_value=256),
            hold_seconds=asks("HoldSeconds", hold, type="Number", default=20, min_value=1, max_value=20),
            log_days=log_days(stack),
            logs_key=logs_key(stack),
        )


def read_function(stack: TradingStack, code: Code, variables: Mapping[str, Json]) -> None:
    """Answers reads from the local copy; quick or not at all."""
    statements = [
        allow("ReadCopies", ["dynamodb:GetItem"], [stack.arn("dynamodb", STATE), stack.arn("dynamodb", COMMANDS)]),
        allow("ReadMarket", ["dynamodb:Query"], [stack.arn("dynamodb", f"{ANALYTICS}{rest}") for rest in ("", INDEX)]),
        *configured(stack),
        _peer(stack),
        may_ask("Read"),
    ]
    made = Made("Read", "read", handled("read"), "Dashboard API: reads dashboard state and commands", timeout=3)
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
    made = Made("Write", "write", handled("write"), "Dashboard API: writes dashboard state and commands", timeout=25)
    function(stack, code, made, statements, variables=variables)


def configured(stack: TradingStack) -> list[Json]:
    """That a function reads its region's configuration when it begins."""
    return [allow("ReadConfiguration", ["ssm:GetParameters"], [stack.arn("ssm", PARAMETERS + name) for name in CONFIGURED])]


def _peer(stack: TradingStack) -> Json:
    return allow("FindPeer", ["ssm:GetParameter"], stack.arn("ssm", PARAMETERS + "peer-api"))


def function(
    stack: TradingStack,
    code: Code,
    made: Made,
    statements: list[Json],
    *,
    variables: Mapping[str, Json] | None = None,
    **how: Json,
) -> CfnResource:
    """One of the platform's own functions, with what all of them are told."""
    return lean_function(stack, code, made, statements, {**_variables(stack, code), **(variables or {})}, **how)


def handled(module: str) -> str:
    """The handler of one of the platform's modules."""
    return f"landbridge.workloads.trading.{module}.handler"


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
