"""The bucket of code, and the function that empties the region's buckets and vaults before they are deleted."""

from aws_cdk import App

from landbridge.platforms.constructs.artifacts import SAYS, artifacts
from landbridge.platforms.trading.common import PREFIX, TradingStack
from landbridge.platforms.words import allow, sub

VAULTS = f"backup-vault:{PREFIX}-*-${{EnvironmentSuffix}}"
# A backup has the name its own service gives it, and AWS Backup deletes it by the role that made it.
POINTS = ("backup:${AWS::Region}:${AWS::AccountId}:recovery-point:*", "rds:${AWS::Region}:${AWS::AccountId}:cluster-snapshot:*")


class Artifacts(TradingStack):
    """Every bucket and vault of the platform's may be emptied."""

    def __init__(self, app: App) -> None:
        super().__init__(app, "artifacts", SAYS)
        points = [sub(f"arn:${{AWS::Partition}}:{each}") for each in POINTS]
        vaults = allow("ListBackups", ["backup:ListRecoveryPointsByBackupVault"], self.arn("backup", VAULTS))
        artifacts(self, ("*",), vaults, allow("DeleteBackups", ["backup:DeleteRecoveryPoint"], points))
