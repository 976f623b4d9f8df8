"""Two-region templates as StackSets: made, updated and removed region by region, as many failing as may."""

import pytest
from tests.unit.deploy.stackset_fakes import SOURCE, TARGET, Platform

from landbridge.config.deployment import Deployment
from landbridge.deploy.by_sets import deploy_by_sets, destroy_by_sets
from landbridge.model.errors import Refused


def test_roles_first_then_a_set_with_an_instance_a_region() -> None:
    """Values differ by region; what is on one side alone stays a stack, and is fed by the set's instance."""
    platform = Platform()
    assert len(platform.deploy().result()) == 4
    assert platform.begun() == ["create us-east-1", "create eu-central-1"]
    set_name = "trading-analytics-network-prod"
    made = platform.sets.sets[set_name]
    assert (made["AdministrationRoleARN"], made["ExecutionRoleName"]) == ("arn:admin", "exec")
    assert "Region" not in {tag["Key"] for tag in made["Tags"]}
    assert [platform.sets.told[set_name, region]["VpcCidr"] for region in (SOURCE, TARGET)] == ["10.0", "10.1"]
    assert platform.source.stacks["trading-analytics-tables-prod"].parameters == {"Net": "net"}
    assert platform.deploy().result()
    assert platform.begun() == []


def test_another_value_reaches_its_region_and_another_template_all() -> None:
    """Each by one operation, under the configured preferences."""
    platform = Platform(Deployment(stackset_failures=1, stackset_at_once=2))
    platform.deploy().result()
    platform.begun()
    platform.use({}, target="10.9")
    platform.deploy().result()
    platform.use({"Topic": {"Type": "AWS::SNS::Topic"}}, target="10.9")
    platform.deploy().result()
    preferences = platform.sets.operations[-1][2]["OperationPreferences"]
    assert platform.begun() == ["change eu-central-1", "update all"]
    assert preferences == {"FailureToleranceCount": 1, "MaxConcurrentCount": 2, "RegionConcurrencyType": "PARALLEL"}


def test_no_region_more_fails_than_may() -> None:
    """The first one stops it; what is fed by the set is not begun. Once mended, the same deploy goes on."""
    platform = Platform()
    platform.sets.fails = {SOURCE}
    walked = platform.deploy()
    with pytest.raises(Refused, match=r"the set of network .* us-east-1 no such zone"):
        walked.result()
    assert platform.begun() == ["create us-east-1"]
    assert platform.source.stacks["trading-analytics-tables-prod"].status is None
    platform.sets.fails = set()
    platform.deploy().result()


def test_a_region_that_may_fail_lets_the_other_go_on() -> None:
    """But nothing is built on what is not there."""
    platform = Platform(Deployment(stackset_failures=1))
    platform.sets.fails = {SOURCE}
    with pytest.raises(Refused, match=r"the set of network .* us-east-1 no such zone"):
        platform.deploy().result()
    assert platform.begun() == ["create us-east-1", "create eu-central-1"]
    assert platform.source.stacks["trading-analytics-tables-prod"].status is None


def test_without_change_sets_whatever_touches_data_must_be_named() -> None:
    """Nobody knows whether it would be replaced."""
    before = {"Table": {"Type": "AWS::DynamoDB::Table", "Properties": {"TableName": "a"}}}
    after = {"Table": {"Type": "AWS::DynamoDB::Table", "Properties": {"TableName": "b"}}}
    platform = Platform(resources=before)
    platform.deploy().result()
    platform.begun()
    platform.use(after)
    with pytest.raises(Refused, match="--allow-replace Table"):
        platform.deploy().result()
    assert platform.begun() == []
    platform.replace = frozenset({"Table"})
    platform.use(after)
    platform.deploy().result()
    assert platform.begun() == ["update all"]


def test_without_the_roles_it_is_told_what_comes_first() -> None:
    """The roles' stack, by name."""
    platform = Platform()
    graph = platform.deployer.graph.only(place for place in platform.deployer.graph.needs if place.stack == "network")
    with pytest.raises(Refused, match="deploy --only stacksets first"):
        deploy_by_sets(platform.deployer, graph, platform.made, platform.patience).result()


def test_down_again_to_nothing() -> None:
    """What is fed first, then instances with their stacks, then the set, the roles last; twice is fine."""
    platform = Platform()
    platform.deploy().result()
    platform.begun()
    for _ in range(2):
        destroy_by_sets(platform.deployer, platform.deployer.graph, platform.made, platform.patience).result()
    assert platform.begun() == ["delete us-east-1,eu-central-1"]
    assert (platform.sets.sets, platform.sets.told) == ({}, {})
    assert platform.sets.stacks["trading-analytics-stacksets-prod"].status is None
