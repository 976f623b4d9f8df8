"""Buckets and vaults that empty themselves before they are deleted: one function a region, one custom resource each.

Its code lies in the template itself, because the bucket that holds all other code is among those it empties
(decision 0031).
"""

from pathlib import Path

from aws_cdk import CfnResource

import landbridge
from landbridge.platforms.trading.common import TradingStack
from landbridge.platforms.trading.functions import RUNTIME
from landbridge.platforms.trading.retention import log_days
from landbridge.platforms.words import Json, allow, att, ref, sub, trust

CODE = Path(landbridge.__file__).parent / "agents" / "empty_bucket.py"
PATH = "/aws/lambda/trading-analytics-emptier-${EnvironmentSuffix}"
STACKS = ("stack/trading-analytics-*-${EnvironmentSuffix}/*", "stack/StackSet-trading-analytics-*-${EnvironmentSuffix}-*/*")
VAULTS = "backup-vault:trading-analytics-*-${EnvironmentSuffix}"
# A backup has the name its own service gives it, and AWS Backup deletes it by the role that made it.
POINTS = ("backup:${AWS::Region}:${AWS::AccountId}:recovery-point:*", "rds:${AWS::Region}:${AWS::AccountId}:cluster-snapshot:*")
OURS = "arn:${AWS::Partition}:s3:::trading-analytics-*-${EnvironmentSuffix}-${AWS::Region}"


def emptier(stack: TradingStack) -> None:
    """The function; it may empty the platform's buckets and vaults in its own region and nothing else."""
    key = stack.asks("LogsKeyArn", "The key of this region's logs: output of the keys stack")
    group = stack.log_group("EmptierLogs", PATH, key, log_days(stack))
    statements = [
        allow("List", ["s3:ListBucketVersions"], sub(OURS)),
        allow("Empty", ["s3:DeleteObject", "s3:DeleteObjectVersion"], sub(f"{OURS}/*")),
        allow("ListBackups", ["backup:ListRecoveryPointsByBackupVault"], stack.arn("backup", VAULTS)),
        allow("DeleteBackups", ["backup:DeleteRecoveryPoint"], [sub(f"arn:${{AWS::Partition}}:{each}") for each in POINTS]),
        allow("AskWhy", ["cloudformation:DescribeStacks"], [stack.arn("cloudformation", each) for each in STACKS]),
        allow("GoOn", ["lambda:InvokeFunction"], stack.arn("lambda", "function:trading-analytics-emptier-${EnvironmentSuffix}")),
        stack.logging(PATH),
    ]
    stack.role(
        "EmptierRole",
        "emptier",
        trust("lambda.amazonaws.com"),
        "What the function that empties buckets and vaults may do",
        statements,
    )
    properties = {
        "FunctionName": stack.named("emptier"),
        "Description": "Empties a bucket or a vault before CloudFormation deletes it",
        "Runtime": RUNTIME,
        "Architectures": ["arm64"],
        "Handler": "index.handler",
        "Code": {"ZipFile": CODE.read_text(encoding="utf-8")},
        "Role": att("EmptierRole", "Arn"),
        "Timeout": 900,
        "MemorySize": 256,
    }
    stack.make("EmptierFunction", "AWS::Lambda::Function", properties, after=[group])


def empties(stack: TradingStack, made: CfnResource, service: Json) -> None:
    """A bucket's own custom resource: deleted before it, and by that emptying it."""
    name = made.node.id
    stack.make(f"{name}Emptied", "Custom::EmptyBucket", {"ServiceToken": service, "BucketName": ref(name)})
