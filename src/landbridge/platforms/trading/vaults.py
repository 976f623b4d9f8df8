"""Where a region keeps its own backups and the other region's copies; made in both before either has a plan."""

from aws_cdk import App

from landbridge.platforms.trading.common import TradingStack
from landbridge.platforms.words import att, ref


class Vaults(TradingStack):
    """One vault, by the region's own key; deployed alone it makes any further region a place for copies."""

    def __init__(self, app: App) -> None:
        super().__init__(app, "vaults", "Trading analytics: where this region's backups lie, and another region's copies")
        key = self.asks("DataKeyArn", "The region's key for stored data: output of the keys stack")
        properties = {"BackupVaultName": self.named("backup"), "EncryptionKeyArn": key}
        self.make("Vault", "AWS::Backup::BackupVault", properties)
        self.tell("VaultName", ref("Vault"), "backup-vault", "The vault's name")
        self.tell("VaultArn", att("Vault", "BackupVaultArn"), "backup-vault-arn", "The vault's ARN")
