"""The bucket a region's functions are deployed from; the code's hash is its key, so nothing in it ever changes."""

from aws_cdk import App

from landbridge.platforms.constructs.buckets import bucket
from landbridge.platforms.constructs.emptying import emptier, empties
from landbridge.platforms.trading.common import PREFIX, TradingStack
from landbridge.platforms.words import allow, att, ref, sub

VAULTS = f"backup-vault:{PREFIX}-*-${{EnvironmentSuffix}}"
# A backup has the name its own service gives it, and AWS Backup deletes it by the role that made it.
POINTS = ("backup:${AWS::Region}:${AWS::AccountId}:recovery-point:*", "rds:${AWS::Region}:${AWS::AccountId}:cluster-snapshot:*")


class Artifacts(TradingStack):
    """The bucket, and the function that empties this and every other bucket of the region before it is deleted."""

    def __init__(self, app: App) -> None:
        super().__init__(app, "artifacts", "the bucket the region's functions are deployed from")
        key = self.asks("DataKeyArn", "The region's key for stored data: output of the keys stack")
        made = bucket(self, "Bucket", "artifacts", key, [])
        points = [sub(f"arn:${{AWS::Partition}}:{each}") for each in POINTS]
        vaults = allow("ListBackups", ["backup:ListRecoveryPointsByBackupVault"], self.arn("backup", VAULTS))
        emptier(self, ("*",), vaults, allow("DeleteBackups", ["backup:DeleteRecoveryPoint"], points))
        empties(self, made, att("EmptierFunction", "Arn"))
        self.tell("BucketName", ref("Bucket"), "artifacts", "Where the code of this region's functions lies")
        self.tell("BucketArn", att("Bucket", "Arn"), "artifacts-arn", "The bucket's ARN")
        self.tell(
            "EmptierArn", att("EmptierFunction", "Arn"), "emptier", "The function that empties a bucket before its deletion"
        )
