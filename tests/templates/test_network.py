"""The network of one region, the connection of two, and that nothing about it needs a hand or a deadlock."""

from collections.abc import Mapping
from ipaddress import IPv4Network
from typing import Any

import pytest
from tests.templates.conftest import COMMITTED
from tests.templates.walk import resources, strings

from landbridge.config.network import Network
from landbridge.deploy.manifest import Feed, Home, Manifest, Where

Templates = Mapping[str, Mapping[str, Any]]
EVERYWHERE = "0.0.0.0/0"


def _properties(templates: Templates, stack: str, kind: str) -> dict[str, Mapping[str, Any]]:
    found = resources({stack: templates[stack]}, kind)
    return {where.split(".")[1]: resource["Properties"] for where, resource in found}


def test_tr_1_1_two_public_and_two_private_subnets_that_never_overlap(templates: Templates) -> None:
    """In two zones, cut out of whatever the network's addresses are, none handing out public addresses."""
    subnets = _properties(templates, "network", "AWS::EC2::Subnet")
    assert set(subnets) == {"PublicASubnet", "PublicBSubnet", "PrivateASubnet", "PrivateBSubnet"}
    for kind in ("Public", "Private"):
        zones = {str(subnets[f"{kind}{zone}Subnet"]["AvailabilityZone"]["Fn::Select"][0]) for zone in "AB"}
        assert zones == {"0", "1"}, kind
    assert not any(each["MapPublicIpOnLaunch"] for each in subnets.values())
    blocks = [each["CidrBlock"]["Fn::Select"] for each in subnets.values()]
    assert len({number for number, _ in blocks}) == 4
    for number, cut in blocks:
        count, bits = cut["Fn::Cidr"][1], int(cut["Fn::Cidr"][2])
        pieces = list(IPv4Network("10.0.0.0/16").subnets(new_prefix=32 - bits))
        assert number < count <= len(pieces)


def test_tr_1_1_public_subnets_reach_the_internet_and_private_ones_only_a_gateway(templates: Templates) -> None:
    """The way out of each table; a private one never has the internet gateway."""
    routes = _properties(templates, "network", "AWS::EC2::Route")
    assert {name: route["DestinationCidrBlock"] for name, route in routes.items()} == {
        f"{table}DefaultRoute": EVERYWHERE for table in ("Public", "PrivateA", "PrivateB")
    }
    assert routes["PublicDefaultRoute"]["GatewayId"] == {"Ref": "InternetGateway"}
    assert routes["PrivateADefaultRoute"]["NatGatewayId"] == {"Ref": "NatA"}
    assert routes["PrivateBDefaultRoute"]["NatGatewayId"] == {"Fn::If": ["NatPerZone", {"Ref": "NatB"}, {"Ref": "NatA"}]}
    assert templates["network"]["Resources"]["NatB"]["Condition"] == "NatPerZone"
    assert templates["network"]["Resources"]["NatBAddress"]["Condition"] == "NatPerZone"


def test_tr_1_1_a_subnet_belongs_to_one_table_of_its_own_kind(templates: Templates) -> None:
    """A private subnet with the public table would be public."""
    pairs = _properties(templates, "network", "AWS::EC2::SubnetRouteTableAssociation").values()
    assert {(pair["SubnetId"]["Ref"], pair["RouteTableId"]["Ref"]) for pair in pairs} == {
        ("PublicASubnet", "PublicRouteTable"),
        ("PublicBSubnet", "PublicRouteTable"),
        ("PrivateASubnet", "PrivateARouteTable"),
        ("PrivateBSubnet", "PrivateBRouteTable"),
    }


def test_tr_1_1_the_shipped_networks_are_those_asked_for() -> None:
    """10.0.0.0/16 at the source and 10.1.0.0/16 at the target."""
    assert (Network().source_cidr, Network().target_cidr) == ("10.0.0.0/16", "10.1.0.0/16")


def test_tr_1_2_services_used_from_private_subnets_have_endpoints(templates: Templates) -> None:
    """Storage by gateway, everything else by an address of the network itself, behind a group that lets HTTPS in alone."""
    endpoints = _properties(templates, "endpoints", "AWS::EC2::VPCEndpoint")
    assert {name for name, each in endpoints.items() if each["VpcEndpointType"] == "Gateway"} == {
        "DynamoDbEndpoint",
        "S3Endpoint",
    }
    inside = [each for each in endpoints.values() if each["VpcEndpointType"] == "Interface"]
    assert len(inside) == 6
    for each in inside:
        assert each["SecurityGroupIds"] == [{"Ref": "EndpointGroup"}]
        assert each["PrivateDnsEnabled"] is True


def test_tr_1_2_no_security_group_lets_the_internet_in(templates: Templates) -> None:
    """Inward only from addresses of a network or a group; outward everywhere only by HTTPS, and never by every protocol."""
    for where, group in resources(templates, "AWS::EC2::SecurityGroup"):
        for rule in group["Properties"]["SecurityGroupIngress"]:
            assert rule["CidrIp"] != EVERYWHERE, where
        for rule in group["Properties"]["SecurityGroupEgress"]:
            assert rule["IpProtocol"] != "-1", where
            assert rule["CidrIp"] != EVERYWHERE or rule["FromPort"] == rule["ToPort"] == 443, where
    for where, rule in resources(templates, "AWS::EC2::SecurityGroupIngress", "AWS::EC2::SecurityGroupEgress"):
        assert rule["Properties"].get("CidrIp") != EVERYWHERE, where
        assert rule["Properties"]["FromPort"] == rule["Properties"]["ToPort"] == 5432, where


def test_tr_1_2_both_sides_get_a_route_from_every_private_subnet(templates: Templates) -> None:
    """One template, deployed in both regions, with a route a private table to the other side's addresses."""
    crossing = _properties(templates, "crossing", "AWS::EC2::Route").values()
    assert {route["RouteTableId"]["Ref"] for route in crossing} == {"PrivateARouteTableId", "PrivateBRouteTableId"}
    assert all(route["VpcPeeringConnectionId"] == {"Ref": "PeeringConnectionId"} for route in crossing)
    assert all(route["DestinationCidrBlock"] == {"Ref": "PeerCidr"} for route in crossing)
    assert Manifest.read(COMMITTED).stack("crossing").home is Home.BOTH


def test_wrong_2_ids_of_the_other_side_are_fed_and_not_looked_up(templates: Templates) -> None:
    """The peering's own stack asks for ids that exist before it, its readers for an id that exists after it."""
    manifest = Manifest.read(COMMITTED)
    peering, crossing = manifest.stack("peering"), manifest.stack("crossing")
    assert peering.feeds["PeerVpcId"] == Feed("network", "VpcId", Where.OTHER)
    assert crossing.feeds["PeeringConnectionId"] == Feed("peering", "PeeringConnectionId", Where.TARGET)
    assert crossing.feeds["PeerCidr"] == Feed("network", "NetworkCidr", Where.OTHER)
    assert peering.link
    assert crossing.link
    for name in ("peering", "crossing"):
        assert not any("resolve:ssm" in text or "Custom::" in text for text in strings(templates[name])), name


def test_crossing_rules_name_addresses_because_groups_do_not_cross_regions(templates: Templates) -> None:
    """Security-group references end at the region."""
    for where, rule in resources({"crossing": templates["crossing"]}):
        if "Security" in rule["Type"]:
            assert rule["Properties"]["CidrIp"] == {"Ref": "PeerCidr"}, where
            assert not {"SourceSecurityGroupId", "DestinationSecurityGroupId"} & set(rule["Properties"]), where


@pytest.mark.parametrize("prop", ["ResourceId", "LogGroupName", "DeliverLogsPermissionArn"])
def test_every_connection_is_logged(templates: Templates, prop: str) -> None:
    """Accepted and refused ones, into an encrypted log."""
    (flow,) = _properties(templates, "network", "AWS::EC2::FlowLog").values()
    assert flow["TrafficType"] == "ALL"
    assert flow[prop]
