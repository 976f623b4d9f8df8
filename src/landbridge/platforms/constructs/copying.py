"""How a bucket is copied to the other region: the rule, and by which role.

Buckets are named here, not referred to: a role that referred to the bucket whose rule refers to the role is a circle.
"""

from typing import Any

from landbridge.platforms.constructs.peering import REGION_PATTERN, REGION_TEXT
from landbridge.platforms.constructs.stack import PlatformStack
from landbridge.platforms.words import Json, allow, att, ref, sub, trust

COPIED = "Copied"
KEYS_THERE = "arn:${AWS::Partition}:kms:${PeerRegion}:${AWS::AccountId}:key/*"  # by its name: its ARN may be empty here
MINUTES = {"Minutes": 15}
VERSIONS = ["s3:GetObjectVersionAcl", "s3:GetObjectVersionForReplication", "s3:GetObjectVersionTagging"]
HEARTBEATS = {  # the copy's lag is measured by one key that is put again and again
    "Id": "expire-heartbeats",
    "Status": "Enabled",
    "Prefix": "~heartbeat/",
    "NoncurrentVersionExpiration": {"NoncurrentDays": 1},
}
COPY = ["s3:ReplicateDelete", "s3:ReplicateObject", "s3:ReplicateTags"]


def here(stack: PlatformStack, kind: str) -> str:
    """A bucket of this region's, by its name."""
    return f"arn:${{AWS::Partition}}:s3:::{stack.text(kind)}-${{AWS::Region}}"


def there(stack: PlatformStack, kind: str) -> str:
    """The bucket of the same kind in the region the stack asks for as PeerRegion."""
    return f"arn:${{AWS::Partition}}:s3:::{stack.text(kind)}-${{PeerRegion}}"


def asks_where(stack: PlatformStack, kind: str) -> Any:
    """The switch that copies, and the region and the key it copies to; what the switch is set to, for a condition."""
    switch = f"'on' copies this region's {kind} to the other region's bucket, which must stand by then"
    stack.asks("Replication", switch, default="off", allowed_values=["off", "on"])
    how = {"allowed_pattern": f"({REGION_PATTERN})?", "constraint_description": REGION_TEXT}
    stack.asks("PeerRegion", "The other region; empty for none", default="", **how)
    stack.asks("PeerDataKeyArn", "The other region's key for stored data: output of the keys stack there", default="")
    return stack.node.find_child("Replication").value_as_string


def copies(stack: PlatformStack, kind: str, *, both_ways: bool) -> Json:
    """One rule for everything: within 15 minutes and measured, with delete markers; both ways also copies' own metadata."""
    on = {"Status": "Enabled"}
    changed = {"ReplicaModifications": on} if both_ways else {}
    rule = {
        "Id": kind,
        **on,
        "Priority": 1,
        "Filter": {"Prefix": ""},
        "DeleteMarkerReplication": on,
        "SourceSelectionCriteria": {**changed, "SseKmsEncryptedObjects": on},
        "Destination": {
            "Bucket": sub(there(stack, kind)),
            "EncryptionConfiguration": {"ReplicaKmsKeyID": ref("PeerDataKeyArn")},
            "Metrics": {**on, "EventThreshold": MINUTES},
            "ReplicationTime": {**on, "Time": MINUTES},
        },
    }
    return {"Role": att("CopyRole", "Arn"), "Rules": [rule]}


def copy_role(stack: PlatformStack, kind: str) -> None:
    """By which S3 copies: it reads versions here and writes copies there, each side by its own key."""
    ours, theirs = here(stack, kind), there(stack, kind)
    named = {"ForAnyValue:StringEquals": {"kms:ResourceAliases": sub(f"alias/{stack.text('data')}")}}
    statements = [
        allow("ReadRule", ["s3:GetReplicationConfiguration", "s3:ListBucket"], sub(ours)),
        allow("ReadVersions", VERSIONS, sub(f"{ours}/*")),
        allow("WriteCopies", COPY, sub(f"{theirs}/*")),
        allow("Decrypt", ["kms:Decrypt"], ref("DataKeyArn"), through("AWS::Region", ours)),
        # with bucket keys the copy's own key is also read back
        allow("Encrypt", ["kms:Decrypt", "kms:Encrypt"], sub(KEYS_THERE), {**through("PeerRegion", theirs), **named}),
    ]
    does = f"By which S3 copies this region's {kind} to the other region"
    stack.role("CopyRole", "copy", trust("s3.amazonaws.com"), does, statements, when=COPIED)


def batch_role(stack: PlatformStack, kind: str) -> None:
    """By which a Batch Operations job copies what existed before the rule and what failed, or asks for archives."""
    ours, reports = here(stack, kind), here(stack, "reports")
    manifest = ["s3:GetReplicationConfiguration", "s3:PutInventoryConfiguration"]
    statements = [
        allow("ListWhatToCopy", manifest, sub(ours)),
        allow("Copy", ["s3:InitiateReplication", "s3:RestoreObject"], sub(f"{ours}/*")),
        allow("Report", ["s3:GetObject", "s3:GetObjectVersion", "s3:PutObject"], sub(f"{reports}/batch/*")),
        allow("Encrypt", ["kms:Decrypt", "kms:GenerateDataKey"], ref("DataKeyArn"), through("AWS::Region", reports)),
    ]
    does = f"By which a batch job copies {kind} that existed before its rule"
    stack.role("BatchRole", "batch", trust("batchoperations.s3.amazonaws.com"), does, statements, when=COPIED)


def tells_batch_role(stack: PlatformStack) -> None:
    """The role's ARN, for whoever begins the job."""
    role = att("BatchRole", "Arn")
    stack.tell("BatchRoleArn", role, "batch-role", "Given to the job that copies what existed before", when=COPIED)


def through(region: str, bucket: str) -> Json:
    """By way of S3 in a region, and for a bucket of ours: its objects' own keys are told by the object, others by the bucket."""
    return {
        "StringEquals": {"kms:ViaService": sub(f"s3.${{{region}}}.amazonaws.com")},
        "StringLike": {"kms:EncryptionContext:aws:s3:arn": [sub(bucket), sub(f"{bucket}/*")]},
    }
