"""How history is copied to the other region: the rule, and by which roles.

Buckets are named here, not referred to: a role that referred to the bucket whose rule refers to the role is a circle.
"""

from landbridge.platforms.trading.common import TradingStack
from landbridge.platforms.words import Json, allow, att, ref, sub, trust

COPIED = "Copied"
ARN = "arn:${AWS::Partition}:s3:::trading-analytics-"
HERE, THERE = f"{ARN}history-${{EnvironmentSuffix}}-${{AWS::Region}}", f"{ARN}history-${{EnvironmentSuffix}}-${{PeerRegion}}"
REPORTS = f"{ARN}reports-${{EnvironmentSuffix}}-${{AWS::Region}}"
KEYS_THERE = "arn:${AWS::Partition}:kms:${PeerRegion}:${AWS::AccountId}:key/*"  # by its name: its ARN may be empty here
NAMED = {"ForAnyValue:StringEquals": {"kms:ResourceAliases": sub("alias/trading-analytics-data-${EnvironmentSuffix}")}}
MINUTES = {"Minutes": 15}
VERSIONS = ["s3:GetObjectVersionAcl", "s3:GetObjectVersionForReplication", "s3:GetObjectVersionTagging"]
COPY = ["s3:ReplicateDelete", "s3:ReplicateObject", "s3:ReplicateTags"]


def copies() -> Json:
    """One rule for everything: within 15 minutes and measured, with delete markers and changes of copies' own metadata."""
    on = {"Status": "Enabled"}
    rule = {
        "Id": "history",
        **on,
        "Priority": 1,
        "Filter": {"Prefix": ""},
        "DeleteMarkerReplication": on,
        "SourceSelectionCriteria": {"ReplicaModifications": on, "SseKmsEncryptedObjects": on},
        "Destination": {
            "Bucket": sub(THERE),
            "EncryptionConfiguration": {"ReplicaKmsKeyID": ref("PeerDataKeyArn")},
            "Metrics": {**on, "EventThreshold": MINUTES},
            "ReplicationTime": {**on, "Time": MINUTES},
        },
    }
    return {"Role": att("CopyRole", "Arn"), "Rules": [rule]}


def copy_role(stack: TradingStack) -> None:
    """By which S3 copies: it reads versions here and writes copies there, each side by its own key."""
    statements = [
        allow("ReadRule", ["s3:GetReplicationConfiguration", "s3:ListBucket"], sub(HERE)),
        allow("ReadVersions", VERSIONS, sub(f"{HERE}/*")),
        allow("WriteCopies", COPY, sub(f"{THERE}/*")),
        allow("Decrypt", ["kms:Decrypt"], ref("DataKeyArn"), _through("AWS::Region", HERE)),
        # with bucket keys the copy's own key is also read back
        allow("Encrypt", ["kms:Decrypt", "kms:Encrypt"], sub(KEYS_THERE), {**_through("PeerRegion", THERE), **NAMED}),
    ]
    does = "By which S3 copies this region's history to the other region"
    stack.role("CopyRole", "copy", trust("s3.amazonaws.com"), does, statements, when=COPIED)


def batch_role(stack: TradingStack) -> None:
    """By which a Batch Operations job copies what existed before the rule and what failed, or asks for archives."""
    manifest = ["s3:GetReplicationConfiguration", "s3:PutInventoryConfiguration"]
    statements = [
        allow("ListWhatToCopy", manifest, sub(HERE)),
        allow("Copy", ["s3:InitiateReplication", "s3:RestoreObject"], sub(f"{HERE}/*")),
        allow("Report", ["s3:GetObject", "s3:GetObjectVersion", "s3:PutObject"], sub(f"{REPORTS}/batch/*")),
        allow("Encrypt", ["kms:Decrypt", "kms:GenerateDataKey"], ref("DataKeyArn"), _through("AWS::Region", REPORTS)),
    ]
    does = "By which a batch job copies history that existed before its rule"
    stack.role("BatchRole", "batch", trust("batchoperations.s3.amazonaws.com"), does, statements, when=COPIED)


def _through(region: str, bucket: str) -> Json:
    """By way of S3 in a region, and for a bucket of ours: its objects' own keys are told by the object, others by the bucket."""
    return {
        "StringEquals": {"kms:ViaService": sub(f"s3.${{{region}}}.amazonaws.com")},
        "StringLike": {"kms:EncryptionContext:aws:s3:arn": [sub(bucket), sub(f"{bucket}/*")]},
    }
