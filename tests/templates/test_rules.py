"""What must be true of every template, checked on plain data: the rules RU-2 to RU-9 and the known ways to go wrong."""

import json
import re
from collections.abc import Mapping
from typing import Any

import pytest
from tests.templates.kinds import (
    BY_S3,
    GLOBALLY_NAMED,
    NAMED,
    NAMED_BY_OTHERS,
    NAMED_BY_TAG,
    PAYMENTS_WITHOUT_RESOURCES,
    TAGGED,
    TAGS,
    UNTAGGED,
    WITHOUT_RESOURCES,
)
from tests.templates.walk import LONGEST, copies, filled, listed, resources, statements, tags_of

from landbridge.deploy.regional import LEADING
from landbridge.model.wire import PARAMETER
from landbridge.workloads.trading.settings import PARAMETERS

Template = Mapping[str, Any]
Templates = Mapping[str, Template]
TRADING = r"(.*[^a-z])?trading-analytics-|/trading-platform/"
PAYMENTS = rf"(/.*/|alias/|aws-waf-logs-)?[a-z][a-z0-9.-]*-{LONGEST}-a{{20}}|/payments/{LONGEST}/a{{20}}/"
OURS = re.compile(f"{TRADING}|{PAYMENTS}")
SUFFIX, REGION = "a" * 20, "ap-southeast-2"  # the longest there are


def test_ru_1_nothing_of_the_tool_is_left_in_a_template(templates: Templates) -> None:
    """No metadata, no rules, no bootstrap parameter: an operator reads a plain template."""
    for name, template in templates.items():
        assert set(template) <= {"Description", "Parameters", "Mappings", "Conditions", "Resources", "Outputs"}, name
        assert "Bootstrap" not in json.dumps(template)


def test_ru_2_the_suffix_is_a_parameter_with_a_clear_constraint(templates: Templates) -> None:
    """3 to 20 characters of a stated pattern, said in words."""
    for template in templates.values():
        suffix = template["Parameters"]["EnvironmentSuffix"]
        assert (suffix["MinLength"], suffix["MaxLength"]) == (3, 20)
        assert suffix["AllowedPattern"] == "[a-z][a-z0-9]*(-[a-z0-9]+)*"
        assert "lower-case letters" in suffix["ConstraintDescription"]


def test_ru_2_every_name_carries_the_suffix_and_fits_at_its_longest(templates: Templates) -> None:
    """Names that count in all regions carry the region too; none exceeds its service's limit."""
    for where, resource in resources(templates, *NAMED):
        prop, limit = NAMED[resource["Type"]]
        name = filled(resource["Properties"][prop], SUFFIX, REGION)
        assert OURS.match(name), where
        assert SUFFIX in name, where
        assert len(name) <= limit, where
        assert (REGION in name) == (resource["Type"] in GLOBALLY_NAMED or where in NAMED_BY_OTHERS), where
    for where, resource in resources(templates, *NAMED_BY_TAG):
        name = filled(tags_of(resource["Properties"])["Name"], SUFFIX, REGION)
        assert OURS.match(name), where
        assert SUFFIX in name, where


def test_ru_3_everything_can_be_destroyed(templates: Templates) -> None:
    """Delete on every resource, no protection, keys wait the least they can."""
    for where, resource in resources(templates):
        assert (resource["DeletionPolicy"], resource["UpdateReplacePolicy"]) == ("Delete", "Delete"), where
        assert '"DeletionProtection' not in json.dumps(resource), where
    for where, key in resources(templates, "AWS::KMS::Key"):
        assert key["Properties"]["PendingWindowInDays"] == 7, where


def test_ru_4_every_bucket_is_versioned_encrypted_private_and_tls_only(templates: Templates) -> None:
    """Nothing public, nothing in clear, old versions expire."""
    refused = {
        f"{where.split('.')[0]}.{policy['Properties']['Bucket']['Ref']}"
        for where, policy in resources(templates, "AWS::S3::BucketPolicy")
        if _tls(policy)
    }
    for where, bucket in resources(templates, "AWS::S3::Bucket"):
        properties = bucket["Properties"]
        assert properties["VersioningConfiguration"] == {"Status": "Enabled"}, where
        (rule,) = properties["BucketEncryption"]["ServerSideEncryptionConfiguration"]
        assert rule["ServerSideEncryptionByDefault"]["SSEAlgorithm"] == ("AES256" if where in BY_S3 else "aws:kms"), where
        assert set(properties["PublicAccessBlockConfiguration"].values()) == {True}, where
        assert any("NoncurrentVersionExpiration" in rule for rule in properties["LifecycleConfiguration"]["Rules"]), where
        assert where in refused, where


def _tls(policy: Mapping[str, Any]) -> bool:
    return any(
        statement["Effect"] == "Deny" and statement.get("Condition") == {"Bool": {"aws:SecureTransport": "false"}}
        for statement in statements(policy)
    )


def test_ru_4_tables_and_logs_are_encrypted_by_kms_and_tables_restorable(templates: Templates) -> None:
    """KMS on every table, point-in-time recovery on every copy, a key on every log."""
    for where, table in resources(templates, "AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable"):
        properties = table["Properties"]
        own = {"KMSMasterKeyId": {"Ref": "DataKeyArn"}} if table["Type"] == "AWS::DynamoDB::Table" else {}
        assert properties["SSESpecification"] == {"SSEEnabled": True, "SSEType": "KMS", **own}, where
        assert properties["BillingMode"] == "PAY_PER_REQUEST", where
        for copy in copies(table):
            assert copy["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}, where
    for where, group in resources(templates, "AWS::Logs::LogGroup"):
        assert group["Properties"]["KmsKeyId"], where
        assert group["Properties"]["RetentionInDays"], where


def test_ru_5_no_statement_allows_more_than_it_needs(templates: Templates) -> None:
    """No star action but the account's own in a key policy; a star resource only there, where it means the key."""
    for where, resource in resources(templates):
        for statement in statements(resource):
            if statement["Effect"] == "Deny" or statement.get("Sid") == "Account":
                continue
            assert all("*" not in action for action in listed(statement["Action"])), where
            within_key = resource["Type"] == "AWS::KMS::Key" and statement.get("Condition")
            no_names = f"{where}.{statement.get('Sid')}" in {*WITHOUT_RESOURCES, *PAYMENTS_WITHOUT_RESOURCES}
            assert within_key or no_names or "*" not in listed(statement.get("Resource", [])), where


def test_ru_5_every_exception_is_still_needed(templates: Templates) -> None:
    """A written reason for a star resource that is no longer there would cover the next one."""
    found = {
        f"{where}.{statement.get('Sid')}"
        for where, resource in resources(templates)
        for statement in statements(resource)
        if "*" in listed(statement.get("Resource", [])) and resource["Type"] != "AWS::KMS::Key"
    }
    assert found == set(WITHOUT_RESOURCES)


def test_ru_5_the_write_function_cannot_move_a_pen(templates: Templates) -> None:
    """It puts into the pens table under receipt keys alone, and a request that names no key is refused."""
    role = templates["api"]["Resources"]["WriteRole"]
    puts = [
        statement
        for statement in statements(role)
        if "dynamodb:PutItem" in statement["Action"] and "pens" in json.dumps(statement["Resource"])
    ]
    assert [put["Condition"] for put in puts] == [
        {
            "ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["receipt#state#*", "receipt#commands#*"]},
            "Null": {"dynamodb:LeadingKeys": "false"},
        }
    ]
    assert "UpdateItem" not in json.dumps(role)


def test_ru_6_no_id_can_reach_a_log(templates: Templates) -> None:
    """Access logs name the route, never the path; bodies are not traced."""
    for where, stage in resources(templates, "AWS::ApiGateway::Stage"):
        properties = stage["Properties"]
        variables = set(re.findall(r"\$context\.([A-Za-z.]+)", properties["AccessLogSetting"]["Format"]))
        assert variables <= {
            "requestId",
            "requestTimeEpoch",
            "httpMethod",
            "resourcePath",
            "status",
            "responseLatency",
            "integrationLatency",
            "responseLength",
        }, where
        json.loads(properties["AccessLogSetting"]["Format"])
        assert [setting["DataTraceEnabled"] for setting in properties["MethodSettings"]] == [False], where
        assert properties["TracingEnabled"] is True, where


def test_ru_8_everything_that_can_be_tagged_is(templates: Templates) -> None:
    """Environment, Region and CostCenter on every kind that takes tags; a new kind must be placed here first."""
    for where, resource in resources(templates):
        assert resource["Type"] in TAGGED | UNTAGGED, where
        if resource["Type"] in TAGGED:
            for holder in copies(resource):
                assert set(tags_of(holder)) - {"Name", "Backup"} == TAGS, where


def test_ru_9_outputs_are_described_and_exported_with_the_suffix(templates: Templates) -> None:
    """No output without a description, no export name twice in a region."""
    names = []
    for stack, template in templates.items():
        assert template["Outputs"]
        for output in template["Outputs"].values():
            assert output["Description"]
            names.append((stack in LEADING, filled(output["Export"]["Name"], SUFFIX, REGION)))
    assert all(name.endswith(SUFFIX) for _, name in names)
    assert len(set(names)) == len(names)


def test_ru_12_functions_run_python_and_leave_room_for_the_hold(templates: Templates) -> None:
    """Reads give up at 3 s; writes may hold and try once more; no reserved concurrency to throttle what waits."""
    functions = {where: function["Properties"] for where, function in resources(templates, "AWS::Lambda::Function")}
    assert {where: function["Timeout"] for where, function in functions.items()} == {
        "api.ReadFunction": 3,
        "api.WriteFunction": 25,
        "artifacts.EmptierFunction": 900,
        "effects.WorkerFunction": 60,
        "foothold.EmptierFunction": 900,
        "heartbeat.HeartbeatFunction": 20,
        "orchestrator.EngineFunction": 900,
        "orchestrator.WatchFunction": 30,
        "replicator.ReplicatorFunction": 60,
        "rotation.Function": 300,
        "tracker.TrackerFunction": 30,
        "transform.TransformFunction": 60,
    }
    for where, function in functions.items():
        assert function["Runtime"].startswith("python3."), where
        assert not (where.startswith("api.") and "ReservedConcurrentExecutions" in function), where
    assert templates["api"]["Parameters"]["HoldSeconds"]["MaxValue"] + 5 <= 25


def test_ss_4_functions_read_their_regions_configuration(templates: Templates) -> None:
    """Each name they look for is kept, with the very value their environment falls back on, and may be read by them."""
    kept = {
        filled(each["Properties"]["Name"], SUFFIX, REGION): each["Properties"]["Value"]
        for _, each in resources({"parameters": templates["parameters"]}, "AWS::SSM::Parameter")
    }
    looked_for = {variable: PARAMETER.format(suffix=SUFFIX, name=name) for variable, name in PARAMETERS.items()}
    for verb in ("Read", "Write"):
        made = templates["api"]["Resources"]
        environment = made[f"{verb}Function"]["Properties"]["Environment"]["Variables"]
        assert {variable: kept[name] for variable, name in looked_for.items()} == {each: environment[each] for each in PARAMETERS}
        (may,) = (each for each in statements(made[f"{verb}Role"]) if each["Action"] == ["ssm:GetParameters"])
        allowed = {each["Fn::Sub"].partition(":parameter")[2].replace("${EnvironmentSuffix}", SUFFIX) for each in may["Resource"]}
        assert allowed == set(looked_for.values())


@pytest.mark.parametrize("sabotage", ["Retain", "Snapshot"])
def test_the_rules_fail_on_a_resource_that_stays(templates: Templates, sabotage: str) -> None:
    """The check of RU-3 itself works: a resource that would stay is found."""
    broken = json.loads(json.dumps(templates))
    broken["pens"]["Resources"]["PensTable"]["DeletionPolicy"] = sabotage
    with pytest.raises(AssertionError):
        test_ru_3_everything_can_be_destroyed(broken)
