"""The rules of every template hold for the payments platform too: the same checks, on its templates."""

from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any

from tests.templates.kinds import PAYMENTS_WITHOUT_RESOURCES
from tests.templates.test_rules import (
    test_ru_1_nothing_of_the_tool_is_left_in_a_template,
    test_ru_2_every_name_carries_the_suffix_and_fits_at_its_longest,
    test_ru_2_the_suffix_is_a_parameter_with_a_clear_constraint,
    test_ru_3_everything_can_be_destroyed,
    test_ru_4_every_bucket_is_versioned_encrypted_private_and_tls_only,
    test_ru_4_tables_and_logs_are_encrypted_by_kms_and_tables_restorable,
    test_ru_5_no_statement_allows_more_than_it_needs,
    test_ru_8_everything_that_can_be_tagged_is,
    test_ru_9_outputs_are_described_and_exported_with_the_suffix,
)
from tests.templates.test_wrong import test_the_journal_is_strongly_consistent_with_one_witness_and_no_ttl
from tests.templates.walk import listed, resources, statements, strings

__all__ = [
    "test_ru_1_nothing_of_the_tool_is_left_in_a_template",
    "test_ru_2_every_name_carries_the_suffix_and_fits_at_its_longest",
    "test_ru_2_the_suffix_is_a_parameter_with_a_clear_constraint",
    "test_ru_3_everything_can_be_destroyed",
    "test_ru_4_every_bucket_is_versioned_encrypted_private_and_tls_only",
    "test_ru_4_tables_and_logs_are_encrypted_by_kms_and_tables_restorable",
    "test_ru_5_no_statement_allows_more_than_it_needs",
    "test_ru_8_everything_that_can_be_tagged_is",
    "test_ru_9_outputs_are_described_and_exported_with_the_suffix",
    "test_the_journal_is_strongly_consistent_with_one_witness_and_no_ttl",
]
Templates = Mapping[str, Mapping[str, Any]]


def test_ru_2_the_environment_fits_into_the_shortest_name_there_is(templates: Templates) -> None:
    """A load balancer's 32 characters leave it eight, and it is said in words."""
    for template in templates.values():
        asked = template["Parameters"]["Environment"]
        assert (asked["MinLength"], asked["MaxLength"], asked["AllowedPattern"]) == (2, 8, "[a-z][a-z0-9]*")
        assert "2 to 8 lower-case letters" in asked["ConstraintDescription"]


def test_ru_3_a_database_and_a_registry_leave_nothing_behind(templates: Templates) -> None:
    """Backups that a service makes by itself go with the database, images with their registry, the balancer unprotected."""
    assert templates["database"]["Resources"]["Instance"]["Properties"]["DeleteAutomatedBackups"] is True
    assert templates["images"]["Resources"]["Repository"]["Properties"]["EmptyOnDelete"] is True
    attributes = templates["balancer"]["Resources"]["Balancer"]["Properties"]["LoadBalancerAttributes"]
    assert {"Key": "deletion_protection.enabled", "Value": "false"} in attributes


def test_ru_3_every_bucket_empties_itself(templates: Templates) -> None:
    """Each by its own custom resource, and the function may empty these kinds and no other."""
    named = [each["Properties"]["BucketName"]["Fn::Sub"] for _, each in resources(templates, "AWS::S3::Bucket")]
    buckets = {name.partition("-${")[0] for name in named}
    emptied = [each["Properties"]["BucketName"] for _, each in resources(templates, "Custom::EmptyBucket")]
    assert len(emptied) == len(buckets)
    role = templates["artifacts"]["Resources"]["EmptierRole"]
    (may,) = (each for each in statements(role) if each.get("Sid") == "List")
    assert {each["Fn::Sub"].partition(":::")[2].partition("-${")[0] for each in may["Resource"]} == buckets


def test_ru_4_each_region_has_a_set_of_keys_of_its_own(templates: Templates) -> None:
    """Three rotated keys, made by the same template in each region."""
    keys = {where: each["Properties"] for where, each in resources(templates, "AWS::KMS::Key")}
    assert set(keys) == {"keys.DataKey", "keys.DatabaseKey", "keys.LogsKey"}
    assert all(each["EnableKeyRotation"] for each in keys.values())


def test_ru_4_every_log_there_is_may_be_written_under_the_logs_key(templates: Templates) -> None:
    """A group the key does not know of could not be made."""
    (may,) = (each for each in statements(templates["keys"]["Resources"]["LogsKey"]) if each.get("Sid") == "Logs")
    arns = may["Condition"]["ArnLike"]["kms:EncryptionContext:aws:logs:arn"]
    known = [each["Fn::Sub"].partition("log-group:")[2] for each in arns]
    for where, group in resources(templates, "AWS::Logs::LogGroup"):
        name = group["Properties"]["LogGroupName"]["Fn::Sub"]
        assert any(fnmatchcase(name, each) for each in known), where


def test_ru_5_every_exception_is_still_needed(templates: Templates) -> None:
    """A written reason for a star resource that is no longer there would cover the next one."""
    found = {
        f"{where}.{statement.get('Sid')}"
        for where, resource in resources(templates)
        for statement in statements(resource)
        if "*" in listed(statement.get("Resource", [])) and resource["Type"] != "AWS::KMS::Key"
    }
    assert found == set(PAYMENTS_WITHOUT_RESOURCES)


def test_no_template_names_a_region(templates: Templates) -> None:
    """Another pair of regions takes the same templates."""
    for name, template in templates.items():
        body = {part: template[part] for part in ("Resources", "Outputs")}
        assert not any("us-east" in text for text in strings(body) if "def handler" not in text), name
