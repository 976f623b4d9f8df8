"""The function that changes a database's password; whichever secret it is for calls it by its ARN."""

from landbridge.platforms.constructs.functions import RUNTIME, archive, artifacts, logs_key
from landbridge.platforms.constructs.inside import joining, placed
from landbridge.platforms.constructs.retention import log_days
from landbridge.platforms.constructs.stack import PlatformStack
from landbridge.platforms.words import Json, allow, att, ref, trust

TIMEOUT = 300  # the agent gives up asking for the new password after 240 s
STAGES = ["DescribeSecret", "GetSecretValue", "PutSecretValue", "UpdateSecretVersionStage"]


def rotation(stack: PlatformStack, agent: str, statements: list[Json], variables: dict[str, Json]) -> None:
    """It runs in the network, because it asks the database whether the new password is taken."""
    path = f"/aws/lambda/{stack.text('rotation')}"
    group = stack.log_group("FunctionLogs", path, logs_key(stack), log_days(stack))
    secret = stack.arn("secretsmanager", f"secret:{stack.text('database')}-*")
    may = [allow("Rotate", [f"secretsmanager:{verb}" for verb in STAGES], secret), *statements, *joining(stack)]
    does = "What the function that changes the database's password may do"
    stack.role("FunctionRole", "rotation", trust("lambda.amazonaws.com"), does, [*may, stack.logging(path)])
    stack.make("Function", "AWS::Lambda::Function", _function(stack, agent, variables), after=[group])
    called = {
        "Action": "lambda:InvokeFunction",
        "FunctionName": ref("Function"),
        "Principal": "secretsmanager.amazonaws.com",
        "SourceAccount": ref("AWS::AccountId"),
    }
    stack.make("FunctionPermission", "AWS::Lambda::Permission", called)
    stack.tell("FunctionArn", att("Function", "Arn"), "rotation", "The function that changes the database's password")


def _function(stack: PlatformStack, agent: str, variables: dict[str, Json]) -> Json:
    inside = placed(stack)
    return {
        "FunctionName": stack.named("rotation"),
        "Description": "Changes the database's password, by the four steps of Secrets Manager",
        "Runtime": RUNTIME,
        "Architectures": ["arm64"],
        "Handler": f"landbridge.agents.{agent}.handler",
        "Code": {"S3Bucket": artifacts(stack), "S3Key": archive(stack)},
        "Role": att("FunctionRole", "Arn"),
        "Timeout": TIMEOUT,
        "MemorySize": 256,
        "VpcConfig": inside,
        "Environment": {"Variables": variables},
    }
