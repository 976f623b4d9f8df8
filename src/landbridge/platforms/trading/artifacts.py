"""The bucket a region's functions are deployed from; the code's hash is its key, so nothing in it ever changes."""

from aws_cdk import App, Fn
from aws_cdk import aws_s3 as s3

from landbridge.platforms.trading.common import TradingStack

SECURE = {"Bool": {"aws:SecureTransport": "false"}}


class Artifacts(TradingStack):
    """Versioned, encrypted, closed to the public, TLS only."""

    def __init__(self, app: App) -> None:
        super().__init__(app, "artifacts", "Trading analytics: the bucket the region's functions are deployed from")
        bucket = s3.CfnBucket(
            self,
            "Bucket",
            bucket_name=self.named_globally("artifacts"),
            versioning_configuration={"status": "Enabled"},
            bucket_encryption={
                "serverSideEncryptionConfiguration": [{"serverSideEncryptionByDefault": {"sseAlgorithm": "AES256"}}]
            },
            public_access_block_configuration=s3.CfnBucket.PublicAccessBlockConfigurationProperty(
                block_public_acls=True, block_public_policy=True, ignore_public_acls=True, restrict_public_buckets=True
            ),
            ownership_controls={"rules": [{"objectOwnership": "BucketOwnerEnforced"}]},
            lifecycle_configuration={"rules": [self._lifecycle()]},
        )
        self._policy(bucket)
        self.tell("BucketName", bucket.ref, "artifacts", "Where the code of this region's functions lies")
        self.tell("BucketArn", bucket.attr_arn, "artifacts-arn", "The bucket's ARN")

    def _lifecycle(self) -> dict[str, object]:
        return {
            "id": "expire-old-versions",
            "status": "Enabled",
            "noncurrentVersionExpiration": {"noncurrentDays": 30},
            "abortIncompleteMultipartUpload": {"daysAfterInitiation": 7},
        }

    def _policy(self, bucket: s3.CfnBucket) -> None:
        whole = [bucket.attr_arn, Fn.sub("${Bucket.Arn}/*")]
        refused = {
            "Sid": "TlsOnly",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": whole,
            "Condition": SECURE,
        }
        s3.CfnBucketPolicy(
            self, "BucketPolicy", bucket=bucket.ref, policy_document={"Version": "2012-10-17", "Statement": [refused]}
        )
