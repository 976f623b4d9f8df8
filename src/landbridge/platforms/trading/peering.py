"""The connection between the two regions' networks, asked for by the region that stays.

CloudFormation can neither accept it across regions for certain nor let each side resolve the other's names: the deployer
does both when the stack stands, and reads them back (src/landbridge/deploy/peering.py).
"""

from aws_cdk import App

from landbridge.platforms.trading.common import TradingStack
from landbridge.platforms.trading.network import CIDR_PATTERN
from landbridge.platforms.words import ref

REGION_PATTERN = "[a-z]{2}(-[a-z]+)+-[0-9]"


class Peering(TradingStack):
    """One peering connection, owned by one region."""

    def __init__(self, app: App) -> None:
        super().__init__(app, "peering", "Trading analytics: the connection between the two regions' networks")
        properties = {
            "VpcId": self.asks("VpcId", "This region's network: output of the network stack"),
            "PeerVpcId": self.asks("PeerVpcId", "The other region's network: output of the network stack there"),
            "PeerRegion": self.asks(
                "PeerRegion",
                "The other region",
                allowed_pattern=REGION_PATTERN,
                constraint_description="the name of an AWS region, like eu-central-1",
            ),
        }
        self.make("PeeringConnection", "AWS::EC2::VPCPeeringConnection", properties, called="peering")
        self.tell("PeeringConnectionId", ref("PeeringConnection"), "peering", "The connection's id, the same in both regions")


class Crossing(TradingStack):
    """One side's routes to the other region, and what may cross: nothing but PostgreSQL, by addresses.

    Security groups can't be named across regions, so the rules are of CIDRs.
    """

    def __init__(self, app: App) -> None:
        super().__init__(
            app, "crossing", "Trading analytics: this region's routes to the other one, and what may cross", tagged=False
        )
        peering = self.asks("PeeringConnectionId", "The connection: output of the peering stack in the region that owns it")
        cidr = self.asks(
            "PeerCidr",
            "The other region's addresses: output of the network stack there",
            allowed_pattern=CIDR_PATTERN,
            constraint_description="a private /16 network, like 10.1.0.0/16",
        )
        for zone in "AB":
            table = self.asks(f"Private{zone}RouteTableId", "Output of the network stack")
            route = {"RouteTableId": table, "DestinationCidrBlock": cidr, "VpcPeeringConnectionId": peering}
            self.make(f"Private{zone}Route", "AWS::EC2::Route", route)
        functions = self.asks("FunctionGroupId", "The security group of functions: output of the endpoints stack")
        database = self.asks("DatabaseGroupId", "The security group of the database: output of the endpoints stack")
        postgres = {"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "CidrIp": cidr}
        let_in = {"GroupId": database, **postgres, "Description": "PostgreSQL from the other region"}
        self.make("DatabaseFromPeer", "AWS::EC2::SecurityGroupIngress", let_in)
        let_out = {"GroupId": functions, **postgres, "Description": "PostgreSQL in the other region"}
        self.make("FunctionsToPeer", "AWS::EC2::SecurityGroupEgress", let_out)
        self.tell("ReachedCidr", cidr, "peer-cidr", "The addresses that are reached through the connection")
