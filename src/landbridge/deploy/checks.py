"""After a deploy: what CloudFormation calls complete is looked at where it works, each with its figure.

None means nobody could tell, which is neither a pass nor a failure: it is said.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from landbridge.aws.clients import Clients, speaking
from landbridge.deploy.deployer import Deployer
from landbridge.deploy.graph import Graph, Place
from landbridge.deploy.run import Patience
from landbridge.deploy.walk import AT_ONCE
from landbridge.model.errors import LandbridgeError, Refused
from landbridge.model.region import Region

Told = tuple[bool, str]


@dataclass(frozen=True, slots=True)
class Figure:
    """What a look at one resource found."""

    place: Place
    resource: str
    ok: bool | None
    what: str

    def __str__(self) -> str:
        return f"{self.resource}: {self.what}" + ("" if self.ok else " [not proved]" if self.ok is None else " [NOT OK]")


def verify(deployer: Deployer, graph: Graph, patience: Patience, limit_seconds: float = 300.0) -> list[Figure]:
    """Looks until everything is well or the time is over: replicas and health checks take a while."""
    ends = patience.clock() + limit_seconds
    while True:
        figures = look_at(deployer, graph.order())
        if all(figure.ok is not False for figure in figures) or patience.clock() > ends:
            return figures
        patience.sleep(2 * patience.pause_seconds)


def look_at(deployer: Deployer, places: Iterable[Place]) -> list[Figure]:
    """One look at everything there that can be looked at."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return [figure for found in pool.map(lambda place: list(_place(deployer, place)), places) for figure in found]


def refuse_bad(figures: list[Figure]) -> None:
    """Refused with the first thing that is not well."""
    for bad in (figure for figure in figures if figure.ok is False):
        raise Refused(bad.place.region, f"verifying {bad.place.stack}", f"{bad.resource} is deployed, but {bad.what}")


def _place(deployer: Deployer, place: Place) -> Iterator[Figure]:
    with deployer.calls(deployer.stack(place.stack), place.region) as live:
        found = [
            (str(each["LogicalResourceId"]), str(each["ResourceType"]), str(each["PhysicalResourceId"]))
            for each in live.resources()
        ]
    for resource, kind, name in sorted(found):
        if kind in CHECKS:
            yield _figure(deployer.clients, place, resource, kind, name)


def _figure(clients: Clients, place: Place, resource: str, kind: str, name: str) -> Figure:
    try:
        with speaking(place.region, f"looking at {resource}"):
            ok, what = CHECKS[kind](clients, place.region, name)
    except LandbridgeError as error:
        return Figure(place, resource, None, str(error))
    return Figure(place, resource, ok, what)


def _table(clients: Clients, region: Region, name: str) -> Told:
    table = clients.client("dynamodb", region).describe_table(TableName=name)["Table"]
    replicas = [each.get("ReplicaStatus", "ACTIVE") for each in table.get("Replicas", ())]
    active = replicas.count("ACTIVE")
    figure = f"{table['TableStatus']}, {active} of {len(replicas)} replicas ACTIVE"
    return table["TableStatus"] == "ACTIVE" and active == len(replicas), figure


def _peering(clients: Clients, region: Region, name: str) -> Told:
    call = clients.client("ec2", region).describe_vpc_peering_connections
    found = call(VpcPeeringConnectionIds=[name])["VpcPeeringConnections"][0]
    status, other = found["Status"]["Code"], Region(found["AccepterVpcInfo"].get("Region", region))
    here, there = _routes(clients, region, name), _routes(clients, other, name)
    figure = f"{status}, {here} route tables lead over it in {region} and {there} in {other}"
    return status == "active" and here > 0 and there > 0, figure


def _routes(clients: Clients, region: Region, connection: str) -> int:
    tables = clients.client("ec2", region).get_paginator("describe_route_tables").paginate().search("RouteTables[].Routes[]")
    return sum(route.get("VpcPeeringConnectionId") == connection for route in tables)


def _health(clients: Clients, region: Region, name: str) -> Told:
    seen = clients.client("route53", region).get_health_check_status(HealthCheckId=name)["HealthCheckObservations"]
    well = sum(each["StatusReport"]["Status"].startswith("Success") for each in seen)
    return 2 * well > len(seen), f"{well} of {len(seen)} checkers see it healthy"


def _nat(clients: Clients, region: Region, name: str) -> Told:
    state = clients.client("ec2", region).describe_nat_gateways(NatGatewayIds=[name])["NatGateways"][0]["State"]
    return state == "available", f"is {state}"


def _endpoint(clients: Clients, region: Region, name: str) -> Told:
    state = clients.client("ec2", region).describe_vpc_endpoints(VpcEndpointIds=[name])["VpcEndpoints"][0]["State"]
    return state == "available", f"is {state}"


def _key(clients: Clients, region: Region, name: str) -> Told:
    state = clients.client("kms", region).describe_key(KeyId=name)["KeyMetadata"]["KeyState"]
    return state == "Enabled", f"is {state}"


def _function(clients: Clients, region: Region, name: str) -> Told:
    state = clients.client("lambda", region).get_function_configuration(FunctionName=name).get("State", "Active")
    return state in {"Active", "Inactive"}, f"is {state}"  # an idle one is Inactive until it is called


def _stream(clients: Clients, region: Region, name: str) -> Told:
    seen = clients.client("kinesis", region).describe_stream_summary(StreamName=name)["StreamDescriptionSummary"]
    return seen["StreamStatus"] == "ACTIVE", f"is {seen['StreamStatus']} with {seen['OpenShardCount']} shards"


def _distribution(clients: Clients, region: Region, name: str) -> Told:
    status = clients.client("cloudfront", region).get_distribution(Id=name)["Distribution"]["Status"]
    return status == "Deployed", f"is {status}"


CHECKS: Mapping[str, Callable[[Clients, Region, str], Told]] = {
    "AWS::CloudFront::Distribution": _distribution,
    "AWS::DynamoDB::GlobalTable": _table,
    "AWS::DynamoDB::Table": _table,
    "AWS::EC2::NatGateway": _nat,
    "AWS::EC2::VPCEndpoint": _endpoint,
    "AWS::EC2::VPCPeeringConnection": _peering,
    "AWS::KMS::Key": _key,
    "AWS::Kinesis::Stream": _stream,
    "AWS::Lambda::Function": _function,
    "AWS::Route53::HealthCheck": _health,
}
