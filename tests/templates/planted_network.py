"""Defects of the network: overlaps, ways out that should not be, ways across that are missing."""

from tests.templates import test_network as network
from tests.templates.planted import Defect, drop, put

EVERYWHERE = "0.0.0.0/0"
INTERNET = {"Ref": "InternetGateway"}
subnets = network.test_tr_1_1_two_public_and_two_private_subnets_that_never_overlap
ways = network.test_tr_1_1_public_subnets_reach_the_internet_and_private_ones_only_a_gateway
belongs = network.test_tr_1_1_a_subnet_belongs_to_one_table_of_its_own_kind
inside = network.test_tr_1_2_services_used_from_private_subnets_have_endpoints
closed = network.test_tr_1_2_no_security_group_lets_the_internet_in
across = network.test_tr_1_2_both_sides_get_a_route_from_every_private_subnet
fed = network.test_wrong_2_ids_of_the_other_side_are_fed_and_not_looked_up
named = network.test_crossing_rules_name_addresses_because_groups_do_not_cross_regions
logged = network.test_every_connection_is_logged

DEFECTS = (
    Defect("network", "two subnets with the same addresses", put("PrivateBSubnet/CidrBlock/Fn::Select/0", 8), subnets),
    Defect("network", "a subnet beyond the network's addresses", put("PublicASubnet/CidrBlock/Fn::Select/0", 99), subnets),
    Defect("network", "both private subnets in one zone", put("PrivateBSubnet/AvailabilityZone/Fn::Select/0", 0), subnets),
    Defect("network", "public addresses handed out", put("PublicASubnet/MapPublicIpOnLaunch", True), subnets),
    Defect("network", "three subnets", drop("Resources/PrivateBSubnet"), subnets),
    Defect("network", "a private subnet straight to the internet", put("PrivateADefaultRoute/NatGatewayId", INTERNET), ways),
    Defect("network", "a private subnet without a way out", drop("Resources/PrivateBDefaultRoute"), ways),
    Defect("network", "a second gateway that is always paid for", drop("Resources/NatB/Condition"), ways),
    Defect(
        "network",
        "a private subnet with the public table",
        put("PrivateAAssociation/RouteTableId/Ref", "PublicRouteTable"),
        belongs,
    ),
    Defect("network", "a subnet with no table", drop("Resources/PrivateBAssociation"), belongs),
    Defect("network", "only refused connections are logged", put("FlowLog/TrafficType", "REJECT"), logged, ("ResourceId",)),
    Defect(
        "network", "a flow log nobody may write", drop("FlowLog/DeliverLogsPermissionArn"), logged, ("DeliverLogsPermissionArn",)
    ),
    Defect("network", "no flow log", drop("Resources/FlowLog"), logged, ("LogGroupName",)),
    Defect("endpoints", "S3 by way of the internet", drop("Resources/S3Endpoint"), inside),
    Defect("endpoints", "an endpoint nobody finds by its name", put("KmsEndpoint/PrivateDnsEnabled", False), inside),
    Defect("endpoints", "an endpoint without its security group", put("LogsEndpoint/SecurityGroupIds", []), inside),
    Defect("endpoints", "the internet let in", put("EndpointGroup/SecurityGroupIngress/0/CidrIp", EVERYWHERE), closed),
    Defect("endpoints", "every protocol let out", put("FunctionGroup/SecurityGroupEgress/0/IpProtocol", "-1"), closed),
    Defect("endpoints", "every port let out", put("FunctionGroup/SecurityGroupEgress/0/FromPort", 0), closed),
    Defect("crossing", "every port let in from the other region", put("DatabaseFromPeer/FromPort", 0), closed),
    Defect("crossing", "the database open to the internet", put("DatabaseFromPeer/CidrIp", EVERYWHERE), closed),
    Defect("crossing", "a private subnet without a route across", drop("Resources/PrivateBRoute"), across),
    Defect("crossing", "a route to fixed addresses", put("PrivateARoute/DestinationCidrBlock", "10.0.0.0/16"), across),
    Defect("crossing", "a route that is not by the peering", drop("PrivateARoute/VpcPeeringConnectionId"), across),
    Defect("crossing", "a rule of a group of the other region", put("DatabaseFromPeer/SourceSecurityGroupId", "sg-1"), named),
    Defect(
        "peering",
        "the other side's id looked up before it is written",
        put("PeeringConnection/PeerVpcId", "{{resolve:ssm:/peer/vpc}}"),
        fed,
    ),
)
