"""A function as every one of ours is: its own log and a role that can do nothing it doesn't do."""

from collections.abc import Mapping
from dataclasses import dataclass

from aws_cdk import CfnResource

from landbridge.platforms.constructs.retention import log_days
from landbridge.platforms.constructs.stack import PlatformStack
from landbridge.platforms.words import Json, att, trust

RUNTIME = "python3.14"


@dataclass(frozen=True, kw_only=True)
class Code:
    """Where functions' code lies, and where and how long they log."""

    bucket: Json
    key: Json
    log_days: Json
    logs_key: Json

    @classmethod
    def of(cls, stack: PlatformStack) -> "Code":
        """The code a stack's parameters name."""
        return cls(bucket=artifacts(stack), key=archive(stack), log_days=log_days(stack), logs_key=logs_key(stack))


def artifacts(stack: PlatformStack) -> Json:
    """The parameter that names the bucket of code."""
    return stack.asks("ArtifactBucket", "The bucket the code lies in: output of the artifacts stack")


def archive(stack: PlatformStack) -> Json:
    """The parameter that names the code in it."""
    return stack.asks("FunctionsKey", "The code's key in that bucket", allowed_pattern="functions/[0-9a-f]{64}\\.zip")


def logs_key(stack: PlatformStack) -> Json:
    """The parameter that names the key of logs."""
    return stack.asks("LogsKeyArn", "The key of this region's logs: output of the keys stack")


@dataclass(frozen=True)
class Made:
    """A function: what it is called in the template and in the account, what it runs, and does within how many seconds."""

    name: str
    kind: str
    handler: str
    does: str
    timeout: int
    memory: int = 256


def function(
    stack: PlatformStack,
    code: Code,
    made: Made,
    statements: list[Json],
    variables: Mapping[str, Json],
    *,
    when: str = "",
    **how: Json,
) -> CfnResource:
    """The function with its log and a role that can do just this; `how` are properties of this one alone."""
    path = f"/aws/lambda/{stack.text(made.kind)}"
    group = stack.log_group(f"{made.name}Logs", path, code.logs_key, code.log_days)
    does = f"What the {made.kind} function may do"
    stack.role(f"{made.name}Role", made.kind, trust("lambda.amazonaws.com"), does, [*statements, stack.logging(path)])
    properties = {
        "FunctionName": stack.named(made.kind),
        "Description": made.does,
        "Runtime": RUNTIME,
        "Architectures": ["arm64"],
        "Handler": made.handler,
        "Code": {"S3Bucket": code.bucket, "S3Key": code.key},
        "Role": att(f"{made.name}Role", "Arn"),
        "Timeout": made.timeout,
        "MemorySize": made.memory,
        "Environment": {"Variables": dict(variables)},
        **how,
    }
    return stack.make(f"{made.name}Function", "AWS::Lambda::Function", properties, after=[group], when=when)
