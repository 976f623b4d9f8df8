"""PY-2, PY-3, PY-5: the database and its replica, sessions in both regions, uploads copied one way."""

import json
from collections.abc import Mapping
from typing import Any

from tests.templates.calls import actions_of
from tests.templates.payments.conftest import FOLDER
from tests.templates.walk import resources, statements

from landbridge.config.payments import Payments
from landbridge.deploy.manifest import Home, Manifest
from landbridge.platforms.payments.given import given

Templates = Mapping[str, Mapping[str, Any]]
RDS = ("DescribeDBInstances", "ModifyDBInstance", "DescribeDBClusters", "ModifyDBCluster", "DescribeGlobalClusters")
NOTHING = {"Ref": "AWS::NoValue"}


def _only(condition: str, value: Any) -> Any:
    return {"Fn::If": [condition, value, NOTHING]}


def _hangs_on(value: Any) -> str:
    """The condition that decides it, if one does."""
    return str(value["Fn::If"][0]) if isinstance(value, Mapping) and "Fn::If" in value else ""


def _instance(templates: Templates) -> Mapping[str, Any]:
    properties: Mapping[str, Any] = templates["database"]["Resources"]["Instance"]["Properties"]
    return properties


def test_py_2_the_database_lies_in_isolated_subnets_and_answers_nobody_outside(templates: Templates) -> None:
    """With a standby in another zone."""
    made = _instance(templates)
    assert made["PubliclyAccessible"] is False
    assert made["MultiAZ"] == {"Ref": "Standby"}
    assert templates["database"]["Parameters"]["Standby"]["Default"] == "true"
    assert templates["database"]["Resources"]["Subnets"]["Properties"]["SubnetIds"] == {"Ref": "IsolatedSubnetIds"}
    assert made["VPCSecurityGroups"] == [{"Ref": "DatabaseGroupId"}]


def test_py_2_it_is_encrypted_by_its_own_regions_key_and_speaks_tls_alone(templates: Templates) -> None:
    """At rest and on the way, and its performance data too; what it logs holds no statement."""
    made = _instance(templates)
    assert made["KmsKeyId"] == made["PerformanceInsightsKMSKeyId"] == {"Ref": "DatabaseKeyArn"}
    settings = templates["database"]["Resources"]["Settings"]["Properties"]["Parameters"]
    assert settings["rds.force_ssl"] == "1"
    assert settings["password_encryption"] == "scram-sha-256"
    assert settings["log_statement"] == "none"


def test_py_2_a_replica_takes_its_user_and_its_storage_from_the_writer(templates: Templates) -> None:
    """What only a new database may have is given where the platform was born; a copy names what it copies instead."""
    made = _instance(templates)
    for name in ("AllocatedStorage", "DBName", "MasterUserPassword", "MasterUsername", "StorageEncrypted"):
        assert _hangs_on(made[name]) == "IsBirthplace", name
        assert made[name]["Fn::If"][2] == NOTHING, name
    arn = "arn:${AWS::Partition}:rds:${BirthRegion}:${AWS::AccountId}:db:database-${Environment}-${EnvironmentSuffix}"
    assert made["SourceDBInstanceIdentifier"] == _only("IsReplica", {"Fn::Sub": arn})
    assert made["SourceRegion"] == {"Fn::If": ["IsBirthplace", NOTHING, {"Ref": "BirthRegion"}]}


def test_py_2_a_replica_waits_for_what_it_copies(templates: Templates) -> None:
    """Every stack that names another instance of its own kind stands first where that one is."""
    copies = {name for name, template in templates.items() if "SourceDBInstanceIdentifier" in json.dumps(template)}
    waiting = {stack.name for stack in Manifest.read(FOLDER).stacks if stack.first is Home.SOURCE}
    assert copies == waiting == {"database"}


def test_py_2_promoting_changes_one_property_and_replaces_nothing(templates: Templates) -> None:
    """Only what is copied hangs on Promoted; user, name and encryption hang on where the platform was born."""
    made = _instance(templates)
    hang = {name for name, value in made.items() if _hangs_on(value) == "IsReplica"}
    assert hang == {"SourceDBInstanceIdentifier"}
    condition = templates["database"]["Conditions"]["IsReplica"]
    assert "Promoted" in str(condition)
    assert "IsBirthplace" in str(condition)


def test_py_2_its_password_is_nobodys_but_secrets_managers(templates: Templates) -> None:
    """Made there, under the region's key, copied with the region, and looked up when the database is made."""
    secret = templates["credentials"]["Resources"]["Secret"]["Properties"]
    assert secret["GenerateSecretString"]["PasswordLength"] >= 32
    assert secret["KmsKeyId"] == {"Ref": "DataKeyArn"}
    assert secret["ReplicaRegions"]["Fn::If"][0] == "InTwoRegions"
    password = _instance(templates)["MasterUserPassword"]["Fn::If"][1]["Fn::Sub"]
    assert password.startswith("{{resolve:secretsmanager:")


def test_py_7_the_key_that_names_customers_is_nobodys_but_secrets_managers(templates: Templates) -> None:
    """Random, of 256 bits, under the region's key, copied where the password is; the service reads it and nobody else here."""
    key, password = (templates["credentials"]["Resources"][name]["Properties"] for name in ("IdentityKey", "Secret"))
    assert key["GenerateSecretString"] == {"PasswordLength": 43, "ExcludePunctuation": True}
    assert (key["KmsKeyId"], key["ReplicaRegions"]) == (password["KmsKeyId"], password["ReplicaRegions"])
    readers = {
        where
        for where, role in resources(templates, "AWS::IAM::Role")
        for each in statements(role["Properties"].get("Policies", []))
        if "secret:identity-" in str(each["Resource"])
    }
    assert readers == {"service.TaskRole"}


def test_py_2_its_password_changes_in_the_region_whose_secret_it_is(templates: Templates) -> None:
    """By a function in the network that may set this one database's password, and not before its day."""
    rotation = templates["database"]["Resources"]["Rotation"]
    assert rotation["Condition"] == "IsRotated"
    assert rotation["Properties"]["RotateImmediatelyOnUpdate"] is False
    function = templates["rotation"]["Resources"]["Function"]["Properties"]
    assert function["Handler"] == "landbridge.agents.rotate_instance.handler"
    assert function["VpcConfig"]["SubnetIds"] == {"Ref": "PrivateSubnetIds"}
    role = templates["rotation"]["Resources"]["FunctionRole"]
    told = {
        action for each in statements(role["Properties"]["Policies"]) for action in each["Action"] if action.startswith("rds:")
    }
    assert told == actions_of("landbridge.agents.rotate_instance") & {f"rds:{verb}" for verb in RDS}
    (may,) = (each for each in statements(role) if each.get("Sid") == "SetPassword")
    assert may["Resource"]["Fn::Sub"].endswith(":db:database-${Environment}-${EnvironmentSuffix}")


def test_py_3_sessions_have_a_copy_and_a_key_in_each_region(templates: Templates) -> None:
    """One owner; two further copies by parameter, each under its own region's key, restorable."""
    table = templates["sessions"]["Resources"]["SessionsTable"]["Properties"]
    first, *further = table["Replicas"]
    keys = [first, *(each["Fn::If"][1] for each in further)]
    assert [each["SSESpecification"]["KMSMasterKeyId"]["Ref"] for each in keys] == [
        "DataKeyArn",
        "SecondDataKeyArn",
        "ThirdDataKeyArn",
    ]
    assert table["StreamSpecification"] == {"StreamViewType": "NEW_AND_OLD_IMAGES"}


def test_py_3_strong_sessions_have_no_expiry(templates: Templates) -> None:
    """A table of strong consistency takes neither: linters let it pass, AWS does not."""
    table = templates["sessions"]["Resources"]["SessionsTable"]["Properties"]
    assert table["MultiRegionConsistency"] == _only("IsStrong", "STRONG")
    assert table["TimeToLiveSpecification"]["Fn::If"][:2] == ["IsStrong", NOTHING]
    assert "HasSecondRegion" in str(templates["sessions"]["Conditions"]["IsStrong"])


def test_py_5_uploads_are_copied_with_their_encryption_and_old_versions_go(templates: Templates) -> None:
    """Within a quarter of an hour and measured, delete markers too; what is old gets cheaper, then goes."""
    made = templates["uploads"]["Resources"]["Uploads"]["Properties"]
    condition, rules, _ = made["ReplicationConfiguration"]["Fn::If"]
    (rule,) = rules["Rules"]
    assert condition == "Copied"
    assert rule["Destination"]["EncryptionConfiguration"] == {"ReplicaKmsKeyID": {"Ref": "PeerDataKeyArn"}}
    assert rule["SourceSelectionCriteria"] == {"SseKmsEncryptedObjects": {"Status": "Enabled"}}
    lifecycle = made["LifecycleConfiguration"]["Rules"]
    assert any("NoncurrentVersionExpiration" in each for each in lifecycle)
    assert any("Transitions" in each for each in lifecycle)


def test_py_5_the_other_way_does_not_exist(templates: Templates, platform: Payments) -> None:
    """Switched on in another region it copies nothing: neither rule nor role is made, and no region is named to copy to."""
    condition = templates["uploads"]["Conditions"]["Copied"]["Fn::And"]
    assert {"Fn::Equals": [{"Ref": "BirthRegion"}, {"Ref": "AWS::Region"}]} in condition
    assert templates["uploads"]["Resources"]["CopyRole"]["Condition"] == "Copied"
    assert given(platform, platform.first)["uploads"]["PeerRegion"] == platform.others[0].region
    for other in platform.others:
        assert given(platform, other)["uploads"] == {"BirthRegion": platform.first.region}


def test_py_5_the_role_reads_here_and_writes_there(templates: Templates) -> None:
    """Not the other way round."""
    role = templates["uploads"]["Resources"]["CopyRole"]
    told = {each["Sid"]: each for each in statements(role["Properties"]["Policies"])}
    assert told["WriteCopies"]["Resource"]["Fn::Sub"].endswith("uploads-${Environment}-${EnvironmentSuffix}-${PeerRegion}/*")
    assert told["ReadVersions"]["Resource"]["Fn::Sub"].endswith("${AWS::Region}/*")
