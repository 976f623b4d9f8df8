"""The calls we make of StackSets are calls AWS knows: made, given other values, updated and removed on moto's StackSets."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws
from moto.cloudformation.models import StackSet
from tests.fakes import Clock
from tests.unit.deploy.fakes import PENS, PLATFORM

from landbridge.aws.clients import Clients
from landbridge.config.deployment import Deployment
from landbridge.deploy.artifacts import Artifact
from landbridge.deploy.by_sets import account_of, deploy_by_sets, destroy_by_sets
from landbridge.deploy.deployer import Deployer
from landbridge.deploy.manifest import Home, Manifest, StackSpec
from landbridge.deploy.run import Patience
from landbridge.deploy.stacksets import StackSets
from landbridge.model.errors import Refused
from landbridge.model.region import Region

SOURCE, TARGET = Region(PLATFORM.source), Region(PLATFORM.target)
NAME = "trading-analytics-notices-prod"
ROLE = {"Type": "AWS::IAM::Role", "Properties": {"RoleName": "exec", "AssumeRolePolicyDocument": {"Statement": []}}}
ROLES = {
    "Resources": {"ExecutionRole": ROLE},
    "Outputs": {
        "AdministrationRoleArn": {"Value": {"Fn::GetAtt": ["ExecutionRole", "Arn"]}},
        "ExecutionRoleName": {"Value": {"Ref": "ExecutionRole"}},
    },
}


def _notices(topic: str) -> str:
    parameters = {name: {"Type": "String"} for name in ("EnvironmentSuffix", "VpcCidr")}
    name = {"Fn::Sub": f"{topic}-${{EnvironmentSuffix}}-${{VpcCidr}}"}
    return json.dumps(
        {"Parameters": parameters, "Resources": {"Topic": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": name}}}}
    )


@pytest.fixture(autouse=True)
def _account(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    with mock_aws():
        yield


def _platform(topic: str = "notices", cidr: str = "10-1", failures: int = 0) -> tuple[Deployer, StackSets, Patience]:
    clients = Clients()
    stacks = (
        StackSpec("notices", Home.BOTH, topic, _notices(topic)),
        StackSpec("stacksets", Home.TARGET, "sha", json.dumps(ROLES)),
    )
    regional = {SOURCE: {"VpcCidr": "10-0"}, TARGET: {"VpcCidr": cidr}}
    deployer = Deployer(
        clients,
        Manifest("trading", stacks),
        PLATFORM,
        PENS,
        sleep=lambda _: None,
        artifact=Artifact("functions/x.zip", b""),
        regional=lambda region: regional.get(region, {}),
    )
    clock = Clock()
    patience = Patience(clock, clock.sleep, limit_seconds=60)
    return deployer, StackSets(deployer, Deployment(stackset_failures=failures), patience, account_of(clients, TARGET)), patience


def _topics(region: Region) -> list[str]:
    topics = boto3.session.Session().client("sns", region_name=region).list_topics()["Topics"]
    return sorted(topic["TopicArn"].rpartition(":")[2] for topic in topics)


def _with_roles() -> Any:
    """CloudFormation of the target; moto gives a stack made by a change set no outputs, so the roles are made plainly."""
    cloudformation = boto3.session.Session().client("cloudformation", region_name=TARGET)
    cloudformation.create_stack(StackName="trading-analytics-stacksets-prod", TemplateBody=json.dumps(ROLES))
    return cloudformation


def _failing_in(region: Region) -> Callable[..., str]:
    """Moto's StackSets with a region in which no instance can be made; it knows no failure of its own."""
    real = StackSet.create_stack_instances

    def create(of: StackSet, accounts: list[str], regions: list[str], *more: Any, **named: Any) -> str:
        if region not in regions:
            return real(of, accounts, regions, *more, **named)
        of._create_operation("failed", "CREATE", "FAILED", accounts, regions)
        return "failed"

    return create


@pytest.mark.parametrize(("failures", "there"), [(0, []), (1, ["notices-prod-10-1"])])
def test_a_region_fails(monkeypatch: pytest.MonkeyPatch, failures: int, there: list[str]) -> None:
    """Where none may fail the other region is not begun, where one may it is; mended, the same deploy goes on."""
    _with_roles()
    deployer, sets, patience = _platform(failures=failures)
    with monkeypatch.context() as failing:
        failing.setattr(StackSet, "create_stack_instances", _failing_in(SOURCE))
        with pytest.raises(Refused, match="the set of notices was refused in eu-central-1: us-east-1 FAILED"):
            deploy_by_sets(deployer, deployer.graph, sets, patience).result()
    assert (_topics(SOURCE), _topics(TARGET)) == ([], there)
    deploy_by_sets(deployer, deployer.graph, sets, patience).result()
    assert (_topics(SOURCE), _topics(TARGET)) == (["notices-prod-10-0"], ["notices-prod-10-1"])


def test_up_changed_updated_and_down() -> None:
    """Each region has what its own values say, and at the end there is nothing."""
    deployer, sets, patience = _platform()
    cloudformation = _with_roles()
    for _ in range(2):
        deploy_by_sets(deployer, deployer.graph, sets, patience).result()
    assert (_topics(SOURCE), _topics(TARGET)) == (["notices-prod-10-0"], ["notices-prod-10-1"])
    deployer, sets, patience = _platform(cidr="10-9")
    deploy_by_sets(deployer, deployer.graph, sets, patience).result()
    where = {"StackInstanceAccount": sets.account, "StackInstanceRegion": TARGET}
    told = cloudformation.describe_stack_instance(StackSetName=NAME, **where)["StackInstance"]["ParameterOverrides"]
    assert {each["ParameterKey"]: each["ParameterValue"] for each in told}["VpcCidr"] == "10-9"
    deployer, sets, patience = _platform("words", "10-9")
    deploy_by_sets(deployer, deployer.graph, sets, patience).result()
    assert "words" in cloudformation.describe_stack_set(StackSetName=NAME)["StackSet"]["TemplateBody"]
    destroy_by_sets(deployer, deployer.graph, sets, patience).result()
    assert {each["Status"] for each in cloudformation.list_stack_sets()["Summaries"]} == {"DELETED"}
    assert (_topics(SOURCE), _topics(TARGET)) == ([], [])
