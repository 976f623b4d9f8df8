"""PY-8: three zones, three kinds of subnets, and who may go which way."""

from collections.abc import Mapping
from typing import Any

from tests.templates.walk import resources

Templates = Mapping[str, Mapping[str, Any]]
ZONES, KINDS = "ABC", ("Public", "Private", "Isolated")
EVERYWHERE = "0.0.0.0/0"


def _made(templates: Templates, stack: str, kind: str) -> dict[str, Mapping[str, Any]]:
    return {where.split(".")[1]: each["Properties"] for where, each in resources({stack: templates[stack]}, kind)}


def test_py_8_three_kinds_of_subnets_in_three_zones_that_never_overlap(templates: Templates) -> None:
    """Nine subnets, each its own piece of the network, none handing out public addresses."""
    subnets = _made(templates, "network", "AWS::EC2::Subnet")
    assert set(subnets) == {f"{kind}{zone}Subnet" for kind in KINDS for zone in ZONES}
    assert len({each["CidrBlock"]["Fn::Select"][0] for each in subnets.values()}) == 9
    for kind in KINDS:
        zones = [str(subnets[f"{kind}{zone}Subnet"]["AvailabilityZone"]["Fn::Select"][0]) for zone in ZONES]
        assert zones == ["0", "1", "2"]
    assert not any(each["MapPublicIpOnLaunch"] for each in subnets.values())


def test_py_8_isolated_subnets_have_no_way_out(templates: Templates) -> None:
    """Only public tables reach the internet, private ones a gateway of their zone, the isolated one nothing."""
    routes = _made(templates, "network", "AWS::EC2::Route")
    assert {each["RouteTableId"]["Ref"] for each in routes.values()} == {
        "PublicRouteTable",
        *(f"Private{zone}RouteTable" for zone in ZONES),
    }
    assert "GatewayId" in routes["PublicDefaultRoute"]
    assert all("NatGatewayId" in routes[f"Private{zone}DefaultRoute"] for zone in ZONES)
    pairs = _made(templates, "network", "AWS::EC2::SubnetRouteTableAssociation").values()
    isolated = {each["SubnetId"]["Ref"] for each in pairs if each["RouteTableId"]["Ref"] == "IsolatedRouteTable"}
    assert isolated == {f"Isolated{zone}Subnet" for zone in ZONES}


def test_py_8_every_subnet_has_the_list_of_its_kind(templates: Templates) -> None:
    """A subnet without one would have the network's own, which lets everything through."""
    pairs = _made(templates, "acls", "AWS::EC2::SubnetNetworkAclAssociation")
    assert len(pairs) == 9
    for name, pair in pairs.items():
        kind = name.removesuffix("Acl")[:-1]
        assert pair["NetworkAclId"] == {"Ref": f"{kind}Acl"}
        assert pair["SubnetId"]["Fn::Select"] == [ZONES.index(name.removesuffix("Acl")[-1]), {"Ref": f"{kind}SubnetIds"}]


def test_py_8_isolated_subnets_take_postgresql_from_the_network_and_nothing_else(templates: Templates) -> None:
    """And answer nobody else; what the other region may do is added by the crossing."""
    entries = _made(templates, "acls", "AWS::EC2::NetworkAclEntry")
    isolated = [each for each in entries.values() if each["NetworkAclId"] == {"Ref": "IsolatedAcl"}]
    assert all(each["CidrBlock"] == {"Ref": "VpcCidr"} for each in isolated)
    assert [each["PortRange"] for each in isolated if not each["Egress"]] == [{"From": 5432, "To": 5432}]
    numbers = [(each["NetworkAclId"]["Ref"], each["Egress"], each["RuleNumber"]) for each in entries.values()]
    assert len(set(numbers)) == len(numbers)
    assert all(each["RuleAction"] == "allow" and each["Protocol"] == 6 for each in entries.values())


def test_py_8_only_the_load_balancer_is_open_to_the_internet(templates: Templates) -> None:
    """By HTTPS, and by HTTP to be sent to HTTPS; every other group names addresses of ours or another group."""
    groups = _made(templates, "endpoints", "AWS::EC2::SecurityGroup")
    for name, group in groups.items():
        open_ports = {rule["FromPort"] for rule in group["SecurityGroupIngress"] if rule["CidrIp"] == EVERYWHERE}
        assert open_ports == ({443, 80} if name == "BalancerGroup" else set())
        assert all(rule["IpProtocol"] != "-1" for rule in group["SecurityGroupEgress"])
    let_in = _made(templates, "endpoints", "AWS::EC2::SecurityGroupIngress")
    pairs = {(each["GroupId"]["Ref"], each["SourceSecurityGroupId"]["Ref"], each["FromPort"]) for each in let_in.values()}
    assert pairs == {
        ("ServiceGroup", "BalancerGroup", 8443),
        ("DatabaseGroup", "ServiceGroup", 5432),
        ("DatabaseGroup", "FunctionGroup", 5432),
    }


def test_py_8_services_used_from_private_subnets_have_endpoints(templates: Templates) -> None:
    """Pulling an image, reading a secret and taking an event never touch the internet."""
    made = _made(templates, "endpoints", "AWS::EC2::VPCEndpoint").values()
    services = {each["ServiceName"]["Fn::Sub"].partition("${AWS::Region}.")[2] for each in made}
    assert services >= {"dynamodb", "s3", "ecr.api", "ecr.dkr", "kms", "logs", "secretsmanager", "sqs", "ssm"}


def test_py_8_both_sides_have_routes_for_questions_and_for_answers(templates: Templates) -> None:
    """Private subnets ask, isolated ones answer: each table has a route to the other region's addresses."""
    routes = _made(templates, "crossing", "AWS::EC2::Route")
    tables = {*(f"Private{zone}RouteTableId" for zone in ZONES), "IsolatedRouteTableId"}
    assert {each["RouteTableId"]["Ref"] for each in routes.values()} == tables
    for route in routes.values():
        assert route["VpcPeeringConnectionId"] == {"Ref": "PeeringConnectionId"}
        assert route["DestinationCidrBlock"] == {"Ref": "PeerCidr"}


def test_py_8_nothing_crosses_but_postgresql(templates: Templates) -> None:
    """By addresses, in groups and in the list of isolated subnets."""
    rules = [
        *_made(templates, "crossing", "AWS::EC2::SecurityGroupIngress").values(),
        *_made(templates, "crossing", "AWS::EC2::SecurityGroupEgress").values(),
    ]
    assert len(rules) == 3
    assert {(rule["FromPort"], rule["ToPort"], rule["CidrIp"]["Ref"]) for rule in rules} == {(5432, 5432, "PeerCidr")}
    entries = _made(templates, "crossing", "AWS::EC2::NetworkAclEntry")
    assert {(each["Egress"], each["PortRange"]["From"]) for each in entries.values()} == {(False, 5432), (True, 1024)}
    assert all(each["CidrBlock"] == {"Ref": "PeerCidr"} for each in entries.values())
