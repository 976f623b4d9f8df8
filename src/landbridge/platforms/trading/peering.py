"""The connection between the two regions' networks, asked for by the region that stays.

CloudFormation can neither accept it across regions for certain nor let each side resolve the other's names: the deployer
does both when the stack stands, and reads them back (src/landbridge/deploy/peering.py).
"""

from aws_cdk import App

from landbridge.platforms.constructs.peering import connection, routes
from landbridge.platforms.trading.common import TradingStack
from landbridge.platforms.trading.network import ZONES


class Peering(TradingStack):
    """One peering connection, owned by one region."""

    def __init__(self, app: App) -> None:
        super().__init__(app, "peering", "the connection between the two regions' networks")
        connection(self)


class Crossing(TradingStack):
    """One side's routes to the other region, and what may cross: nothing but PostgreSQL, by addresses.

    Security groups can't be named across regions, so the rules are of CIDRs.
    """

    def __init__(self, app: App) -> None:
        super().__init__(app, "crossing", "this region's routes to the other one, and what may cross", tagged=False)
        cidr = routes(self, ZONES)
        functions = self.asks("FunctionGroupId", "The security group of functions: output of the endpoints stack")
        database = self.asks("DatabaseGroupId", "The security group of the database: output of the endpoints stack")
        postgres = {"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "CidrIp": cidr}
        let_in = {"GroupId": database, **postgres, "Description": "PostgreSQL from the other region"}
        self.make("DatabaseFromPeer", "AWS::EC2::SecurityGroupIngress", let_in)
        let_out = {"GroupId": functions, **postgres, "Description": "PostgreSQL in the other region"}
        self.make("FunctionsToPeer", "AWS::EC2::SecurityGroupEgress", let_out)
        self.tell("ReachedCidr", cidr, "peer-cidr", "The addresses that are reached through the connection")
