"""A region's own two keys: one for what the platform stores, one for its logs.

A log of who asked when is as confidential as the rest, and is read by other people than the data: hence a key of its
own. Each region has its own pair, so that losing or leaving one takes no key from the other.
"""

from aws_cdk import App

from landbridge.platforms.trading.common import TradingStack
from landbridge.platforms.trading.key_uses import uses
from landbridge.platforms.words import Json, att, policy, ref, sub

USE = [
    "kms:Decrypt",
    "kms:DescribeKey",
    "kms:Encrypt",
    "kms:GenerateDataKey",
    "kms:GenerateDataKeyWithoutPlaintext",
    "kms:ReEncryptFrom",
    "kms:ReEncryptTo",
]
DATABASE_LOG = "/aws/rds/cluster/trading-analytics-database-${EnvironmentSuffix}-${AWS::Region}/postgresql"
LOGS = ("/aws/apigateway/", "/aws/kinesis-analytics/", "/aws/lambda/", "/aws/vendedlogs/", "/aws/vpc/", "aws-waf-logs-")


class Keys(TradingStack):
    """The data key and the logs key, rotated, gone a week after the stack."""

    def __init__(self, app: App) -> None:
        super().__init__(app, "keys", "Trading analytics: this region's keys for what is stored and for logs")
        statements = [*_granted("dynamodb", "Tables"), *_granted("rds", "Databases"), *_granted("backup", "Backups")]
        plain = [_plain("s3", "Objects"), _plain("secretsmanager", "Secrets")]
        key(self, "Data", "data", "Stored data", [*statements, *plain, *_notices(), *uses(self)])
        logs_key(self)


def logs_key(stack: TradingStack, kind: str = "logs") -> Json:
    """A key CloudWatch Logs may use for the platform's own groups in this region, and for nothing else."""
    return key(stack, "Logs", kind, "Logs", [_logs(stack)])


def key(stack: TradingStack, name: str, kind: str, what: str, statements: list[Json]) -> Json:
    """A rotated key that can be found by a name; its ARN."""
    properties = {
        "Description": sub(f"{what} of trading-analytics ${{EnvironmentSuffix}}"),
        "EnableKeyRotation": True,
        "KeyPolicy": policy(_account(), *statements, _no_grants()),
        "PendingWindowInDays": 7,
    }
    stack.make(f"{name}Key", "AWS::KMS::Key", properties)
    alias = {"AliasName": sub(f"alias/trading-analytics-{kind}-${{EnvironmentSuffix}}"), "TargetKeyId": ref(f"{name}Key")}
    stack.make(f"{name}KeyAlias", "AWS::KMS::Alias", alias)
    arn = att(f"{name}Key", "Arn")
    stack.tell(f"{name}KeyArn", arn, f"{kind}-key", f"The region's key for: {what.lower()}")
    return arn


def _granted(service: str, what: str) -> list[Json]:
    """Whoever may use a thing may use its key through it; the service itself keeps its keys by grants."""
    grant = _through(service, f"Grant{what}", ["kms:CreateGrant"])
    grant["Condition"]["Bool"] = {"kms:GrantIsForAWSResource": "true"}
    return [_through(service, what, USE), grant]


def _plain(service: str, what: str) -> Json:
    return _through(service, what, ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"])


def _notices() -> list[Json]:
    """Who publishes to a topic does so through it; alarms, budgets and cost anomalies by themselves, for this account."""
    uses = ["kms:Decrypt", "kms:GenerateDataKey"]
    services = [f"{name}.amazonaws.com" for name in ("budgets", "cloudwatch", "costalerts")]
    publish = {
        "Sid": "Publishers",
        "Effect": "Allow",
        "Principal": {"Service": services},
        "Action": uses,
        "Resource": "*",
        "Condition": {"StringEquals": {"aws:SourceAccount": ref("AWS::AccountId")}},
    }
    return [_through("sns", "Topics", uses), publish]


def _logs(stack: TradingStack) -> Json:
    groups = [stack.arn("logs", f"log-group:{path}trading-analytics-*-${{EnvironmentSuffix}}") for path in LOGS]
    groups.append(stack.arn("logs", f"log-group:{DATABASE_LOG}"))
    return {
        "Sid": "Logs",
        "Effect": "Allow",
        "Principal": {"Service": sub("logs.${AWS::Region}.amazonaws.com")},
        "Action": USE,
        "Resource": "*",
        "Condition": {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": groups}},
    }


def _account() -> Json:
    root = sub("arn:${AWS::Partition}:iam::${AWS::AccountId}:root")
    return {"Sid": "Account", "Effect": "Allow", "Principal": {"AWS": root}, "Action": "kms:*", "Resource": "*"}


def _no_grants() -> Json:
    """Refused to all: a grant that no service makes for one of its resources."""
    neither = {"BoolIfExists": {"kms:GrantIsForAWSResource": "false", "aws:PrincipalIsAWSService": "false"}}
    everyone = {"Principal": {"AWS": "*"}, "Action": "kms:CreateGrant", "Resource": "*"}
    return {"Sid": "NoGrants", "Effect": "Deny", **everyone, "Condition": neither}


def _through(service: str, sid: str, actions: list[str]) -> Json:
    """Principals of this account, and only by way of a service of this region."""
    through = {"kms:CallerAccount": ref("AWS::AccountId"), "kms:ViaService": sub(f"{service}.${{AWS::Region}}.amazonaws.com")}
    return {
        "Sid": sid,
        "Effect": "Allow",
        "Principal": {"AWS": "*"},
        "Action": actions,
        "Resource": "*",
        "Condition": {"StringEquals": through},
    }
