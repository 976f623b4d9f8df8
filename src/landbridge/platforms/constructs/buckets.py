"""A bucket as every one of ours is: versioned, encrypted by the region's key, closed to the public, TLS only."""

from collections.abc import Mapping

from aws_cdk import CfnResource

from landbridge.platforms.constructs.stack import PlatformStack
from landbridge.platforms.words import Json, att, policy, ref, sub, tls_only

OLD_DAYS = 30


def bucket(
    stack: PlatformStack,
    name: str,
    kind: str,
    key: Json,
    rules: list[Json],
    *,
    old_days: Json = OLD_DAYS,
    besides: Mapping[str, Json] | None = None,
    allowed: tuple[Json, ...] = (),
    kept: bool = False,
) -> CfnResource:
    """The bucket and its policy; old versions go after a while, and what was left half-sent after 7 days.

    `besides` are properties of this one alone, `allowed` the statements of services that write into it;
    `kept` has it backed up. Without a key it is encrypted by S3's own, for services that can't write under ours.
    """
    closed = ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")
    properties = {
        "BucketName": stack.named_globally(kind),
        "VersioningConfiguration": {"Status": "Enabled"},
        "BucketEncryption": {"ServerSideEncryptionConfiguration": [_encrypted(key)]},
        "PublicAccessBlockConfiguration": dict.fromkeys(closed, True),
        "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
        "LifecycleConfiguration": {"Rules": [_expire(old_days), *rules]},
        **(besides or {}),
    }
    made = stack.make(name, "AWS::S3::Bucket", properties, kept=kept)
    document = policy(tls_only("s3:*", [att(name, "Arn"), sub(f"${{{name}.Arn}}/*")]), *allowed)
    stack.make(f"{name}Policy", "AWS::S3::BucketPolicy", {"Bucket": ref(name), "PolicyDocument": document})
    return made


def expiring(prefix: str, days: int) -> Json:
    """A rule by which what lies under a prefix goes after some days."""
    return {"Id": f"expire-{prefix}", "Status": "Enabled", "Prefix": f"{prefix}/", "ExpirationInDays": days}


def _encrypted(key: Json) -> Json:
    if key is None:
        return {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
    return {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}, "BucketKeyEnabled": True}


def _expire(old_days: Json) -> Json:
    return {
        "Id": "expire-old-versions",
        "Status": "Enabled",
        "NoncurrentVersionExpiration": {"NoncurrentDays": old_days},
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
    }
