"""Buckets and vaults that empty themselves before they are deleted: one function a region, one custom resource each.

Its code lies in the template itself, because the bucket that holds all other code is among those it empties
(decision 0031).
"""

from pathlib import Path

from aws_cdk import CfnResource

import landbridge
from landbridge.platforms.constructs.functions import RUNTIME
from landbridge.platforms.constructs.retention import log_days
from landbridge.platforms.constructs.stack import PlatformStack
from landbridge.platforms.words import Json, allow, att, one_or_all, ref, sub, trust

CODE = Path(landbridge.__file__).parent / "agents" / "empty_bucket.py"


def emptier(stack: PlatformStack, buckets: tuple[str, ...], *besides: Json) -> None:
    """The function; it may empty the platform's buckets of these kinds in its own region, and what is named besides."""
    key = stack.asks("LogsKeyArn", "The key of this region's logs: output of the keys stack")
    path, all_of_us = f"/aws/lambda/{stack.text('emptier')}", stack.text("*")
    group = stack.log_group("EmptierLogs", path, key, log_days(stack))
    ours = [f"arn:${{AWS::Partition}}:s3:::{stack.names.text_globally(kind)}" for kind in buckets]
    stacks = (f"stack/{all_of_us}/*", f"stack/StackSet-{all_of_us}-*/*")
    statements = [
        allow("List", ["s3:ListBucketVersions"], one_or_all([sub(each) for each in ours])),
        allow("Empty", ["s3:DeleteObject", "s3:DeleteObjectVersion"], one_or_all([sub(f"{each}/*") for each in ours])),
        *besides,
        allow("AskWhy", ["cloudformation:DescribeStacks"], [stack.arn("cloudformation", each) for each in stacks]),
        allow("GoOn", ["lambda:InvokeFunction"], stack.arn("lambda", f"function:{stack.text('emptier')}")),
        stack.logging(path),
    ]
    does = "What the function that empties buckets and vaults may do"
    stack.role("EmptierRole", "emptier", trust("lambda.amazonaws.com"), does, statements)
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


def empties(stack: PlatformStack, made: CfnResource, service: Json) -> None:
    """A bucket's own custom resource: deleted before it, and by that emptying it."""
    name = made.node.id
    stack.make(f"{name}Emptied", "Custom::EmptyBucket", {"ServiceToken": service, "BucketName": ref(name)})
