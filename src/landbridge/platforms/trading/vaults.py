"""Where a region keeps its own backups and the other region's copies; made in both before either has a plan.

AWS Backup deletes a backup by the role that made it, and one whose role is gone stays for ever: so the role lies here,
and goes only when the vault is empty.
"""

from aws_cdk import App

from landbridge.platforms.trading.common import TradingStack
from landbridge.platforms.words import att, ref, sub, trust

POLICIES = (
    "service-role/AWSBackupServiceRolePolicyForBackup",
    "service-role/AWSBackupServiceRolePolicyForRestores",
    "AWSBackupServiceRolePolicyForS3Backup",
    "AWSBackupServiceRolePolicyForS3Restore",
)


class Vaults(TradingStack):
    """One vault, by the region's own key, that empties itself; deployed alone it makes any region a place for copies."""

    def __init__(self, app: App) -> None:
        super().__init__(app, "vaults", "where this region's backups lie, and another region's copies")
        key = self.asks("DataKeyArn", "The region's key for stored data: output of the keys stack")
        properties = {
            "RoleName": self.named_globally("backup"),
            "Description": "By which AWS Backup reads, copies, restores and deletes",
            "AssumeRolePolicyDocument": trust(
                "backup.amazonaws.com", {"StringEquals": {"aws:SourceAccount": ref("AWS::AccountId")}}
            ),
            "ManagedPolicyArns": [sub(f"arn:${{AWS::Partition}}:iam::aws:policy/{name}") for name in POLICIES],
        }
        role = self.make("Role", "AWS::IAM::Role", properties)
        properties = {"BackupVaultName": self.named("backup"), "EncryptionKeyArn": key}
        self.make("Vault", "AWS::Backup::BackupVault", properties)
        emptier = self.asks("EmptierArn", "The function that empties vaults: output of the artifacts stack")
        emptied = {"ServiceToken": emptier, "VaultName": ref("Vault")}
        self.make("VaultEmptied", "Custom::EmptyVault", emptied, after=[role])
        self.tell("VaultName", ref("Vault"), "backup-vault", "The vault's name")
        self.tell("VaultArn", att("Vault", "BackupVaultArn"), "backup-vault-arn", "The vault's ARN")
        self.tell("RoleArn", att("Role", "Arn"), "backup-role", "By which role backups are made, restored and deleted")
