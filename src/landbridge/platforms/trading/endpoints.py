"""Ways out of the private subnets that never touch the internet, and who may go which way."""

from aws_cdk import App

from landbridge.platforms.trading.common import TradingStack
from landbridge.platforms.trading.network import EVERYWHERE
from landbridge.platforms.words import Json, ref, sub

GATEWAYS = {"DynamoDb": "dynamodb", "S3": "s3"}
INTERFACES = {
    "Kinesis": "kinesis-streams",
    "Kms": "kms",
    "Logs": "logs",
    "Metrics": "monitoring",
    "Secrets": "secretsmanager",
    "Parameters": "ssm",
}
HTTPS, POSTGRES = 443, 5432


class Endpoints(TradingStack):
    """Endpoints of the services used from private subnets, and three security groups."""

    def __init__(self, app: App) -> None:
        super().__init__(app, "endpoints", "Trading analytics: endpoints and security groups of this region's network")
        self._vpc = self.asks("VpcId", "The network's id: output of the network stack")
        self._cidr = self.asks("VpcCidr", "The network's addresses: output of the network stack")
        subnets = self.asks("PrivateSubnetIds", "The private subnets: output of the network stack", type="CommaDelimitedList")
        tables = [self.asks(f"Private{zone}RouteTableId", "Output of the network stack") for zone in "AB"]
        self._groups()
        for name, service in GATEWAYS.items():
            self._endpoint(name, service, {"VpcEndpointType": "Gateway", "RouteTableIds": tables})
        for name, service in INTERFACES.items():
            inside = {"SecurityGroupIds": [ref("EndpointGroup")], "SubnetIds": subnets, "PrivateDnsEnabled": True}
            self._endpoint(name, service, {"VpcEndpointType": "Interface", **inside})
        self.tell("FunctionGroupId", ref("FunctionGroup"), "function-group", "The security group of functions in the network")
        self.tell("DatabaseGroupId", ref("DatabaseGroup"), "database-group", "The security group of the database")

    def _groups(self) -> None:
        ours = [_rule(HTTPS, self._cidr, "HTTPS from this network")]
        self._group("Endpoint", "endpoints", "Endpoints of AWS services", ours, [])
        out = [
            _rule(HTTPS, EVERYWHERE, "HTTPS to AWS services that have no endpoint here"),
            _rule(POSTGRES, self._cidr, "PostgreSQL in this network"),
        ]
        self._group("Function", "functions", "Functions that run in the network", [], out)
        self._group("Database", "database", "The database", [], [])
        let_in = {
            "GroupId": ref("DatabaseGroup"),
            **_rule(POSTGRES, None, "PostgreSQL from functions of this network"),
            "SourceSecurityGroupId": ref("FunctionGroup"),
        }
        self.make("DatabaseFromFunctions", "AWS::EC2::SecurityGroupIngress", let_in)

    def _group(self, name: str, called: str, description: str, rules_in: list[Json], rules_out: list[Json]) -> None:
        properties = {
            "GroupName": self.named(called),
            "GroupDescription": description,
            "VpcId": self._vpc,
            "SecurityGroupIngress": rules_in,
            "SecurityGroupEgress": rules_out or [NOTHING_OUT],
        }
        self.make(f"{name}Group", "AWS::EC2::SecurityGroup", properties)

    def _endpoint(self, name: str, service: str, how: Json) -> None:
        properties = {"VpcId": self._vpc, "ServiceName": sub(f"com.amazonaws.${{AWS::Region}}.{service}"), **how}
        self.make(f"{name}Endpoint", "AWS::EC2::VPCEndpoint", properties, called=service)


# A group without a rule may send everything everywhere; one to itself by a port nobody has is the usual way to say nothing.
NOTHING_OUT = {"IpProtocol": "icmp", "FromPort": 252, "ToPort": 86, "CidrIp": "255.255.255.255/32", "Description": "Nothing"}


def _rule(port: int, cidr: Json, description: str) -> Json:
    addresses = {"CidrIp": cidr} if cidr else {}
    return {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, **addresses, "Description": description}
