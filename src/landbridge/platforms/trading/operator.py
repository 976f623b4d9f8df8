"""The policies of whoever runs landbridge: the calls it makes, on the platform's own names, and nothing else.

What CloudFormation makes in the caller's name is apart: of the two-region templates those rights are the policies of the
stack `stacksets`, of the others the second document here. ACCOUNT, SUFFIX, SOURCE and TARGET are to be filled in.
"""

import json
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from landbridge.platforms.trading.stacksets import OURS
from landbridge.platforms.words import Json, allow, one_or_all, policy

CALLS: Mapping[str, Any] = tomllib.loads(Path(__file__).with_name("operator_calls.toml").read_text(encoding="utf-8"))
PREFIXES = {
    "resourcegroupstaggingapi": "tag",
    "s3control": "s3",
    "stepfunctions": "states",
}  # where the service's name is not its prefix in policies
NAMED = {  # where the call's name is not the action's
    ("apigateway", "GetRestApis"): ("apigateway:GET",),
    ("s3", "DeleteBucketReplication"): ("s3:PutReplicationConfiguration",),
    ("s3", "DeleteObjects"): ("s3:DeleteObject", "s3:DeleteObjectVersion"),
    ("s3", "GetBucketReplication"): ("s3:GetReplicationConfiguration",),
    ("s3", "HeadBucket"): ("s3:ListBucket",),
    ("s3", "HeadObject"): ("s3:GetObject",),
    ("s3", "ListBuckets"): ("s3:ListAllMyBuckets",),
    ("s3", "ListObjectVersions"): ("s3:ListBucketVersions",),
    ("s3", "ListObjectsV2"): ("s3:ListBucket",),
    ("s3", "PutBucketReplication"): ("s3:PutReplicationConfiguration",),
    ("dynamodb", "TransactWriteItems"): ("dynamodb:ConditionCheckItem", "dynamodb:PutItem", "dynamodb:UpdateItem"),
}
FILLED = {"${AWS::Partition}": "aws", "${AWS::AccountId}": "ACCOUNT", "${EnvironmentSuffix}": "SUFFIX"}
STACK = "arn:aws:cloudformation:*:ACCOUNT"
PLACES: Mapping[str, list[str]] = {
    "apigateway": ["arn:aws:apigateway:*::/restapis"],
    "athena": ["arn:aws:athena:*:ACCOUNT:workgroup/*"],  # the one that the configuration names
    "backup": ["arn:aws:backup:*:ACCOUNT:backup-vault:trading-analytics-*", "arn:aws:backup:*:ACCOUNT:recovery-point:*"],
    "cloudformation": [f"{STACK}:stack/trading-analytics-*", f"{STACK}:stack/StackSet-*", f"{STACK}:stackset/*"],
    "budgets": ["arn:aws:budgets::ACCOUNT:budget/trading-analytics-*"],
    "ce": ["*"],  # AWS names monitors
    "cloudfront": ["arn:aws:cloudfront::ACCOUNT:*"],  # and what belongs to distributions
    "cloudwatch": ["arn:aws:cloudwatch::ACCOUNT:dashboard/trading-analytics-*"],
    "ec2": ["*"],
    "execute-api": ["arn:aws:execute-api:*:ACCOUNT:*/live/*"],
    "kms": ["arn:aws:kms:*:ACCOUNT:key/*"],
    "logs": ["arn:aws:logs:*:ACCOUNT:delivery*"],
    "route53": ["arn:aws:route53:::hostedzone/*", "arn:aws:route53:::healthcheck/*", "arn:aws:route53:::change/*"],
}
MORE = {  # beside the names of the stacks' own resources
    "dynamodb": ["arn:aws:dynamodb:*:ACCOUNT:table/trading-analytics-*-SUFFIX/*"],  # backups and exports
    "events": ["arn:aws:events:*:ACCOUNT:event-bus/default"],
    "lambda": ["arn:aws:lambda:*:ACCOUNT:event-source-mapping:*"],
    "s3": ["arn:aws:s3:*:ACCOUNT:job/*"],
    "ssm": ["arn:aws:ssm:*:ACCOUNT:parameter/landbridge/*"],
}
# AWS takes no resource for these, or they are asked of all there is
EVERYWHERE = frozenset(
    {
        "ce:CreateAnomalyMonitor",
        "ce:CreateAnomalySubscription",
        "cloudformation:CreateStackSet",
        "cloudformation:DescribeStackDriftDetectionStatus",
        "cloudfront:CreateConnectionGroup",
        "cloudfront:CreateDistribution",
        "cloudfront:CreateFunction",
        "cloudfront:CreateResponseHeadersPolicy",
        "cloudfront:ListFunctions",
        "cloudwatch:DescribeAlarms",
        "cloudwatch:GetMetricData",
        "cloudwatch:ListMetrics",
        "cloudwatch:PutMetricData",
        "dynamodb:DescribeLimits",
        "dynamodb:ListBackups",
        "dynamodb:ListTables",
        "kinesis:DescribeLimits",
        "kinesis:ListStreams",
        "kms:DescribeKey",
        "lambda:CreateEventSourceMapping",
        "lambda:ListEventSourceMappings",
        "lambda:ListFunctions",
        "logs:DescribeDeliveries",
        "logs:DescribeLogGroups",
        "rds:DescribeDBClusters",
        "route53:ListHostedZones",
        "s3:CreateJob",
        "s3:ListAllMyBuckets",
        "s3:ListJobs",
        "secretsmanager:GetRandomPassword",
        "secretsmanager:ListSecrets",
        "ssm:DescribeParameters",
        "sts:GetCallerIdentity",
        "tag:GetResources",
    }
)
CONDITIONS: Mapping[str, Json] = {
    "ec2": {"StringEquals": {"aws:RequestedRegion": ["SOURCE", "TARGET"]}},
    "iam": {"StringLike": {"iam:PassedToService": ["*.s3.amazonaws.com", "s3.amazonaws.com", "cloudformation.amazonaws.com"]}},
    "kms": {"StringLike": {"kms:ViaService": ["dynamodb.*", "kinesis.*", "s3.*"]}},
}


def calls(*, verbs: bool = True) -> Iterator[tuple[str, str]]:
    """Every call of the list, as service and operation; without those that only a person's verb makes."""
    for listed in (CALLS["seen"], *(each["calls"] for each in CALLS["besides"] if verbs or not each.get("verb"))):
        yield from ((service, operation) for service, operations in listed.items() for operation in operations)


def actions_of(service: str, operation: str) -> tuple[str, ...]:
    """What a call is allowed by."""
    return NAMED.get((service, operation), (f"{PREFIXES.get(service, service)}:{operation}",))


def called() -> set[str]:
    """What landbridge's own calls are allowed by, and what AWS asks for beside."""
    return _allowed(calls())


def engines() -> set[str]:
    """The same of an engine in AWS."""
    return _allowed(calls(verbs=False))


def _allowed(made: Iterable[tuple[str, str]]) -> set[str]:
    named = {action for service, operation in made for action in actions_of(service, operation)}
    return named | {action for each in CALLS["implied"] for action in each["actions"]}


def one_sided() -> set[str]:
    """What CloudFormation needs for the stacks of one region, beside all the other policies."""
    return {f"{service}:{name}" for service, names in CALLS["one_sided"].items() for name in names}


def document(wanted: set[str]) -> Json:
    """A policy: a statement for each service, and one for what AWS takes no resource for."""
    services = sorted({action.partition(":")[0] for action in wanted - EVERYWHERE})
    return policy(
        *(_statement(service, (each for each in wanted - EVERYWHERE if each.startswith(f"{service}:"))) for service in services),
        allow("Everywhere", sorted(wanted & EVERYWHERE), "*"),
    )


def _statement(service: str, actions: Iterable[str]) -> Json:
    ours = OURS.get(service, [])
    for name, word in FILLED.items():
        ours = [arn.replace(name, word) for arn in ours]
    places = [*PLACES.get(service, ours), *MORE.get(service, [])]
    return allow(service.title().replace("-", ""), sorted(actions), one_or_all(places), CONDITIONS.get(service))


STACKS = ("backup", "cloudformation", "cloudfront", "ec2", "sts", "tag")  # services that only work on stacks calls
DOCUMENTS: Mapping[str, Callable[[], set[str]]] = {
    "operator-policy": lambda: {action for action in called() if action.partition(":")[0] not in STACKS},
    "operator-policy-stacks": lambda: {action for action in called() if action.partition(":")[0] in STACKS},
    "operator-policy-one-sided": one_sided,
}


def write(folder: Path) -> list[Path]:
    """Write them, the same bytes on every run."""
    written = []
    for name, wanted in DOCUMENTS.items():
        written.append(folder / f"{name}.json")
        written[-1].write_text(json.dumps(document(wanted()), indent=1) + "\n", encoding="utf-8")
    return written
