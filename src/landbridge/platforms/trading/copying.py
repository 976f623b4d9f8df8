"""How history that existed before its rule of copying comes to the other region: by a job of S3's, under a role of its own."""

from landbridge.platforms.constructs.copying import COPIED, here, through
from landbridge.platforms.constructs.stack import PlatformStack
from landbridge.platforms.words import allow, ref, sub, trust


def batch_role(stack: PlatformStack) -> None:
    """By which a Batch Operations job copies what existed before the rule and what failed, or asks for archives."""
    ours, reports = here(stack, "history"), here(stack, "reports")
    manifest = ["s3:GetReplicationConfiguration", "s3:PutInventoryConfiguration"]
    statements = [
        allow("ListWhatToCopy", manifest, sub(ours)),
        allow("Copy", ["s3:InitiateReplication", "s3:RestoreObject"], sub(f"{ours}/*")),
        allow("Report", ["s3:GetObject", "s3:GetObjectVersion", "s3:PutObject"], sub(f"{reports}/batch/*")),
        allow("Encrypt", ["kms:Decrypt", "kms:GenerateDataKey"], ref("DataKeyArn"), through("AWS::Region", reports)),
    ]
    does = "By which a batch job copies history that existed before its rule"
    stack.role("BatchRole", "batch", trust("batchoperations.s3.amazonaws.com"), does, statements, when=COPIED)
