"""The roles of StackSets: one may only take the other, and that one may do what CloudFormation needs, and no more."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import cfnlint
from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER
from tests.templates.conftest import COMMITTED
from tests.templates.walk import listed, resources, statements

from landbridge.deploy.manifest import Home, Manifest

Templates = Mapping[str, Mapping[str, Any]]
KNOWN = json.loads((Path(cfnlint.__file__).parent / "data/AdditionalSpecs/Policies.json").read_text(encoding="utf-8"))
MOST = 6144  # characters of a managed policy, blanks left out
# what no schema lists: a custom resource is called by whoever makes it, and code is read by whoever makes the function
# and the schema of a logging option says nothing at all
BESIDES = {
    "kinesisanalytics:AddApplicationCloudWatchLoggingOption",
    "kinesisanalytics:DeleteApplicationCloudWatchLoggingOption",
    "lambda:InvokeFunction",
    "s3:GetObject",
}


def _both(templates: Templates) -> Templates:
    """The two-region templates."""
    return {stack.name: templates[stack.name] for stack in Manifest.read(COMMITTED).stacks if stack.home is Home.BOTH}


def _schemas(templates: Templates) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every type in these templates, and what CloudFormation says of it."""
    custom = {"Custom::EmptyBucket", "Custom::EmptyVault"}
    for kind in sorted({resource["Type"] for _, resource in resources(templates)} - custom):
        yield kind, PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", kind).schema


def needed_by(templates: Templates) -> Iterator[str]:
    """What the handlers of every type in these templates ask for, listing apart."""
    for _, schema in _schemas(templates):
        for verb, handler in schema.get("handlers", {}).items():
            if verb != "list":
                yield from handler["permissions"]
        yield from schema.get("tagging", {}).get("permissions", ())


def _needed(templates: Templates) -> Iterator[str]:
    """What those of a two-region template ask for."""
    return needed_by(_both(templates))


def _is_known(action: str, services: set[str]) -> bool:
    service, _, name = action.partition(":")
    return service in services and name.lower() in KNOWN[service]["Actions"]


def test_ss_1_the_execution_role_can_make_what_the_templates_make(templates: Templates) -> None:
    """Every permission CloudFormation's schemas name for the services in use, and not one beside them."""
    policies = dict(resources({"stacksets": templates["stacksets"]}, "AWS::IAM::ManagedPolicy"))
    allowed = {action for each in policies.values() for statement in statements(each) for action in listed(statement["Action"])}
    services = {action.partition(":")[0] for action in allowed}
    assert allowed == {action for action in _needed(templates) if _is_known(action, services)} | BESIDES


def test_ss_1_no_type_is_of_a_service_the_execution_role_has_no_right_in(templates: Templates) -> None:
    """A service that no policy names would be left out of the comparison above altogether."""
    policies = resources({"stacksets": templates["stacksets"]}, "AWS::IAM::ManagedPolicy")
    allowed = {action for _, each in policies for statement in statements(each) for action in listed(statement["Action"])}
    for kind, schema in _schemas(_both(templates)):
        assert allowed & set(schema.get("handlers", {}).get("create", {}).get("permissions", allowed)), kind


def test_ss_1_each_policy_fits_its_limit(templates: Templates) -> None:
    """At the longest suffix."""
    for where, policy in resources({"stacksets": templates["stacksets"]}, "AWS::IAM::ManagedPolicy"):
        text = json.dumps(policy["Properties"]["PolicyDocument"], separators=(",", ":"))
        assert len(text.replace("${EnvironmentSuffix}", "a" * 20)) < MOST, where


def test_ss_1_the_administration_role_may_only_take_the_execution_role(templates: Templates) -> None:
    """And nobody else may take that one."""
    made = templates["stacksets"]["Resources"]
    (take,) = statements(made["AdministrationRole"]["Properties"]["Policies"])
    assert take["Action"] == ["sts:AssumeRole"]
    assert "trading-analytics-sets-exec-" in take["Resource"]["Fn::Sub"]
    (taken,) = statements(made["ExecutionRole"]["Properties"]["AssumeRolePolicyDocument"])
    assert taken["Principal"] == {"AWS": {"Fn::GetAtt": ["AdministrationRole", "Arn"]}}


def test_ss_1_what_has_no_name_of_ours_is_held_to_two_regions(templates: Templates) -> None:
    """Everything but Route 53, which has no region."""
    for where, policy in resources({"stacksets": templates["stacksets"]}, "AWS::IAM::ManagedPolicy"):
        for statement in statements(policy):
            if statement["Resource"] == "*" and statement["Sid"] != "Route53":
                regions = statement["Condition"]["StringEquals"]["aws:RequestedRegion"]
                assert regions == [{"Ref": "SourceRegion"}, {"Ref": "TargetRegion"}], where
