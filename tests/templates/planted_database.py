"""Defects of the database, its password, its bond across regions, and of backups."""

from typing import Any

from tests.templates import test_backup as backup
from tests.templates import test_database as database
from tests.templates import test_roles as roles
from tests.templates import test_rules as rules
from tests.templates import test_wrong as wrong
from tests.templates.planted import Change, Defect, add, drop, put

SECRET = "{{resolve:secretsmanager:trading:SecretString:password}}"
RESOLVED = {"Description": "The password", "Value": SECRET, "Export": {"Name": {"Fn::Sub": "password-${EnvironmentSuffix}"}}}
READER = {"Fn::GetAtt": ["Cluster", "ReadEndpoint.Address"]}
ROTATES = "FunctionRole/Policies/0/PolicyDocument/Statement"
PLAN = "Plan/BackupPlan/BackupPlanRule/0"
private = database.test_tr_6_1_the_cluster_is_private_and_encrypted_by_the_regions_key
tls = database.test_tr_6_1_nothing_but_tls_and_scram_is_spoken
quiet = database.test_ru_6_the_log_holds_no_statement_and_no_value
early = database.test_the_log_is_there_before_the_cluster_and_encrypted
restorable = database.test_tr_6_2_every_second_of_at_least_a_week_can_be_restored_and_there_is_a_reader
hidden = database.test_ru_7_the_password_is_in_a_secret_alone
rotated = database.test_ru_7_the_password_changes_where_the_secret_is_kept
owned = database.test_the_secret_has_one_owner_and_a_key_a_copy
born = database.test_what_replaces_a_cluster_hangs_on_where_the_platform_was_born
left = database.test_the_bond_can_be_left_without_replacing_anything
taken = database.test_a_cluster_that_was_there_is_taken_as_it_is
told = database.test_each_regions_worker_is_told_its_own_cluster
bond = database.test_the_bond_is_made_around_what_exists_and_goes_with_the_first_region
calls = roles.test_ru_5_each_role_may_do_what_its_code_calls_and_what_is_allowed_by_hand
own = database.test_the_rotation_reaches_its_own_secret_and_clusters_alone
called = database.test_only_secrets_manager_of_this_account_calls_the_rotation
cold = backup.test_wrong_5_a_backup_stays_in_cold_storage_for_ninety_days_at_least
elsewhere = backup.test_wrong_17_copies_go_to_the_other_region_and_never_into_the_own_vault
keyed = backup.test_ss_6_every_vault_has_the_key_of_its_region
emptied = backup.test_ru_3_a_vault_empties_itself_while_the_role_that_made_its_backups_stands
objects = backup.test_wrong_17_the_role_may_back_up_and_restore_objects_too
covers = backup.test_ss_6_the_plan_covers_what_carries_its_tag
carried = backup.test_ss_6_every_copy_of_what_must_not_be_lost_carries_the_tag
proven = backup.test_ss_6_restoring_is_proven_for_every_kind_of_store
spelled = backup.test_a_restore_tests_name_has_no_hyphen_and_fits
destroyed = rules.test_ru_3_everything_can_be_destroyed
encrypted = rules.test_ru_4_tables_and_logs_are_encrypted_by_kms_and_tables_restorable
least = rules.test_ru_5_no_statement_allows_more_than_it_needs
tagged = rules.test_ru_8_everything_that_can_be_tagged_is
named = rules.test_ru_2_every_name_carries_the_suffix_and_fits_at_its_longest
runs = rules.test_ru_12_functions_run_python_and_leave_room_for_the_hold
nowhere = wrong.test_no_template_knows_a_region_by_name


def _setting(name: str, value: str) -> Change:
    return put(f"Settings/Parameters/{name}", value)


def _without_tag(resource: str, tag: str) -> Change:
    def change(template: dict[str, Any]) -> None:
        properties = template["Resources"][resource]["Properties"]
        properties["Tags"] = [each for each in properties["Tags"] if each["Key"] != tag]

    return change


DATABASE = (
    Defect("database", "a public instance", put("InstanceA/PubliclyAccessible", True), private),
    Defect("database", "a cluster in clear", put("Cluster/StorageEncrypted", False), private),
    Defect("database", "a cluster under AWS's own key", drop("Cluster/KmsKeyId"), private),
    Defect("database", "a cluster everybody in the network reaches", put("Cluster/VpcSecurityGroupIds", []), private),
    Defect("database", "a cluster in other subnets", put("Subnets/SubnetIds", ["subnet-1", "subnet-2"]), private),
    Defect("database", "TLS is not forced", _setting("rds.force_ssl", "0"), tls),
    Defect("database", "TLS 1.0 is spoken", _setting("ssl_min_protocol_version", "TLSv1"), tls),
    Defect("database", "a weaker password exchange", _setting("rds.accepted_password_auth_method", "md5+scram"), tls),
    Defect("database", "a cluster with AWS's own settings", drop("Cluster/DBClusterParameterGroupName"), tls),
    Defect("database", "statements in the log", _setting("log_statement", "all"), quiet),
    Defect("database", "failed statements in the log", _setting("log_min_error_statement", "error"), quiet),
    Defect("database", "the key of a row in the log", _setting("log_error_verbosity", "default"), quiet),
    Defect("database", "RDS makes the log, without a key", drop("Resources/Cluster/DependsOn"), early),
    Defect("database", "a log under another name than RDS's", put("Logs/LogGroupName", {"Fn::Sub": "/aws/rds/x"}), early),
    Defect("database", "a log without a key", drop("Logs/KmsKeyId"), encrypted),
    Defect("database", "restorable for a day", put("Parameters/RestorableDays/MinValue", 1), restorable),
    Defect("database", "no reader", put("Parameters/Instances/Default", "1"), restorable),
    Defect("database", "a snapshot that stays", put("Resources/Cluster/DeletionPolicy", "Snapshot"), destroyed),
    Defect("database", "protected from deletion", put("Cluster/DeletionProtection", True), destroyed),
    Defect("database", "a password in the template", put("Cluster/MasterUserPassword/Fn::If/1", "trading-2026"), hidden),
    Defect("database", "the password in an output", put("Outputs/Password", RESOLVED), hidden),
    Defect("database", "a password that never changes", drop("Resources/Rotation"), rotated),
    Defect("database", "a password for ten years", put("Parameters/RotationDays/MaxValue", 3650), rotated),
    Defect("database", "changed before there is a database", put("Rotation/RotateImmediatelyOnUpdate", True), rotated),
    Defect(
        "database",
        "a cluster replaced when the direction turns",
        put("Cluster/DatabaseName/Fn::If/0", "IsMember"),
        born,
        ("DatabaseName",),
    ),
    Defect("database", "the bond can't be left", put("Cluster/GlobalClusterIdentifier", {"Ref": "GlobalClusterId"}), left),
    Defect("database", "the worker sent to a reader", put("WriterParameter/Value/Fn::Join/1/0/Fn::If/1", READER), told),
    Defect("database", "a parameter the worker may not read", put("WriterParameter/Name", {"Fn::Sub": "/database-writer"}), told),
    Defect("database", "an instance beside a cluster that was there", drop("Resources/InstanceA/Condition"), taken),
    Defect("database", "an instance without its cost centre", _without_tag("InstanceB", "CostCenter"), tagged),
    Defect("database", "the first region by its name", put("Cluster/SourceRegion/Fn::If/2", "us-east-1"), nowhere),
    Defect("database", "a cluster no plan backs up", _without_tag("Cluster", "Backup"), carried),
    Defect("global-database", "a cluster made by the bond", put("GlobalCluster/Engine", "aurora-postgresql"), bond),
    Defect("global-database", "a bond protected from deletion", put("GlobalCluster/DeletionProtection", True), destroyed),
    Defect("global-database", "a bond around nothing", drop("GlobalCluster/SourceDBClusterIdentifier"), bond),
    Defect(
        "global-database", "a bond without a suffix", put("GlobalCluster/GlobalClusterIdentifier", "trading-analytics"), named
    ),
)
PASSWORD = (
    Defect("credentials", "a secret under AWS's own key", drop("Secret/KmsKeyId"), owned),
    Defect(
        "credentials",
        "a copy under the first region's key",
        put("Secret/ReplicaRegions/Fn::If/1/0/KmsKeyId", {"Ref": "DataKeyArn"}),
        owned,
    ),
    Defect(
        "credentials",
        "a password somebody chose",
        put("Secret/GenerateSecretString/SecretStringTemplate", '{"username": "platform", "password": "trading-2026"}'),
        hidden,
    ),
    Defect("credentials", "a secret without tags", drop("Secret/Tags"), tagged),
    Defect("rotation", "a right its code does not use", add(f"{ROTATES}/0/Action", "secretsmanager:DeleteSecret"), calls),
    Defect("rotation", "a right its code lacks", drop(f"{ROTATES}/2/Action/1"), calls),
    Defect("rotation", "another cluster's password", put(f"{ROTATES}/2/Resource", "arn:aws:rds:*:*:cluster:other"), own),
    Defect("rotation", "every secret may be read", put(f"{ROTATES}/0/Resource", "*"), least),
    Defect("rotation", "anybody's Secrets Manager calls it", drop("FunctionPermission/SourceAccount"), called),
    Defect("rotation", "everybody calls it", put("FunctionPermission/Principal", "*"), called),
    Defect("rotation", "time for one try", put("Function/Timeout", 3), runs),
    Defect("rotation", "a log without a key", drop("FunctionLogs/KmsKeyId"), encrypted),
)
BACKUP = (
    Defect("backup", "a backup deleted before 90 days in cold storage", put("Parameters/DeleteAfterDays/MinValue", 30), cold),
    Defect(
        "backup",
        "deleted after 30 days and cold after 7",
        put(f"{PLAN}/Lifecycle", {"MoveToColdStorageAfterDays": 7, "DeleteAfterDays": 30}),
        cold,
    ),
    Defect("backup", "a copy with a life of its own", drop(f"{PLAN}/CopyActions/Fn::If/1/0/Lifecycle"), cold),
    Defect("backup", "continuous backup, which knows no cold storage", put(f"{PLAN}/EnableContinuousBackup", True), cold),
    Defect(
        "backup",
        "copies into the own vault",
        put(f"{PLAN}/CopyActions/Fn::If/1/0/DestinationBackupVaultArn", {"Ref": "VaultArn"}),
        elsewhere,
    ),
    Defect("backup", "no copies", drop(f"{PLAN}/CopyActions"), elsewhere),
    Defect("backup", "everything is backed up", put("Selection/BackupSelection/Resources", ["*"]), covers),
    Defect("backup", "another environment's stores", drop("Selection/BackupSelection/Conditions"), covers),
    Defect("backup", "backups by another role", put("Selection/BackupSelection/IamRoleArn", "arn"), covers),
    Defect("backup", "the database is never restored for a test", drop("Resources/DatabaseRestoreTest"), proven),
    Defect(
        "backup",
        "a restored database in public subnets",
        drop("DatabaseRestoreTest/RestoreMetadataOverrides"),
        proven,
    ),
    Defect(
        "backup",
        "backups of another vault are tested",
        put("RestoreTest/RecoveryPointSelection/IncludeVaults", ["*"]),
        proven,
    ),
    Defect("backup", "a name AWS refuses", put("RestoreTest/RestoreTestingPlanName/Fn::Sub/0", "trading-${Suffix}"), spelled),
    Defect("vaults", "a vault under AWS's own key", drop("Vault/EncryptionKeyArn"), keyed),
    Defect("vaults", "a vault locked for ever", put("Vault/LockConfiguration", {"MinRetentionDays": 365}), keyed),
    Defect("vaults", "a vault that stays full", drop("Resources/VaultEmptied"), emptied),
    Defect("vaults", "the role goes before its backups", drop("Resources/VaultEmptied/DependsOn"), emptied),
    Defect("vaults", "a role without S3's policy for backups", drop("Role/ManagedPolicyArns/2"), objects),
    Defect("vaults", "a role without S3's policy for restores", drop("Role/ManagedPolicyArns/3"), objects),
    Defect("vaults", "a vault without tags", drop("Vault/BackupVaultTags"), tagged),
    Defect("tables", "a table no plan backs up", drop("StateTable/Replicas/0/Tags/3"), carried),
)
DEFECTS = (*DATABASE, *PASSWORD, *BACKUP)
