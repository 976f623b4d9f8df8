"""What the engine in AWS may do: an operator's rights but for what only a verb calls, filled in, and small enough."""

import json
from collections.abc import Mapping
from typing import Any

from tests.templates.walk import listed, resources, statements

from landbridge.platforms.trading import operator
from landbridge.platforms.trading.stacks import STACKS
from landbridge.platforms.trading.stacksets import PERMISSIONS

Templates = Mapping[str, Mapping[str, Any]]
MOST, AT_MOST = 6144, 10  # characters of a managed policy, and how many a role may have
LONGEST = {"AWS::AccountId": "1" * 12, "AWS::Partition": "aws", "EnvironmentSuffix": "s" * 20, "SourceRegion": "r" * 14}
LONGEST["TargetRegion"] = LONGEST["SourceRegion"]
VERBS_ALONE = {"athena:StartQueryExecution", "cloudformation:CreateStackSet", "events:PutEvents", "states:StartExecution"}


def policies(templates: Templates) -> dict[str, Any]:
    """Those of the engine, by where they stand."""
    return dict(resources({"engine-policies": templates["engine-policies"]}, "AWS::IAM::ManagedPolicy"))


def allowed(templates: Templates) -> set[str]:
    """Every action of theirs."""
    found = (statement for each in policies(templates).values() for statement in statements(each))
    return {action for statement in found for action in listed(statement["Action"])}


def filled(written: Any) -> Any:
    """As IAM gets it, at the longest names."""
    match written:
        case {"Fn::Sub": str(text)}:
            for name, value in LONGEST.items():
                text = text.replace(f"${{{name}}}", value)
            return text
        case {"Ref": str(name)}:
            return LONGEST[name]
        case dict():
            return {key: filled(value) for key, value in written.items()}
        case list():
            return [filled(value) for value in written]
    return written


def test_ru_5_the_engine_is_allowed_its_own_calls_and_what_cloudformation_asks_for(templates: Templates) -> None:
    """From the operator's list and the templates' own schemas, and nothing beside."""
    stacks = {action for actions in PERMISSIONS.values() for action in actions} | operator.one_sided()
    assert allowed(templates) == operator.engines() | stacks


def test_ru_5_what_only_a_persons_verb_calls_is_not_the_engines(templates: Templates) -> None:
    """No StackSets, no queries, and no engine starts an engine."""
    only = operator.called() - operator.engines()
    assert only >= VERBS_ALONE
    assert not only & allowed(templates)


def test_ru_5_every_policy_of_the_engine_can_be_attached(templates: Templates) -> None:
    """Within IAM's limits at the longest names, with nothing left that a person would fill in."""
    documents = [filled(each["Properties"]["PolicyDocument"]) for each in policies(templates).values()]
    assert len(documents) <= AT_MOST
    for document in documents:
        text = json.dumps(document, separators=(",", ":"))
        assert len(text) <= MOST
        assert not [word for word in ("ACCOUNT", "SUFFIX", "SOURCE", "TARGET", "${") if word in text]


def test_ru_5_the_engines_role_is_given_them_all(templates: Templates) -> None:
    """By the deployer: nobody attaches a policy by hand."""
    placed = {each.name: each for each in STACKS}
    assert placed["orchestrator"].feeds["EnginePolicyArns"] == "engine-policies.PolicyArns"
    told = templates["engine-policies"]["Outputs"]["PolicyArns"]["Value"]
    assert told == {"Fn::Join": [",", [{"Ref": where.rpartition(".")[2]} for where in policies(templates)]]}
    role = templates["orchestrator"]["Resources"]["EngineRole"]["Properties"]
    assert role["ManagedPolicyArns"]["Fn::If"][1] == {"Fn::Split": [",", {"Ref": "EnginePolicyArns"}]}
