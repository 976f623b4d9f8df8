"""Ways out of the private subnets that never touch the internet, and who may go which way."""

from aws_cdk import App

from landbridge.platforms.constructs.groups import HTTPS, POSTGRES, endpoint, group, rule
from landbridge.platforms.constructs.network import EVERYWHERE
from landbridge.platforms.trading.common import TradingStack
from landbridge.platforms.words import ref

GATEWAYS = {"DynamoDb": "dynamodb", "S3": "s3"}
INTERFACES = {
    "Kinesis": "kinesis-streams",
    "Kms": "kms",
    "Logs": "logs",
    "Metrics": "monitoring",
    "Secrets": "secretsmanager",
    "Parameters": "ssm",
}


class Endpoints(TradingStack):
    """Endpoints of the services used from private subnets, and three security groups."""

    def __init__(self, app: App) -> None:
        super().__init__(app, "endpoints", "endpoints and security groups of this region's network")
        self._vpc = self.asks("VpcId", "The network's id: output of the network stack")
        self._cidr = self.asks("VpcCidr", "The network's addresses: output of the network stack")
        subnets = self.asks("PrivateSubnetIds", "The private subnets: output of the network stack", type="CommaDelimitedList")
        tables = [self.asks(f"Private{zone}RouteTableId", "Output of the network stack") for zone in "AB"]
        self._groups()
        for name, service in GATEWAYS.items():
            endpoint(self, name, service, self._vpc, {"VpcEndpointType": "Gateway", "RouteTableIds": tables})
        for name, service in INTERFACES.items():
            inside = {"SecurityGroupIds": [ref("EndpointGroup")], "SubnetIds": subnets, "PrivateDnsEnabled": True}
            endpoint(self, name, service, self._vpc, {"VpcEndpointType": "Interface", **inside})
        self.tell("FunctionGroupId", ref("FunctionGroup"), "function-group", "The security group of functions in the network")
        self.tell("DatabaseGroupId", ref("DatabaseGroup"), "database-group", "The security group of the database")

    def _groups(self) -> None:
        ours = [rule(HTTPS, self._cidr, "HTTPS from this network")]
        group(self, "Endpoint", "endpoints", self._vpc, "Endpoints of AWS services", let_in=ours, let_out=[])
        out = [
            rule(HTTPS, EVERYWHERE, "HTTPS to AWS services that have no endpoint here"),
            rule(POSTGRES, self._cidr, "PostgreSQL in this network"),
        ]
        group(self, "Function", "functions", self._vpc, "Functions that run in the network", let_in=[], let_out=out)
        group(self, "Database", "database", self._vpc, "The database", let_in=[], let_out=[])
        let_in = {
            "GroupId": ref("DatabaseGroup"),
            **rule(POSTGRES, None, "PostgreSQL from functions of this network"),
            "SourceSecurityGroupId": ref("FunctionGroup"),
        }
        self.make("DatabaseFromFunctions", "AWS::EC2::SecurityGroupIngress", let_in)
