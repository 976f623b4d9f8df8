"""Backups: what is covered, where copies go, how long they stay, and that restoring them is proven every week."""

import json
from collections.abc import Mapping
from typing import Any

from tests.templates.conftest import COMMITTED
from tests.templates.walk import copies, resources, tags_of

from landbridge.deploy.manifest import Feed, Home, Manifest, Where

Templates = Mapping[str, Mapping[str, Any]]
TAG = {"Fn::Sub": "trading-analytics-${EnvironmentSuffix}"}
COPIED = {"database.Cluster", "tables.StateTable", "tables.AnalyticsTable", "tables.CommandsTable"}


def _rule(templates: Templates) -> Mapping[str, Any]:
    (rule,) = templates["backup"]["Resources"]["Plan"]["Properties"]["BackupPlan"]["BackupPlanRule"]
    return dict(rule)


def test_wrong_5_a_backup_stays_in_cold_storage_for_ninety_days_at_least(templates: Templates) -> None:
    """Whatever an operator may give: the latest move and the earliest deletion are ninety days apart."""
    asked = templates["backup"]["Parameters"]
    assert asked["DeleteAfterDays"]["MinValue"] >= asked["ColdAfterDays"]["MaxValue"] + 90
    lifecycle = {"MoveToColdStorageAfterDays": {"Ref": "ColdAfterDays"}, "DeleteAfterDays": {"Ref": "DeleteAfterDays"}}
    rule = _rule(templates)
    assert rule["Lifecycle"] == lifecycle
    assert rule["CopyActions"]["Fn::If"][1][0]["Lifecycle"] == lifecycle
    assert "EnableContinuousBackup" not in rule  # it forbids cold storage


def test_wrong_17_copies_go_to_the_other_region_and_never_into_the_own_vault(templates: Templates) -> None:
    """The other region's vault while there is one, one that is named when there is none; its stack comes first."""
    rule, manifest = _rule(templates), Manifest.read(COMMITTED)
    assert rule["TargetBackupVault"] == {"Ref": "VaultName"}
    assert rule["CopyActions"]["Fn::If"][1][0]["DestinationBackupVaultArn"] == {"Ref": "CopyVaultArn"}
    feeds = manifest.stack("backup").feeds
    assert feeds["VaultName"] == Feed("vaults", "VaultName")
    assert feeds["CopyVaultArn"] == Feed("vaults", "VaultArn", Where.OTHER)
    assert templates["backup"]["Parameters"]["CopyVaultArn"]["Default"] == ""
    assert manifest.stack("vaults").home is Home.BOTH


def test_ss_6_every_vault_has_the_key_of_its_region(templates: Templates) -> None:
    """A copy is encrypted anew where it arrives."""
    for where, vault in resources(templates, "AWS::Backup::BackupVault"):
        assert vault["Properties"]["EncryptionKeyArn"] == {"Ref": "DataKeyArn"}, where
        assert "LockConfiguration" not in vault["Properties"], where  # it would outlive its stack


def test_ru_3_a_vault_empties_itself_while_the_role_that_made_its_backups_stands(templates: Templates) -> None:
    """AWS Backup deletes by that role; once it is gone the backups stay, and the vault with them."""
    emptied = templates["vaults"]["Resources"]["VaultEmptied"]
    assert emptied["Properties"] == {"ServiceToken": {"Ref": "EmptierArn"}, "VaultName": {"Ref": "Vault"}}
    assert emptied["DependsOn"] == ["Role"]


def test_wrong_17_the_role_may_back_up_and_restore_objects_too(templates: Templates) -> None:
    """Without the two policies for S3 its backups fail, and nobody looks."""
    policies = json.dumps(templates["vaults"]["Resources"]["Role"]["Properties"]["ManagedPolicyArns"])
    for name in ("ForBackup", "ForRestores", "ForS3Backup", "ForS3Restore"):
        assert f"AWSBackupServiceRolePolicy{name}" in policies


def test_ss_6_the_plan_covers_what_carries_its_tag(templates: Templates) -> None:
    """The tag holds the environment's name, so that no plan covers another environment's stores."""
    selection = templates["backup"]["Resources"]["Selection"]["Properties"]["BackupSelection"]
    assert selection["Conditions"] == {"StringEquals": [{"ConditionKey": "aws:ResourceTag/Backup", "ConditionValue": TAG}]}
    assert selection["IamRoleArn"] == {"Ref": "RoleArn"}
    assert "*" not in selection["Resources"]


def test_ss_6_every_copy_of_what_must_not_be_lost_carries_the_tag(templates: Templates) -> None:
    """The tables in each region and the cluster; neither pens nor the journal, of which an old copy would be a wrong one."""
    kinds = ("AWS::DynamoDB::GlobalTable", "AWS::DynamoDB::Table", "AWS::RDS::DBCluster")
    tagged = {where for where, made in resources(templates, *kinds) if all(tags_of(copy).get("Backup") for copy in copies(made))}
    assert tagged == COPIED
    for where, made in resources(templates, *kinds):
        for copy in copies(made):
            assert tags_of(copy).get("Backup", TAG) == TAG, where


def test_ss_6_restoring_is_proven_for_every_kind_of_store(templates: Templates) -> None:
    """The newest backup of each, out of our own vault, every week, by the same role; the cluster into private subnets."""
    made = {
        where.split(".")[1]: each["Properties"] for where, each in resources(templates, "AWS::Backup::RestoreTestingSelection")
    }
    assert {name: each["ProtectedResourceType"] for name, each in made.items()} == {
        "TablesRestoreTest": "DynamoDB",
        "ObjectsRestoreTest": "S3",
        "DatabaseRestoreTest": "Aurora",
    }
    for name, each in made.items():
        assert each["ProtectedResourceConditions"] == {"StringEquals": [{"Key": "aws:ResourceTag/Backup", "Value": TAG}]}, name
    assert made["DatabaseRestoreTest"]["RestoreMetadataOverrides"] == {"dbSubnetGroupName": {"Ref": "SubnetGroup"}}
    (plan,) = (each["Properties"] for _, each in resources(templates, "AWS::Backup::RestoreTestingPlan"))
    assert plan["RecoveryPointSelection"]["IncludeVaults"] == [{"Ref": "VaultArn"}]


def test_a_restore_tests_name_has_no_hyphen_and_fits(templates: Templates) -> None:
    """AWS takes letters, digits and underscores, fifty in all; the suffix has hyphens."""
    for where, made in resources(templates, "AWS::Backup::RestoreTestingPlan", "AWS::Backup::RestoreTestingSelection"):
        prop = "RestoreTestingPlanName" if made["Type"].endswith("Plan") else "RestoreTestingSelectionName"
        text, names = made["Properties"][prop]["Fn::Sub"]
        assert "-" not in text, where
        assert len(text.replace("${Suffix}", "a" * 20)) <= 50, where
        assert names["Suffix"] == {"Fn::Join": ["_", {"Fn::Split": ["-", {"Ref": "EnvironmentSuffix"}]}]}, where
