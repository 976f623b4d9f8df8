"""Daily backups of what carries the tag Backup, copied to another region, and restored every week to prove they can be.

While both regions stand each copies into the other's vault. Alone, a region copies into whichever vault it names, in a
region where the stacks keys, artifacts and vaults were deployed; never into its own.
"""

from aws_cdk import App

from landbridge.platforms.trading.common import PREFIX, TradingStack
from landbridge.platforms.words import Json, only_if, ref, sub

COPIES, DATABASE = "HasCopies", "HasDatabase"
# AWS wants 90 days in cold storage at least: the longest time before it and the shortest in all leave just these.
COLD_AT_MOST, KEPT_AT_LEAST = 90, 180
NIGHTLY, WEEKLY = "cron(0 2 * * ? *)", "cron(0 6 ? * SUN *)"
STORES = {
    "dynamodb": f"arn:${{AWS::Partition}}:dynamodb:${{AWS::Region}}:${{AWS::AccountId}}:table/{PREFIX}-*-${{EnvironmentSuffix}}",
    "s3": f"arn:${{AWS::Partition}}:s3:::{PREFIX}-*-${{EnvironmentSuffix}}-${{AWS::Region}}",
    "rds": "arn:${AWS::Partition}:rds:${AWS::Region}:${AWS::AccountId}:cluster:*",
}


class Backup(TradingStack):
    """The plan, what it covers, and the weekly proof."""

    def __init__(self, app: App) -> None:
        super().__init__(app, "backup", "what is backed up in this region, copied out of it and restored to prove it")
        self._role = self.asks("RoleArn", "By which role backups are made and restored: output of the vaults stack")
        self._plan()
        self._selection()
        self._proof()
        self.tell("PlanId", ref("Plan"), "backup-plan", "The backup plan")
        self.tell("RestoreTestName", ref("RestoreTest"), "restore-test", "The plan by which restores are proven every week")

    def _plan(self) -> None:
        vault = self.asks("VaultName", "This region's vault: output of the vaults stack")
        lifecycle = self._lifecycle()
        there = self.asks_or_nothing("CopyVaultArn", "The vault in another region that takes copies", COPIES)
        rule = {
            "RuleName": "daily",
            "TargetBackupVault": vault,
            "ScheduleExpression": NIGHTLY,
            "StartWindowMinutes": 60,
            "CompletionWindowMinutes": 720,
            "Lifecycle": lifecycle,
            "CopyActions": only_if(COPIES, [{"DestinationBackupVaultArn": there, "Lifecycle": lifecycle}]),
            "RecoveryPointTags": {tag["Key"]: tag["Value"] for tag in self.tags_here},
        }
        properties = {"BackupPlan": {"BackupPlanName": self.named("backup"), "BackupPlanRule": [rule]}}
        self.make("Plan", "AWS::Backup::BackupPlan", properties)

    def _lifecycle(self) -> Json:
        cold = "After how many days a backup moves to cold storage, where its kind has any"
        kept = "After how many days a backup is deleted"
        asks = self.asks
        return {
            "MoveToColdStorageAfterDays": asks(
                "ColdAfterDays", cold, type="Number", default=30, min_value=1, max_value=COLD_AT_MOST
            ),
            "DeleteAfterDays": asks("DeleteAfterDays", kept, type="Number", default=365, min_value=KEPT_AT_LEAST, max_value=3653),
        }

    def _selection(self) -> None:
        tag = self.backed_up
        selection = {
            "SelectionName": self.named("backup"),
            "IamRoleArn": self._role,
            "Resources": [sub(arn) for arn in STORES.values()],
            "Conditions": {"StringEquals": [{"ConditionKey": f"aws:ResourceTag/{tag['Key']}", "ConditionValue": tag["Value"]}]},
        }
        self.make("Selection", "AWS::Backup::BackupSelection", {"BackupPlanId": ref("Plan"), "BackupSelection": selection})

    def _proof(self) -> None:
        """AWS Backup restores the newest of each kind, tells how it went, and takes what it restored away again."""
        vault = self.asks("VaultArn", "This region's vault: output of the vaults stack")
        points = {
            "Algorithm": "LATEST_WITHIN_WINDOW",
            "IncludeVaults": [vault],
            "RecoveryPointTypes": ["SNAPSHOT"],
            "SelectionWindowDays": 7,
        }
        plan = {
            "RestoreTestingPlanName": self._underlined("restore"),
            "ScheduleExpression": WEEKLY,
            "StartWindowHours": 8,
            "RecoveryPointSelection": points,
        }
        self.make("RestoreTest", "AWS::Backup::RestoreTestingPlan", plan)
        key = self.asks("DataKeyArn", "The region's key for stored data: output of the keys stack")
        self._restores("Tables", "DynamoDB", {"encryptionType": "KMS", "kmsMasterKeyArn": key})
        self._restores("Objects", "S3", {})
        subnets = self.asks_or_nothing("SubnetGroup", "Where a cluster is restored: output of the database stack", DATABASE)
        self._restores("Database", "Aurora", {"dbSubnetGroupName": subnets}, DATABASE)

    def _restores(self, name: str, kind: str, how: Json, when: str = "") -> None:
        tag = self.backed_up
        properties = {
            "RestoreTestingPlanName": ref("RestoreTest"),
            "RestoreTestingSelectionName": self._underlined(name.lower()),
            "ProtectedResourceType": kind,
            "ProtectedResourceArns": ["*"],
            "ProtectedResourceConditions": {"StringEquals": [{"Key": f"aws:ResourceTag/{tag['Key']}", "Value": tag["Value"]}]},
            "IamRoleArn": self._role,
            "ValidationWindowHours": 1,
            **({"RestoreMetadataOverrides": how} if how else {}),
        }
        self.make(f"{name}RestoreTest", "AWS::Backup::RestoreTestingSelection", properties, when=when)

    def _underlined(self, kind: str) -> Json:
        """A name where AWS takes no hyphen and 50 characters."""
        suffix = {"Fn::Join": ["_", {"Fn::Split": ["-", ref("EnvironmentSuffix")]}]}
        return sub(f"trading_analytics_{kind}_${{Suffix}}", Suffix=suffix)
