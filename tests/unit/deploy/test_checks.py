"""What is deployed is looked at where it works; what differs from its template is told, unless it is ours to move."""

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError
from tests.fakes import Clock
from tests.unit.deploy.fakes import SOURCE, CloudFormation, deployer, reaching

from landbridge.deploy.checks import CHECKS, Figure, refuse_bad, verify
from landbridge.deploy.drift import drift
from landbridge.deploy.graph import Place
from landbridge.deploy.run import Patience
from landbridge.model.errors import Refused
from landbridge.model.region import Region

TARGET = Region("eu-central-1")
AT = Place("tables", SOURCE)


class Service:
    """Any service of AWS: gives these answers, by the name of the call."""

    def __init__(self, **answers: Any) -> None:
        self.answers = answers
        self.pages: list[Any] = []

    def __getattr__(self, call: str) -> Any:
        return lambda **_: self.answers[call]

    def get_paginator(self, call: str) -> "Service":
        """Pages of one call."""
        self.pages = self.answers[call]
        return self

    def paginate(self, **_: Any) -> "Service":
        """All of them."""
        return self

    def search(self, _: str) -> Iterator[Any]:
        """What is on them."""
        yield from self.pages


def _peering(status: str, routes: int) -> dict[str, Any]:
    found = {"Status": {"Code": status}, "AccepterVpcInfo": {"Region": TARGET}}
    over = [{"VpcPeeringConnectionId": "pcx"}] * routes + [{"VpcPeeringConnectionId": "other"}, {}]
    return {"describe_vpc_peering_connections": {"VpcPeeringConnections": [found]}, "describe_route_tables": over}


def _table(status: str, *replicas: str) -> dict[str, Any]:
    return {"describe_table": {"Table": {"TableStatus": status, "Replicas": [{"ReplicaStatus": each} for each in replicas]}}}


def _health(*seen: str) -> dict[str, Any]:
    return {"get_health_check_status": {"HealthCheckObservations": [{"StatusReport": {"Status": each}} for each in seen]}}


def _stream(status: str, shards: int) -> dict[str, Any]:
    return {"describe_stream_summary": {"StreamDescriptionSummary": {"StreamStatus": status, "OpenShardCount": shards}}}


CASES: list[tuple[str, str, dict[str, Any], bool, str]] = [
    (
        "EC2::VPCPeeringConnection",
        "ec2",
        _peering("active", 2),
        True,
        "active, 2 route tables lead over it in us-east-1 and 2 in ",
    ),
    ("EC2::VPCPeeringConnection", "ec2", _peering("active", 0), False, "active, 0 route tables"),
    ("EC2::VPCPeeringConnection", "ec2", _peering("pending-acceptance", 2), False, "pending-acceptance"),
    ("DynamoDB::GlobalTable", "dynamodb", _table("ACTIVE", "ACTIVE", "ACTIVE"), True, "ACTIVE, 2 of 2 replicas ACTIVE"),
    ("DynamoDB::GlobalTable", "dynamodb", _table("ACTIVE", "ACTIVE", "CREATING"), False, "1 of 2 replicas ACTIVE"),
    ("DynamoDB::Table", "dynamodb", _table("UPDATING"), False, "UPDATING"),
    ("Route53::HealthCheck", "route53", _health("Success: 200", "Success: 200", "Failure: timeout"), True, "2 of 3 checkers"),
    ("Route53::HealthCheck", "route53", _health("Failure: timeout"), False, "0 of 1 checkers"),
    ("Route53::HealthCheck", "route53", _health(), False, "0 of 0 checkers"),
    ("EC2::NatGateway", "ec2", {"describe_nat_gateways": {"NatGateways": [{"State": "failed"}]}}, False, "is failed"),
    ("EC2::VPCEndpoint", "ec2", {"describe_vpc_endpoints": {"VpcEndpoints": [{"State": "available"}]}}, True, "is available"),
    ("KMS::Key", "kms", {"describe_key": {"KeyMetadata": {"KeyState": "PendingDeletion"}}}, False, "is PendingDeletion"),
    ("Kinesis::Stream", "kinesis", _stream("ACTIVE", 20), True, "is ACTIVE with 20 shards"),
    ("Kinesis::Stream", "kinesis", _stream("UPDATING", 20), False, "is UPDATING"),
    ("Lambda::Function", "lambda", {"get_function_configuration": {"State": "Failed"}}, False, "is Failed"),
    ("CloudFront::Distribution", "cloudfront", {"get_distribution": {"Distribution": {"Status": "InProgress"}}}, False, "is InP"),
]


@pytest.mark.parametrize(("kind", "service", "answers", "ok", "figure"), CASES)
def test_each_check_has_its_figure(kind: str, service: str, answers: dict[str, Any], ok: bool, figure: str) -> None:  # noqa: FBT001
    """Well or not, with what was counted."""
    clients = reaching({})
    for region in (SOURCE, TARGET):
        clients._made[service, region, True] = Service(**answers)
    found, what = CHECKS[f"AWS::{kind}"](clients, SOURCE, "pcx")
    assert (found, figure in what) == (ok, True), what


def _standing(kind: str) -> CloudFormation:
    held = {"LogicalResourceId": "It", "ResourceType": kind, "PhysicalResourceId": "it", "ResourceStatus": "CREATE_COMPLETE"}
    return CloudFormation("CREATE_COMPLETE", holds=[held, {**held, "ResourceType": "AWS::Other::Thing"}])


def test_what_becomes_well_is_waited_for_and_what_does_not_is_refused() -> None:
    """With the first figure that is not well."""
    clock = Clock(now=0.0)
    made, _ = deployer(_standing("AWS::DynamoDB::Table"))
    table = Service(**_table("CREATING"))
    made.clients._made["dynamodb", SOURCE, True] = table
    sleeps = Patience(clock, clock.sleep)
    with pytest.raises(Refused, match=r"verifying tables .* It is deployed, but CREATING"):
        refuse_bad(verify(made, made.graph, sleeps, 10.0))
    assert clock.now > 10.0

    def better(seconds: float) -> None:
        clock.sleep(seconds)
        table.answers = _table("ACTIVE")

    (figure,) = verify(made, made.graph, Patience(clock, better), 10.0)
    assert figure == Figure(AT, "It", True, "ACTIVE, 0 of 0 replicas ACTIVE")


def test_what_nobody_can_tell_is_said_and_not_a_pass() -> None:
    """A service that refuses the question proves nothing."""

    class Refuses:
        """Knows no such call."""

        def describe_table(self, **_: Any) -> None:
            """Refused."""
            raise ClientError({"Error": {"Code": "UnknownOperation"}}, "DescribeTable")

    made, _ = deployer(_standing("AWS::DynamoDB::Table"))
    made.clients._made["dynamodb", SOURCE, True] = Refuses()
    clock = Clock()
    (figure,) = verify(made, made.graph, Patience(clock, clock.sleep))
    assert (figure.ok, str(figure).endswith("[not proved]")) == (None, True)
    refuse_bad([figure])


class Drifting(CloudFormation):
    """Looks for drift, and finds some."""

    looks = 0
    found: tuple[dict[str, Any], ...] = ()
    outcome = "DETECTION_COMPLETE"

    def detect_stack_drift(self, **_: Any) -> dict[str, str]:
        """Begins to look."""
        return {"StackDriftDetectionId": "d"}

    def describe_stack_drift_detection_status(self, **_: Any) -> dict[str, str]:
        """Takes two looks."""
        self.looks += 1
        status = "DETECTION_IN_PROGRESS" if self.looks == 1 else self.outcome
        return {"DetectionStatus": status, "DetectionStatusReason": "not now"}

    def describe_stack_resource_drifts(self, NextToken: str = "", **_: Any) -> dict[str, Any]:  # noqa: N803 - as AWS spells it
        """One a page."""
        at = int(NextToken or 0)
        more = {"NextToken": str(at + 1)} if at + 1 < len(self.found) else {}
        return {"StackResourceDrifts": self.found[at : at + 1], **more}


def _drifted(kind: str, path: str = "", status: str = "MODIFIED") -> dict[str, Any]:
    differences = [{"PropertyPath": path, "ActualValue": "2", "ExpectedValue": "1"}] if path else []
    return {
        "LogicalResourceId": "It",
        "ResourceType": kind,
        "StackResourceDriftStatus": status,
        "PropertyDifferences": differences,
    }


def test_drift_is_told_and_what_is_ours_to_move_is_told_apart() -> None:
    """By resource and property; a replica the migration added is as it should be."""
    cloudformation = Drifting("CREATE_COMPLETE")
    cloudformation.found = (
        _drifted("AWS::DynamoDB::GlobalTable", "/Replicas/1"),
        _drifted("AWS::DynamoDB::GlobalTable", "/ReplicasOther"),
        _drifted("AWS::KMS::Key", status="DELETED"),
    )
    made, _ = deployer(cloudformation)
    found = drift(made, AT, lambda _: None)
    assert [bool(each.expected) for each in found] == [True, False, False]
    assert str(found[1]) == "tables in us-east-1: It (AWS::DynamoDB::GlobalTable) /ReplicasOther is 2, should be 1"
    assert str(found[2]).endswith("is gone")
    assert "(as it should be: the migration adds and drops replicas)" in str(found[0])


def test_drift_that_can_not_be_found_is_refused() -> None:
    """With CloudFormation's reason; a stack that isn't there has none."""
    cloudformation = Drifting("CREATE_COMPLETE")
    cloudformation.outcome = "DETECTION_FAILED"
    made, _ = deployer(cloudformation)
    with pytest.raises(Refused, match="not now"):
        drift(made, AT, lambda _: None)
    made, _ = deployer(Drifting())
    assert drift(made, AT, lambda _: None) == []
