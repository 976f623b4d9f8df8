"""A bucket as every one of ours is: versioned, encrypted by the region's key, closed to the public, TLS only."""

from collections.abc import Mapping

from aws_cdk import CfnResource

from landbridge.platforms.trading.common import TradingStack
from landbridge.platforms.words import Json, att, policy, ref, sub

OLD_DAYS = 30


def bucket(
    stack: TradingStack,
    name: str,
    kind: str,
    key: Json,
    rules: list[Json],
    *,
    old_days: Json = OLD_DAYS,
    besides: Mapping[str, Json] | None = None,
    allowed: tuple[Json, ...] = (),
) -> CfnResource:
    """The bucket and its policy; old versions go after a while, and what was left half-sent after 7 days.

    `besides` are properties of this one alone, `allowed` the statements of services that write into it.
    """
    encrypted = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}
    closed = ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")
    properties = {
        "BucketName": stack.named_globally(kind),
        "VersioningConfiguration": {"Status": "Enabled"},
        "BucketEncryption": {
            "ServerSideEncryptionConfiguration": [{"ServerSideEncryptionByDefault": encrypted, "BucketKeyEnabled": True}]
        },
        "PublicAccessBlockConfiguration": dict.fromkeys(closed, True),
        "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
        "LifecycleConfiguration": {"Rules": [_expire(old_days), *rules]},
        **(besides or {}),
    }
    made = stack.make(name, "AWS::S3::Bucket", properties)
    document = policy(_tls_only(name), *allowed)
    stack.make(f"{name}Policy", "AWS::S3::BucketPolicy", {"Bucket": ref(name), "PolicyDocument": document})
    return made


def expiring(prefix: str, days: int) -> Json:
    """A rule by which what lies under a prefix goes after some days."""
    return {"Id": f"expire-{prefix}", "Status": "Enabled", "Prefix": f"{prefix}/", "ExpirationInDays": days}


def _expire(old_days: Json) -> Json:
    return {
        "Id": "expire-old-versions",
        "Status": "Enabled",
        "NoncurrentVersionExpiration": {"NoncurrentDays": old_days},
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
    }


def _tls_only(name: str) -> Json:
    return {
        "Sid": "TlsOnly",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [att(name, "Arn"), sub(f"${{{name}.Arn}}/*")],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
