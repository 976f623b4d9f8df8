"""The database of a region: private, encrypted, quiet, deletable, and never replaced because writing moved."""

import json
from collections.abc import Mapping
from fnmatch import fnmatch
from typing import Any

import pytest
from tests.templates.conftest import COMMITTED
from tests.templates.walk import resources, statements, strings

from landbridge.deploy.changes import STATEFUL
from landbridge.deploy.graph import Graph, Place
from landbridge.deploy.manifest import Home, Manifest
from landbridge.model.region import Region
from landbridge.model.wire import DATABASE_WRITER, PARAMETER

Templates = Mapping[str, Mapping[str, Any]]
NOTHING = {"Ref": "AWS::NoValue"}
ROLES = {
    Home.SOURCE: Region("us-east-1"),
    Home.TARGET: Region("eu-central-1"),
    Home.JOURNAL: Region("eu-west-1"),
    Home.GLOBAL: Region("us-east-1"),
}


def _cluster(templates: Templates) -> Mapping[str, Any]:
    properties: Mapping[str, Any] = templates["database"]["Resources"]["Cluster"]["Properties"]
    return properties


def test_tr_6_1_the_cluster_is_private_and_encrypted_by_the_regions_key(templates: Templates) -> None:
    """In private subnets, behind the database's own security group, no instance with a public address."""
    cluster = _cluster(templates)
    assert cluster["StorageEncrypted"] is True
    assert cluster["KmsKeyId"] == {"Ref": "DataKeyArn"}
    assert cluster["VpcSecurityGroupIds"] == [{"Ref": "DatabaseGroupId"}]
    assert templates["database"]["Resources"]["Subnets"]["Properties"]["SubnetIds"] == {"Ref": "PrivateSubnetIds"}
    for where, instance in resources(templates, "AWS::RDS::DBInstance"):
        assert instance["Properties"]["PubliclyAccessible"] is False, where


def test_tr_6_1_nothing_but_tls_and_scram_is_spoken(templates: Templates) -> None:
    """Forced by the cluster, whatever a client would settle for."""
    settings = templates["database"]["Resources"]["Settings"]["Properties"]["Parameters"]
    assert settings["rds.force_ssl"] == "1"
    assert settings["ssl_min_protocol_version"] == "TLSv1.2"
    assert settings["rds.accepted_password_auth_method"] == "scram"
    assert _cluster(templates)["DBClusterParameterGroupName"] == {"Ref": "Settings"}


def test_ru_6_the_log_holds_no_statement_and_no_value(templates: Templates) -> None:
    """A failed statement and the key in an error's detail are customers' data."""
    settings = templates["database"]["Resources"]["Settings"]["Properties"]["Parameters"]
    quiet = ("log_statement", "log_min_error_statement", "log_min_duration_statement", "log_error_verbosity")
    assert [settings[name] for name in quiet] == ["none", "panic", "-1", "terse"]


def test_the_log_is_there_before_the_cluster_and_encrypted(templates: Templates) -> None:
    """RDS would make it without a key and without an end, under the name it takes from the cluster."""
    made = templates["database"]["Resources"]
    assert "Logs" in made["Cluster"]["DependsOn"]
    name = _cluster(templates)["DBClusterIdentifier"]["Fn::Sub"]
    log = made["Logs"]["Properties"]["LogGroupName"]["Fn::Sub"]
    assert log == f"/aws/rds/cluster/{name}/postgresql"
    assert any(text.endswith(f"log-group:{log}") for text in strings(templates["keys"]["Resources"]["LogsKey"]))


def test_tr_6_2_every_second_of_at_least_a_week_can_be_restored_and_there_is_a_reader(templates: Templates) -> None:
    """In both regions; one reader without being asked for, two at most."""
    asked = templates["database"]["Parameters"]
    assert _cluster(templates)["BackupRetentionPeriod"] == {"Ref": "RestorableDays"}
    assert asked["RestorableDays"]["MinValue"] >= 7
    assert (asked["Instances"]["Default"], asked["Instances"]["AllowedValues"]) == ("2", ["1", "2", "3"])
    conditions = [each["Condition"] for _, each in resources(templates, "AWS::RDS::DBInstance")]
    assert conditions == ["IsOurs", "HasInstance2", "HasInstance3"]


def test_ru_7_the_password_is_in_a_secret_alone(templates: Templates) -> None:
    """Made by Secrets Manager, resolved by CloudFormation, in no output and no parameter."""
    cluster = _cluster(templates)
    for prop, field in (("MasterUsername", "username"), ("MasterUserPassword", "password")):
        told = {"Fn::Sub": f"{{{{resolve:secretsmanager:${{SecretArn}}:SecretString:{field}}}}}"}
        assert cluster[prop] == {"Fn::If": ["IsBirthplace", told, NOTHING]}
    secret = templates["credentials"]["Resources"]["Secret"]["Properties"]
    assert "password" not in secret["GenerateSecretString"]["SecretStringTemplate"]
    assert not any("resolve:" in text for template in templates.values() for text in strings(template["Outputs"]))


def test_ru_7_the_password_changes_where_the_secret_is_kept(templates: Templates) -> None:
    """After the first instance stands, not on the first deploy, at most a year apart."""
    rotation = templates["database"]["Resources"]["Rotation"]
    assert (rotation["Condition"], rotation["DependsOn"]) == ("IsRotated", ["InstanceA"])
    assert rotation["Properties"]["RotateImmediatelyOnUpdate"] is False
    assert templates["database"]["Parameters"]["RotationDays"]["MaxValue"] <= 365


def test_the_secret_has_one_owner_and_a_key_a_copy(templates: Templates) -> None:
    """As the tables: declared once, its copy in the other region by that region's own key."""
    (secret,) = (each["Properties"] for _, each in resources(templates, "AWS::SecretsManager::Secret"))
    copy = {"Region": {"Ref": "SecondRegion"}, "KmsKeyId": {"Fn::If": ["HasSecondKey", {"Ref": "SecondDataKeyArn"}, NOTHING]}}
    assert secret["KmsKeyId"] == {"Ref": "DataKeyArn"}
    assert secret["ReplicaRegions"] == {"Fn::If": ["InTwoRegions", [copy], NOTHING]}
    assert Manifest.read(COMMITTED).stack("credentials").home is Home.SOURCE


def test_each_regions_worker_is_told_its_own_cluster(templates: Templates) -> None:
    """Host and port, under the name its role lets it read; of a cluster that was there before as its parameters tell."""
    kept = templates["database"]["Resources"]["WriterParameter"]["Properties"]
    name = PARAMETER.format(suffix="${EnvironmentSuffix}", name=DATABASE_WRITER)
    ours = [{"Fn::GetAtt": ["Cluster", f"Endpoint.{part}"]} for part in ("Address", "Port")]
    theirs = [{"Ref": "ExistingWriterHost"}, {"Ref": "ExistingPort"}]
    told = [{"Fn::If": ["IsOurs", *each]} for each in zip(ours, theirs, strict=True)]
    assert (kept["Name"], kept["Value"]) == ({"Fn::Sub": name}, {"Fn::Join": [":", told]})
    role = templates["effects"]["Resources"]["WorkerRole"]
    (reads,) = (text for each in statements(role) if each.get("Sid") == "FindDatabase" for text in strings(each["Resource"]))
    assert fnmatch(f"parameter{name}", reads.rpartition(":")[2])
    assert templates["database"]["Parameters"]["ExistingPort"]["Default"] == 5432


@pytest.mark.parametrize("prop", ["DatabaseName", "MasterUsername", "MasterUserPassword", "SourceRegion"])
def test_what_replaces_a_cluster_hangs_on_where_the_platform_was_born(templates: Templates, prop: str) -> None:
    """Not on the direction of a move, nor on whether the other region, its secret or the bond still stand."""
    decided = _cluster(templates)[prop]["Fn::If"]
    assert decided[0] == "IsBirthplace"
    assert NOTHING in decided[1:]
    born = templates["database"]["Conditions"]["IsBirthplace"]
    assert born == {"Fn::Equals": [{"Ref": "BirthRegion"}, {"Ref": "AWS::Region"}]}


def test_the_bond_can_be_left_without_replacing_anything(templates: Templates) -> None:
    """The one property that is emptied when a region goes is one that can change in place."""
    bond = {"Fn::If": ["IsMember", {"Ref": "GlobalClusterId"}, NOTHING]}
    assert _cluster(templates)["GlobalClusterIdentifier"] == bond
    assert templates["database"]["Parameters"]["GlobalClusterId"]["Default"] == ""


def test_a_cluster_that_was_there_is_taken_as_it_is(templates: Templates) -> None:
    """Nothing of ours is made beside it, and what it is called is told as of one of ours."""
    made = templates["database"]["Resources"]
    assert all(made[name]["Condition"] for name in ("Cluster", "InstanceA", "InstanceB", "InstanceC"))
    assert templates["database"]["Conditions"]["IsOurs"] == {"Fn::Equals": [{"Ref": "ExistingClusterArn"}, ""]}
    outputs = templates["database"]["Outputs"]
    told = {name: outputs[name]["Value"]["Fn::If"][2]["Ref"] for name in ("ClusterArn", "WriterHost", "ReaderHost")}
    assert told == {"ClusterArn": "ExistingClusterArn", "WriterHost": "ExistingWriterHost", "ReaderHost": "ExistingReaderHost"}


def test_the_bond_is_made_around_what_exists_and_goes_with_the_first_region(templates: Templates) -> None:
    """One owner, in the region of the cluster that was first; nothing in it that could hold data or be left behind."""
    stack = Manifest.read(COMMITTED).stack("global-database")
    assert (stack.home, stack.link) == (Home.SOURCE, True)
    ((_, made),) = resources({"global-database": templates["global-database"]})
    assert set(made["Properties"]) == {"GlobalClusterIdentifier", "SourceDBClusterIdentifier", "Tags"}
    assert made["Properties"]["SourceDBClusterIdentifier"] == {"Ref": "ClusterArn"}


def test_first_the_source_then_the_bond_then_the_target_and_down_in_reverse() -> None:
    """A global cluster goes secondary, bond, primary: AWS refuses every other order."""
    graph = Graph.of(Manifest.read(COMMITTED), ROLES)
    source, target = (Place("database", ROLES[home]) for home in (Home.SOURCE, Home.TARGET))
    bond = Place("global-database", ROLES[Home.SOURCE])
    assert bond in graph.needs[target]
    assert source in graph.needs[bond]
    down = graph.reversed().order()
    assert down.index(target) < down.index(bond) < down.index(source)


def test_the_rotation_reaches_its_own_secret_and_clusters_alone(templates: Templates) -> None:
    """One secret, our own clusters and their bond; which acts is held for all roles alike (test_roles)."""
    role = templates["rotation"]["Resources"]["FunctionRole"]["Properties"]["Policies"]
    named = {each["Sid"]: json.dumps(each["Resource"]) for each in statements(role)}
    for statement in ("Rotate", "SetPassword", "FindWriter"):
        assert "trading-analytics-database-${EnvironmentSuffix}" in named[statement]


def test_only_secrets_manager_of_this_account_calls_the_rotation(templates: Templates) -> None:
    """Anybody else could lock the platform out of its database."""
    (permission,) = (each["Properties"] for _, each in resources({"r": templates["rotation"]}, "AWS::Lambda::Permission"))
    assert permission["Principal"] == "secretsmanager.amazonaws.com"
    assert permission["SourceAccount"] == {"Ref": "AWS::AccountId"}


def test_the_deployer_refuses_to_replace_or_drop_any_of_it(templates: Templates) -> None:
    """Everything here that holds data is known to it as such."""
    kinds = {"AWS::RDS::DBCluster", "AWS::RDS::DBInstance", "AWS::RDS::GlobalCluster", "AWS::SecretsManager::Secret"}
    assert {resource["Type"] for _, resource in resources(templates, *kinds)} == kinds <= STATEFUL
