"""The two roles StackSets work by: one that may take the other, and one that may make what the templates make.

What the second may do is the list CloudFormation's own schemas give for the types in the two-region templates
(stackset_permissions.json; a test holds it to them), on the platform's own names where a service has names, and in the
platform's two regions where it has none.
"""

import json
from pathlib import Path

from aws_cdk import App

from landbridge.platforms.constructs.peering import REGION_PATTERN
from landbridge.platforms.trading.common import PREFIX, TradingStack
from landbridge.platforms.words import Json, allow, att, policy, ref, sub, trust

PERMISSIONS: dict[str, list[str]] = json.loads(Path(__file__).with_name("stackset_permissions.json").read_text(encoding="utf-8"))
ANY = f"{PREFIX}-*-${{EnvironmentSuffix}}"
ARN = "arn:${AWS::Partition}:"
HISTORY = "trading_analytics_history_*"
OURS = {
    "athena": [f"{ARN}athena:*:${{AWS::AccountId}}:workgroup/{ANY}"],
    "cloudwatch": [f"{ARN}cloudwatch:*:${{AWS::AccountId}}:alarm:{ANY}"],
    "dynamodb": [f"{ARN}dynamodb:*:${{AWS::AccountId}}:table/{ANY}"],
    "events": [f"{ARN}events:*:${{AWS::AccountId}}:rule/{ANY}"],
    "glue": [f"{ARN}glue:*:${{AWS::AccountId}}:{each}" for each in ("catalog", f"database/{HISTORY}", f"table/{HISTORY}/*")],
    "firehose": [f"{ARN}firehose:*:${{AWS::AccountId}}:deliverystream/{ANY}"],
    "iam": [f"{ARN}iam::${{AWS::AccountId}}:role/{ANY}-*"],
    "kinesis": [f"{ARN}kinesis:*:${{AWS::AccountId}}:stream/{ANY}"],
    "kinesisanalytics": [f"{ARN}kinesisanalytics:*:${{AWS::AccountId}}:application/{ANY}"],
    "lambda": [f"{ARN}lambda:*:${{AWS::AccountId}}:function:{ANY}"],
    "rds": [f"{ARN}rds:*:${{AWS::AccountId}}:*:{ANY}*"],
    "s3": [f"{ARN}s3:::{ANY}-*"],
    "sqs": [f"{ARN}sqs:*:${{AWS::AccountId}}:{ANY}"],
    "secretsmanager": [f"{ARN}secretsmanager:*:${{AWS::AccountId}}:secret:{ANY}-*"],
    "sns": [f"{ARN}sns:*:${{AWS::AccountId}}:{ANY}", f"{ARN}sns:*:${{AWS::AccountId}}:{ANY}:*"],
    "ssm": [f"{ARN}ssm:*:${{AWS::AccountId}}:parameter/trading-platform/${{EnvironmentSuffix}}/*"],
    "states": [f"{ARN}states:*:${{AWS::AccountId}}:stateMachine:{ANY}"],
}
WITHOUT_NAMES = (
    "apigateway",
    "backup",
    "backup-storage",
    "ec2",
    "kms",
    "logs",
    "wafv2",
)  # ids are made by AWS, or calls have no resource
POLICIES = {"Network": ("ec2",), "Storage": ("dynamodb", "kms", "s3", "ssm")}
POLICIES["Database"] = ("backup", "backup-storage", "rds", "secretsmanager")
POLICIES["Watching"] = ("cloudwatch", "events", "firehose", "sns", "sqs")
POLICIES["Serving"] = ("apigateway", "iam", "lambda", "logs", "route53", "wafv2")
POLICIES["Streaming"] = ("athena", "glue", "kinesis", "kinesisanalytics", "states")


class StackSets(TradingStack):
    """Administration and execution in one account; once, because roles know no region."""

    def __init__(self, app: App) -> None:
        super().__init__(app, "stacksets", "the roles by which StackSets deploy the two-region templates")
        how = {"allowed_pattern": REGION_PATTERN, "constraint_description": "the name of an AWS region, like eu-central-1"}
        self._regions = [self.asks(f"{side}Region", f"The {side.lower()} region", **how) for side in ("Source", "Target")]
        execution = {"AWS": att("AdministrationRole", "Arn")}
        take = allow("Execute", ["sts:AssumeRole"], sub(f"{ARN}iam::${{AWS::AccountId}}:role/{PREFIX}-sets-exec-{SUFFIXED}"))
        does = "By which StackSets take the execution role"
        self.role("AdministrationRole", "sets-admin", trust("cloudformation.amazonaws.com"), does, [take])
        for name, services in POLICIES.items():
            self._policy(name, services)
        properties = {
            "RoleName": self.named_globally("sets-exec"),
            "Description": "By which StackSets make what the two-region templates make",
            "AssumeRolePolicyDocument": policy({"Effect": "Allow", "Principal": execution, "Action": "sts:AssumeRole"}),
            "ManagedPolicyArns": [ref(f"{name}Policy") for name in POLICIES],
            "Policies": [{"PolicyName": "stacks", "PolicyDocument": policy(*_stacks())}],
        }
        self.make("ExecutionRole", "AWS::IAM::Role", properties)
        administration = att("AdministrationRole", "Arn")
        self.tell("AdministrationRoleArn", administration, "stackset-administration", "Given when a StackSet is made")
        self.tell("ExecutionRoleName", ref("ExecutionRole"), "stackset-execution", "Named when a StackSet is made")

    def _policy(self, name: str, services: tuple[str, ...]) -> None:
        properties = {
            "ManagedPolicyName": self.named_globally(f"sets-{name.lower()}"),
            "Description": f"What StackSets may do: {', '.join(services)}",
            "PolicyDocument": policy(*(statement(service, self._regions) for service in services)),
        }
        self.make(f"{name}Policy", "AWS::IAM::ManagedPolicy", properties)


def statement(service: str, regions: list[Json]) -> Json:
    """What the templates of two regions need of a service, for whoever makes their stacks."""
    sid, actions = service.title().replace("-", ""), PERMISSIONS[service]
    if service in OURS:
        return allow(sid, actions, [sub(arn) for arn in OURS[service]])
    here = {"StringEquals": {"aws:RequestedRegion": regions}}
    return allow(sid, actions, "*", here if service in WITHOUT_NAMES else None)


VERBS = (
    "CreateStack",
    "DeleteStack",
    "DescribeStackEvents",
    "DescribeStackResources",
    "DescribeStacks",
    "GetTemplate",
    "UpdateStack",
)
SUFFIXED = "${EnvironmentSuffix}-${AWS::Region}"


def _stacks() -> list[Json]:
    """StackSets work stacks of their own names, and read the code of functions."""
    stacks = sub(f"{ARN}cloudformation:*:${{AWS::AccountId}}:stack/StackSet-{PREFIX}-*")
    return [allow("Stacks", [f"cloudformation:{verb}" for verb in VERBS], stacks)]
