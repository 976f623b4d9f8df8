"""The connection between two regions' networks, and each side's routes and rules: PostgreSQL crosses, and nothing else."""

from constructs import Construct

from landbridge.platforms.constructs.groups import POSTGRES
from landbridge.platforms.constructs.peering import connection, routes
from landbridge.platforms.payments.acls import ANSWERS, entry
from landbridge.platforms.payments.common import PaymentsStack
from landbridge.platforms.payments.network import ZONES
from landbridge.platforms.words import ref

AFTER_OUR_OWN = 200


class Peering(PaymentsStack):
    """One peering connection, owned by the region that joins."""

    def __init__(self, scope: Construct) -> None:
        super().__init__(scope, "peering", "the connection between two regions' networks")
        connection(self)


class Crossing(PaymentsStack):
    """One side's routes to the other region, by every private subnet and by the isolated ones, and what may cross."""

    def __init__(self, scope: Construct) -> None:
        super().__init__(scope, "crossing", "this region's routes to the other one, and what may cross", tagged=False)
        cidr = routes(self, ZONES)
        table = self.asks("IsolatedRouteTableId", "Output of the network stack")
        route = {"RouteTableId": table, "DestinationCidrBlock": cidr, "VpcPeeringConnectionId": ref("PeeringConnectionId")}
        self.make("IsolatedRoute", "AWS::EC2::Route", route)
        acl = self.asks("IsolatedAclId", "What may cross the edge of isolated subnets: output of the acls stack")
        let_in = entry(acl, AFTER_OUR_OWN, (POSTGRES, POSTGRES), cidr, out=False)
        self.make("PeerPostgresIn", "AWS::EC2::NetworkAclEntry", let_in)
        self.make("PeerAnswersOut", "AWS::EC2::NetworkAclEntry", entry(acl, AFTER_OUR_OWN, ANSWERS, cidr, out=True))
        self._groups({"IpProtocol": "tcp", "FromPort": POSTGRES, "ToPort": POSTGRES, "CidrIp": cidr})
        self.tell("ReachedCidr", cidr, "peer-cidr", "The addresses that are reached through the connection")

    def _groups(self, postgres: dict[str, object]) -> None:
        """Security groups can't be named across regions, so the rules are of addresses."""
        database = self.asks("DatabaseGroupId", "The security group of the database: output of the endpoints stack")
        come = {"GroupId": database, **postgres, "Description": "PostgreSQL from the other region"}
        self.make("DatabaseFromPeer", "AWS::EC2::SecurityGroupIngress", come)
        for name in ("Service", "Function"):
            group = self.asks(f"{name}GroupId", f"The security group of: {name.lower()}; output of the endpoints stack")
            go = {"GroupId": group, **postgres, "Description": "PostgreSQL in the other region"}
            self.make(f"{name}ToPeer", "AWS::EC2::SecurityGroupEgress", go)
