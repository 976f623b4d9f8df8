"""A bucket as every one of ours is: versioned, encrypted by the region's key, closed to the public, TLS only."""

from aws_cdk import CfnResource

from landbridge.platforms.trading.common import TradingStack
from landbridge.platforms.words import Json, att, policy, ref, sub, tls_only


def bucket(stack: TradingStack, name: str, kind: str, key: Json, rules: list[Json]) -> CfnResource:
    """The bucket and its policy; old versions go after 30 days, and what was left half-sent after 7."""
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
        "LifecycleConfiguration": {"Rules": [EXPIRE, *rules]},
    }
    made = stack.make(name, "AWS::S3::Bucket", properties)
    everything = [att(name, "Arn"), sub(f"${{{name}.Arn}}/*")]
    refused = policy(tls_only("s3:*", everything))
    stack.make(f"{name}Policy", "AWS::S3::BucketPolicy", {"Bucket": ref(name), "PolicyDocument": refused})
    return made


EXPIRE = {
    "Id": "expire-old-versions",
    "Status": "Enabled",
    "NoncurrentVersionExpiration": {"NoncurrentDays": 30},
    "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
}
