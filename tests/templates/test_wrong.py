"""The known ways to go wrong ('Where the sources were wrong' of the requirements), each kept out by a check on plain data."""

import json
import re
from collections.abc import Mapping
from typing import Any

from tests.templates.walk import copies, resources, strings

Templates = Mapping[str, Mapping[str, Any]]
OURS = ("tables.StateTable", "tables.AnalyticsTable", "tables.CommandsTable")
NOTHING = {"Ref": "AWS::NoValue"}


def test_wrong_1_a_global_table_has_one_owner(templates: Templates) -> None:
    """The state table is declared once, with the one replica of its own region and a stream others can be added to."""
    owned = dict(resources(templates, "AWS::DynamoDB::GlobalTable"))
    assert set(owned) == {*OURS, "journal.JournalTable"}
    for where in OURS:
        properties = owned[where]["Properties"]
        assert properties["StreamSpecification"] == {"StreamViewType": "NEW_AND_OLD_IMAGES"}, where
        own, second = properties["Replicas"]
        assert own["Region"] == {"Ref": "AWS::Region"}, where
        assert second["Fn::If"] == ["InTwoRegions", {**second["Fn::If"][1], "Region": {"Ref": "SecondRegion"}}, NOTHING], where
    assert templates["tables"]["Parameters"]["SecondRegion"]["Default"] == ""


def test_every_copy_of_a_global_table_has_a_key_of_its_own_region(templates: Templates) -> None:
    """With customer keys each copy needs one, and a key of the other region can't serve."""
    for where in OURS:
        table = dict(resources(templates, "AWS::DynamoDB::GlobalTable"))[where]
        keys = [copy["SSESpecification"]["KMSMasterKeyId"] for copy in copies(table)]
        assert keys == [{"Ref": "DataKeyArn"}, {"Ref": "SecondDataKeyArn"}], where


def test_ss_2_analytics_are_found_by_symbol_and_time(templates: Templates) -> None:
    """The index SS-2 asks for, and one of heads in which only heads lie."""
    tables = templates["tables"]["Resources"]
    for name, index, keys in (
        ("AnalyticsTable", "symbol-timestamp", ["Symbol", "Timestamp"]),
        ("CommandsTable", "heads", ["user", "head"]),
    ):
        (made,) = tables[name]["Properties"]["GlobalSecondaryIndexes"]
        assert (made["IndexName"], [key["AttributeName"] for key in made["KeySchema"]]) == (index, keys)


def test_no_attribute_is_defined_that_no_key_uses(templates: Templates) -> None:
    """CloudFormation refuses a global table with one; linters don't see it."""
    for where, table in resources(templates, "AWS::DynamoDB::GlobalTable", "AWS::DynamoDB::Table"):
        properties = table["Properties"]
        schemas = [properties["KeySchema"], *(index["KeySchema"] for index in properties.get("GlobalSecondaryIndexes", ()))]
        used = {key["AttributeName"] for schema in schemas for key in schema}
        assert {attribute["AttributeName"] for attribute in properties["AttributeDefinitions"]} == used, where


def test_the_journal_is_strongly_consistent_with_one_witness_and_no_ttl(templates: Templates) -> None:
    """Two replicas and one witness; strong consistency knows no time to live and no local index."""
    journal = templates["journal"]["Resources"]["JournalTable"]["Properties"]
    assert journal["MultiRegionConsistency"] == "STRONG"
    assert (len(journal["Replicas"]), len(journal["GlobalTableWitnesses"])) == (2, 1)
    assert not {"TimeToLiveSpecification", "LocalSecondaryIndexes"} & set(journal)


def test_wrong_18_no_condition_or_parameter_is_left_unused(templates: Templates) -> None:
    """Whatever a template asks for or decides, something in it uses."""
    for name, template in templates.items():
        used = json.dumps([template["Resources"], template["Outputs"], template.get("Conditions", {})])
        for parameter in template["Parameters"]:
            assert f'"{parameter}"' in used or f"${{{parameter}}}" in used, f"{name}.{parameter}"
        for condition in template.get("Conditions", {}):
            users = [template["Resources"], *template["Conditions"].values()]
            assert f'"{condition}"' in json.dumps(users), f"{name}.{condition}"


def test_no_template_knows_a_region_by_name(templates: Templates) -> None:
    """Another pair of regions needs no synth: names of regions stand only in defaults of parameters."""
    for name, template in templates.items():
        for text in strings([template["Resources"], template["Outputs"]]):
            assert not re.search(r"\b(us|eu|ap)-[a-z]+-[0-9]\b", text), name
