"""A region's own keys: rotated, gone a week after their stack, and each statement for one service's work in this account."""

from landbridge.platforms.constructs.stack import PlatformStack
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


def logs_key(stack: PlatformStack, kind: str, groups: tuple[str, ...]) -> Json:
    """A key CloudWatch Logs may use for the platform's own groups in this region, and for nothing else."""
    statement = {
        "Sid": "Logs",
        "Effect": "Allow",
        "Principal": {"Service": sub("logs.${AWS::Region}.amazonaws.com")},
        "Action": USE,
        "Resource": "*",
        "Condition": {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": [stack.arn("logs", f"log-group:{x}") for x in groups]}},
    }
    return key(stack, "Logs", kind, "Logs", [statement])


def key(stack: PlatformStack, name: str, kind: str, what: str, statements: list[Json]) -> Json:
    """A rotated key that can be found by a name; its ARN."""
    properties = {
        "Description": sub(f"{what} of {stack.names.platform} {stack.names.after.lstrip('-')}"),
        "EnableKeyRotation": True,
        "KeyPolicy": policy(_account(), *statements, _no_grants()),
        "PendingWindowInDays": 7,
    }
    stack.make(f"{name}Key", "AWS::KMS::Key", properties)
    alias = {"AliasName": sub(f"alias/{stack.text(kind)}"), "TargetKeyId": ref(f"{name}Key")}
    stack.make(f"{name}KeyAlias", "AWS::KMS::Alias", alias)
    arn = att(f"{name}Key", "Arn")
    stack.tell(f"{name}KeyArn", arn, f"{kind}-key", f"The region's key for: {what.lower()}")
    return arn


def granted(service: str, what: str) -> list[Json]:
    """Whoever may use a thing may use its key through it; the service itself keeps its keys by grants."""
    grant = _through(service, f"Grant{what}", ["kms:CreateGrant"])
    grant["Condition"]["Bool"] = {"kms:GrantIsForAWSResource": "true"}
    return [_through(service, what, USE), grant]


def plain(service: str, what: str) -> Json:
    """Whoever may use a thing may use its key through it, and nobody keeps a grant."""
    return _through(service, what, ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"])


def published(*services: str) -> list[Json]:
    """Who publishes to a topic does so through it; these services by themselves, for this account."""
    uses = ["kms:Decrypt", "kms:GenerateDataKey"]
    publish = {
        "Sid": "Publishers",
        "Effect": "Allow",
        "Principal": {"Service": [f"{name}.amazonaws.com" for name in services]},
        "Action": uses,
        "Resource": "*",
        "Condition": {"StringEquals": {"aws:SourceAccount": ref("AWS::AccountId")}},
    }
    return [_through("sns", "Topics", uses), publish]


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
