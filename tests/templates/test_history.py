"""History is copied when told to, archived by age, listed daily, and asked about within limits."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from tests.templates.walk import listed, resources, statements, strings

from landbridge.model.hearts import HEARTBEATS

Templates = Mapping[str, Mapping[str, Any]]
ON = {"Status": "Enabled"}
THERE = "arn:${AWS::Partition}:kms:${PeerRegion}:${AWS::AccountId}:key/*"


def _made(templates: Templates, stack: str, name: str) -> Mapping[str, Any]:
    properties: Mapping[str, Any] = templates[stack]["Resources"][name]["Properties"]
    return properties


def _rule(templates: Templates) -> Mapping[str, Any]:
    condition, made, nothing = _made(templates, "history", "History")["ReplicationConfiguration"]["Fn::If"]
    assert (condition, nothing) == ("Copied", {"Ref": "AWS::NoValue"})
    (rule,) = made["Rules"]
    return dict(rule)


def test_tr_4_1_history_is_archived_by_age_and_old_versions_go(templates: Templates) -> None:
    """Infrequent access at 90 days, Glacier at 180, and versions that were overwritten after a time that is asked for."""
    old, archive, _ = _made(templates, "history", "History")["LifecycleConfiguration"]["Rules"]
    assert [(each["StorageClass"], each["TransitionInDays"]) for each in archive["Transitions"]] == [
        ("STANDARD_IA", 90),
        ("GLACIER", 180),
    ]
    assert "ExpirationInDays" not in archive
    assert old["NoncurrentVersionExpiration"] == {"NoncurrentDays": {"Ref": "OldVersionDays"}}


def test_tr_4_1_copying_takes_everything_within_a_quarter_of_an_hour(templates: Templates) -> None:
    """Delete markers and changes of copies too, measured, each copy under a key of its own region."""
    rule = _rule(templates)
    assert (rule["Status"], rule["Filter"], rule["DeleteMarkerReplication"]) == ("Enabled", {"Prefix": ""}, ON)
    assert rule["SourceSelectionCriteria"] == {"ReplicaModifications": ON, "SseKmsEncryptedObjects": ON}
    there = rule["Destination"]
    assert there["ReplicationTime"] == {**ON, "Time": {"Minutes": 15}}
    assert there["Metrics"] == {**ON, "EventThreshold": {"Minutes": 15}}
    assert there["EncryptionConfiguration"] == {"ReplicaKmsKeyID": {"Ref": "PeerDataKeyArn"}}


def test_wrong_3_and_4_copying_is_off_until_the_other_regions_bucket_stands(templates: Templates) -> None:
    """Switched by a parameter, to the bucket of the other region, which needs no switch to exist."""
    switch = templates["history"]["Parameters"]["Replication"]
    assert (switch["Default"], switch["AllowedValues"]) == ("off", ["off", "on"])
    name = _made(templates, "history", "History")["BucketName"]["Fn::Sub"]
    there = _rule(templates)["Destination"]["Bucket"]["Fn::Sub"]
    assert there == "arn:${AWS::Partition}:s3:::" + name.replace("${AWS::Region}", "${PeerRegion}")
    assert "Condition" not in templates["history"]["Resources"]["History"]


def test_heartbeats_leave_no_years_of_versions(templates: Templates) -> None:
    """The key is put every few seconds; what it was before goes after a day, and history itself does not."""
    rules = _made(templates, "history", "History")["LifecycleConfiguration"]["Rules"]
    (rule,) = (rule for rule in rules if rule.get("Prefix") == HEARTBEATS)
    assert rule["NoncurrentVersionExpiration"] == {"NoncurrentDays": 1}


def test_what_copies_is_versioned(templates: Templates) -> None:
    """S3 refuses a rule on a bucket that is not; linters don't see it."""
    for where, bucket in resources(templates, "AWS::S3::Bucket"):
        if "ReplicationConfiguration" in bucket["Properties"]:
            assert bucket["Properties"]["VersioningConfiguration"] == ON, where


def test_wrong_18_the_copy_role_refers_to_no_bucket(templates: Templates) -> None:
    """It names them: the bucket's rule refers to the role, and both ways would be a circle."""
    role = json.dumps(templates["history"]["Resources"]["CopyRole"])
    assert '"History"' not in role
    assert "${History" not in role


@pytest.mark.parametrize(
    ("role", "key", "region", "actions"),
    [
        ("Decrypt", {"Ref": "DataKeyArn"}, "${AWS::Region}", ["kms:Decrypt"]),
        ("Encrypt", {"Fn::Sub": THERE}, "${PeerRegion}", ["kms:Decrypt", "kms:Encrypt"]),
    ],
)
def test_the_copy_role_uses_each_regions_key_there_alone(
    templates: Templates, role: str, key: Mapping[str, str], region: str, actions: list[str]
) -> None:
    """By way of S3 in that key's region, for that region's history."""
    allowed = {each["Sid"]: each for each in statements(_made(templates, "history", "CopyRole")["Policies"])}[role]
    assert (allowed["Resource"], allowed["Action"]) == (key, actions)
    assert allowed["Condition"]["StringEquals"]["kms:ViaService"]["Fn::Sub"] == f"s3.{region}.amazonaws.com"
    named = allowed["Condition"].get("ForAnyValue:StringEquals", {}).get("kms:ResourceAliases")
    assert named == ({"Fn::Sub": "alias/trading-analytics-data-${EnvironmentSuffix}"} if role == "Encrypt" else None)
    contexts = allowed["Condition"]["StringLike"]["kms:EncryptionContext:aws:s3:arn"]
    assert all("-history-" in each["Fn::Sub"] and region in each["Fn::Sub"] for each in contexts)


def test_every_version_is_listed_daily_into_the_bucket_of_reports(templates: Templates) -> None:
    """With what a comparison and a count of archived bytes need; S3 may put there for this bucket alone."""
    (listing,) = _made(templates, "history", "History")["InventoryConfigurations"]
    assert (listing["IncludedObjectVersions"], listing["ScheduleFrequency"]) == ("All", "Daily")
    assert {"ETag", "ReplicationStatus", "Size", "StorageClass"} < set(listing["OptionalFields"])
    put = next(each for each in statements(_made(templates, "history", "ReportsPolicy")) if each["Sid"] == "Inventory")
    assert put["Condition"]["ArnLike"]["aws:SourceArn"]["Fn::Sub"].endswith("-history-${EnvironmentSuffix}-${AWS::Region}")
    assert put["Resource"]["Fn::Sub"].endswith("/inventory/*")


def test_tr_4_2_every_table_works_out_its_partitions(templates: Templates) -> None:
    """By day, from the question alone; hours have two digits as their folders have."""
    tables = {where: made["Properties"]["TableInput"] for where, made in resources(templates, "AWS::Glue::Table")}
    assert set(tables) == {f"catalog.{name}Table" for name in ("Ticks", "TicksDaily", "TicksUnique")}
    for where, table in tables.items():
        if table["TableType"] == "EXTERNAL_TABLE":
            said = table["Parameters"]
            assert said["projection.enabled"] == "true", where
            for column in table["PartitionKeys"]:
                assert f"projection.{column['Name']}.type" in said, where
                assert f"projection.{column['Name']}.range" in said, where


def test_analysts_read_each_identity_once(templates: Templates) -> None:
    """The view groups by what identifies a record, and its columns are the query's, in its order."""
    view = _made(templates, "catalog", "TicksUniqueTable")["TableInput"]
    _, encoded, _ = view["ViewOriginalText"]["Fn::Join"][1]
    told = json.loads(encoded["Fn::Base64"]["Fn::Sub"])
    assert told["originalSql"].endswith("GROUP BY feed, symbol, sequence, day")
    selected = told["originalSql"].partition("SELECT ")[2].partition(" FROM")[0]
    names = [part.rpartition(" AS ")[2] for part in re.sub(r"\([^)]*\)", "", selected).split(", ")]
    assert names == [column["name"] for column in told["columns"]]
    assert names == [column["Name"] for column in view["StorageDescriptor"]["Columns"]]


def test_tr_4_2_workgroups_are_encrypted_enforced_and_limited(templates: Templates) -> None:
    """What a client asks for differently is not heard, and a query can't cost what it likes."""
    groups = dict(resources(templates, "AWS::Athena::WorkGroup"))
    assert set(groups) == {"catalog.Analysts", "catalog.Pipeline"}
    for where, group in groups.items():
        how = group["Properties"]["WorkGroupConfiguration"]
        assert how["EnforceWorkGroupConfiguration"] is True, where
        assert how["BytesScannedCutoffPerQuery"] == {"Ref": "ScanLimitBytes"}, where
        encrypted = how["ResultConfiguration"]["EncryptionConfiguration"]
        assert encrypted == {"EncryptionOption": "SSE_KMS", "KmsKey": {"Ref": "DataKeyArn"}}, where
        assert group["Properties"]["RecursiveDeleteOption"] is True, where


def _nexts(state: Mapping[str, Any]) -> Iterator[str]:
    yield from (way["Next"] for way in state.get("Choices", ()))
    yield from (state[name] for name in ("Next", "Default") if name in state)


def _reached(states: Mapping[str, Any], start: str, without: str = "") -> set[str]:
    found: set[str] = set()
    looking = [start]
    while looking:
        at = looking.pop()
        if at not in found and at != without:
            found.add(at)
            looking.extend(_nexts(states[at]))
    return found


@pytest.mark.parametrize("guard", ["KnowDay", "AskPen", "HoldPen", "Compare", "Judge"])
def test_wrong_19_no_way_to_writing_leads_past_a_guard(templates: Templates, guard: str) -> None:
    """The day is one, the pen was asked and is open here, and the day is not written yet: else nothing is written."""
    machine = _made(templates, "pipeline", "Pipeline")["Definition"]
    assert _reached(machine["States"], machine["StartAt"]) == set(machine["States"])
    assert "Write" not in _reached(machine["States"], machine["StartAt"], without=guard)


def test_tr_2_5_the_pipeline_is_logged_without_data_traced_and_encrypted(templates: Templates) -> None:
    """What it was given and what it found stay out of its log (RU-6)."""
    machine = _made(templates, "pipeline", "Pipeline")
    logging = machine["LoggingConfiguration"]
    assert (logging["Level"], logging["IncludeExecutionData"]) == ("ALL", False)
    assert machine["TracingConfiguration"] == {"Enabled": True}
    assert machine["EncryptionConfiguration"]["Type"] == "CUSTOMER_MANAGED_KMS_KEY"
    words = {text for text in strings(machine["Definition"]) if "${" in text}
    assert all(name in json.dumps(sorted(words)) for name in machine["DefinitionSubstitutions"])


def test_the_pipeline_can_write_nothing_but_days(templates: Templates) -> None:
    """It reads raw ticks, and puts under its own folder and its results' alone."""
    allowed = {each["Sid"]: each for each in statements(_made(templates, "pipeline", "PipelineRole")["Policies"])}
    puts = [each for each in allowed.values() if "s3:PutObject" in each["Action"]]
    assert [[where["Fn::Sub"].partition("}")[2] for where in listed(each["Resource"])] for each in puts] == [
        ["/ticks-daily/*", "/queries/pipeline/*"]
    ]
    assert not any("Delete" in action and "LogDelivery" not in action for each in allowed.values() for action in each["Action"])
