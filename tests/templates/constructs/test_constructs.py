"""Each shared construct does what it says for a platform that is neither of ours, which keeps the rules of the house by them."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.templates.test_rules import (
    test_ru_1_nothing_of_the_tool_is_left_in_a_template,
    test_ru_2_the_suffix_is_a_parameter_with_a_clear_constraint,
    test_ru_3_everything_can_be_destroyed,
    test_ru_4_every_bucket_is_versioned_encrypted_private_and_tls_only,
    test_ru_4_tables_and_logs_are_encrypted_by_kms_and_tables_restorable,
    test_ru_8_everything_that_can_be_tagged_is,
)
from tests.templates.walk import statements, strings

from landbridge.platforms import pages

__all__ = [
    "test_ru_1_nothing_of_the_tool_is_left_in_a_template",
    "test_ru_2_the_suffix_is_a_parameter_with_a_clear_constraint",
    "test_ru_3_everything_can_be_destroyed",
    "test_ru_4_every_bucket_is_versioned_encrypted_private_and_tls_only",
    "test_ru_4_tables_and_logs_are_encrypted_by_kms_and_tables_restorable",
    "test_ru_8_everything_that_can_be_tagged_is",
]
Templates = Mapping[str, Mapping[str, Any]]
ROOM = Path(pages.__file__).with_name("constructs")
APP = Path(__file__).with_name("app.py")
USED_BY_OTHERS = {
    "__init__",
    "database",
    "emptying",
    "inside",
    "regional",
    "stack",
    "tagging",
}  # by constructs, or proved elsewhere


def _made(templates: Templates, stack: str, name: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = templates[stack]["Resources"][name]["Properties"]
    return found


def _may(templates: Templates, stack: str, role: str) -> dict[str, Mapping[str, Any]]:
    """What a role's own policy lets it do, by name."""
    return {each["Sid"]: each for each in statements(_made(templates, stack, role)["Policies"])}


def test_every_construct_is_used_here() -> None:
    """One that is added is proved apart from the platforms too."""
    text = APP.read_text(encoding="utf-8")
    unused = {path.stem for path in ROOM.glob("*.py") if f"constructs.{path.stem} import" not in text}
    assert unused == USED_BY_OTHERS | {"naming"}  # by the room itself: Naming, Placed and PlatformStack


def test_naming_and_stacks_everything_is_called_as_the_platform_says(templates: Templates) -> None:
    """No name of ours, and none of another platform's, is left in a construct."""
    texts = list(strings(dict(templates)))
    assert not [text for text in texts if "trading" in text or ("payments" in text and "def handler" not in text)]
    exports = [each["Export"]["Name"]["Fn::Sub"] for made in templates.values() for each in made.get("Outputs", {}).values()]
    assert all(name.startswith("shop-") and name.endswith("-${EnvironmentSuffix}") for name in exports)
    assert {template["Description"].partition(":")[0] for template in templates.values()} == {"Shop"}


def test_keys_rotate_and_serve_one_service_each_in_this_account(templates: Templates) -> None:
    """A logs key knows its groups and no other."""
    data, logs = (_made(templates, "keys", name) for name in ("DataKey", "LogsKey"))
    assert data["EnableKeyRotation"] is logs["EnableKeyRotation"] is True
    assert {each["Sid"] for each in statements(data)} == {"Account", "Objects", "Topics", "Publishers", "NoGrants"}
    (named,) = (each["Condition"]["ArnLike"] for each in statements(logs) if each["Sid"] == "Logs")
    assert "log-group:/aws/lambda/shop-*" in json.dumps(named)


def test_a_network_has_a_way_out_a_zone_and_a_flow_log(templates: Templates) -> None:
    """As many zones as were asked for; one gateway for all on a condition."""
    kinds = [each["Type"] for each in templates["network"]["Resources"].values()]
    assert [kinds.count(f"AWS::EC2::{kind}") for kind in ("Subnet", "NatGateway", "FlowLog")] == [4, 2, 1]
    assert templates["network"]["Resources"]["NatB"]["Condition"] == "NatPerZone"
    assert _made(templates, "network", "FlowLog")["TrafficType"] == "ALL"


def test_a_group_that_lets_nothing_out_says_so(templates: Templates) -> None:
    """Without a rule EC2 would let everything out."""
    (out,) = _made(templates, "network", "ClosedGroup")["SecurityGroupEgress"]
    assert (out["IpProtocol"], out["CidrIp"]) == ("icmp", "255.255.255.255/32")


def test_an_endpoint_is_of_the_stacks_own_region(templates: Templates) -> None:
    """By the region it stands in."""
    name = _made(templates, "network", "SqsEndpoint")["ServiceName"]
    assert name == {"Fn::Sub": "com.amazonaws.${AWS::Region}.sqs"}


def test_peering_has_a_route_a_zone_to_the_other_side(templates: Templates) -> None:
    """And the connection asks for the other side by parameters."""
    assert set(_made(templates, "joined", "PeeringConnection")) >= {"VpcId", "PeerVpcId", "PeerRegion"}
    crossing = {name for name in templates["crossing"]["Resources"] if name.endswith("Route")}
    assert crossing == {"PrivateARoute", "PrivateBRoute"}


def test_a_bucket_is_copied_one_way_where_it_is_asked_for(templates: Templates) -> None:
    """Off unless it is switched on; the role reads here, and writes there alone."""
    condition, rule, nothing = _made(templates, "stores", "Orders")["ReplicationConfiguration"]["Fn::If"]
    assert (condition, nothing) == ("Copied", {"Ref": "AWS::NoValue"})
    assert "ReplicaModifications" not in rule["Rules"][0]["SourceSelectionCriteria"]
    there = [each for each in statements(_made(templates, "stores", "CopyRole")) if "s3:ReplicateObject" in each["Action"]]
    assert [each["Resource"] for each in there] == [
        {"Fn::Sub": "arn:${AWS::Partition}:s3:::shop-orders-${EnvironmentSuffix}-${PeerRegion}/*"}
    ]


def test_buckets_of_the_named_kinds_are_emptied_and_no_other(templates: Templates) -> None:
    """By a function whose role names them."""
    listing = _may(templates, "stores", "EmptierRole")["List"]
    assert [each["Fn::Sub"].partition(":::")[2].partition("-${")[0] for each in listing["Resource"]] == [
        "shop-artifacts",
        "shop-orders",
    ]


def test_a_copy_of_a_table_has_its_own_key_and_tags(templates: Templates) -> None:
    """In its region, and restorable to any second."""
    (copy,) = _made(templates, "stores", "Carts")["Replicas"]
    assert copy["SSESpecification"] == {"KMSMasterKeyId": {"Ref": "DataKeyArn"}}
    assert copy["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert {each["Key"] for each in copy["Tags"]} == {"CostCenter", "Environment", "Region"}


def test_a_secret_is_made_by_secrets_manager_and_rotated_by_our_agent(templates: Templates) -> None:
    """Nobody sees the password, and the function may change this secret alone."""
    secret = _made(templates, "secrets", "Secret")
    assert "SecretString" not in secret
    assert secret["GenerateSecretString"]["PasswordLength"] == 43
    assert _made(templates, "secrets", "Function")["Handler"] == "landbridge.agents.rotate_instance.handler"
    may = _may(templates, "secrets", "FunctionRole")["Rotate"]
    assert "secret:shop-database-${EnvironmentSuffix}-*" in may["Resource"]["Fn::Sub"]


def test_a_function_has_a_log_and_may_write_it_and_nothing_else(templates: Templates) -> None:
    """Its own properties come on top."""
    made = templates["work"]["Resources"]["OrderFunction"]
    assert made["DependsOn"] == ["OrderLogs"]
    assert made["Properties"]["ReservedConcurrentExecutions"] == 3
    assert set(_may(templates, "work", "OrderRole")) == {"Log"}


def test_an_alarm_tells_the_topic_when_it_rings_and_when_it_ends(templates: Templates) -> None:
    """The same topic."""
    made = _made(templates, "work", "OrderErrorsAlarm")
    assert made["AlarmActions"] == made["OKActions"] == [{"Ref": "AlertsTopicArn"}]


def test_a_topic_is_published_to_by_the_platforms_alarms_alone(templates: Templates) -> None:
    """Over TLS, under the region's key."""
    found = {each["Sid"]: each for each in statements(_made(templates, "told", "AlertsTopicPolicy"))}
    assert "alarm:shop-*-${EnvironmentSuffix}" in json.dumps(found["Alarms"]["Condition"])
    assert _made(templates, "told", "AlertsTopic")["KmsMasterKeyId"] == {"Ref": "DataKeyArn"}


def test_a_firewall_has_what_was_asked_for_and_logs_no_path(templates: Templates) -> None:
    """Managed rules, a rate, countries; what is counted only is named."""
    rules = {each["Name"]: each for each in _made(templates, "guard", "WebAcl")["Rules"]}
    assert set(rules) == {"CommonRuleSet", "Rate", "Countries"}
    (counted,) = rules["CommonRuleSet"]["Statement"]["ManagedRuleGroupStatement"]["RuleActionOverrides"]
    assert counted["Name"] == "SizeRestrictions_BODY"
    assert {"UriPath": {}} in _made(templates, "guard", "WebAclLogging")["RedactedFields"]
