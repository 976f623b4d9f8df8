"""Ways out of the private subnets that never touch the internet, and who may go which way."""

from constructs import Construct

from landbridge.platforms.constructs.groups import HTTPS, POSTGRES, endpoint, group, rule
from landbridge.platforms.constructs.network import EVERYWHERE
from landbridge.platforms.payments.common import PaymentsStack
from landbridge.platforms.payments.network import ZONES
from landbridge.platforms.words import Json, ref

GATEWAYS = {"DynamoDb": "dynamodb", "S3": "s3"}
INTERFACES = {
    "Images": "ecr.dkr",
    "Kms": "kms",
    "Logs": "logs",
    "Metrics": "monitoring",
    "Parameters": "ssm",
    "Queues": "sqs",
    "Registry": "ecr.api",
    "Secrets": "secretsmanager",
}
HTTP, TASK = 80, 8443  # the service speaks TLS inside the network too


class Endpoints(PaymentsStack):
    """Endpoints of the services used from private subnets, and five security groups."""

    def __init__(self, scope: Construct) -> None:
        super().__init__(scope, "endpoints", "endpoints and security groups of this region's network")
        self._vpc = self.asks("VpcId", "The network's id: output of the network stack")
        self._cidr = self.asks("VpcCidr", "The network's addresses: output of the network stack")
        subnets = self.asks("PrivateSubnetIds", "The private subnets: output of the network stack", type="CommaDelimitedList")
        tables = [self.asks(f"Private{zone}RouteTableId", "Output of the network stack") for zone in ZONES]
        self._groups()
        for name, service in GATEWAYS.items():
            endpoint(self, name, service, self._vpc, {"VpcEndpointType": "Gateway", "RouteTableIds": tables})
        for name, service in INTERFACES.items():
            inside = {"SecurityGroupIds": [ref("EndpointGroup")], "SubnetIds": subnets, "PrivateDnsEnabled": True}
            endpoint(self, name, service, self._vpc, {"VpcEndpointType": "Interface", **inside})
        for name in ("Balancer", "Service", "Function", "Database"):
            self.tell(f"{name}GroupId", ref(f"{name}Group"), f"{name.lower()}-group", f"The security group of: {name.lower()}")

    def _groups(self) -> None:
        ours = [rule(HTTPS, self._cidr, "HTTPS from this network")]
        self._group("Endpoint", "endpoints", "Endpoints of AWS services", ours, [])
        clients = [rule(port, EVERYWHERE, "Clients; the firewall stands before them") for port in (HTTPS, HTTP)]
        self._group("Balancer", "balancer", "The load balancer", clients, [rule(TASK, self._cidr, "Tasks of the service")])
        out = [
            rule(HTTPS, EVERYWHERE, "HTTPS to AWS services and payment networks"),
            rule(POSTGRES, self._cidr, "PostgreSQL in this network"),
        ]
        self._group("Service", "service", "Tasks of the payments service", [], out)
        self._group("Function", "functions", "Functions that run in the network", [], out)
        self._group("Database", "database", "The database", [], [])
        self._let_in("Service", "Balancer", TASK, "The load balancer")
        self._let_in("Database", "Service", POSTGRES, "PostgreSQL from tasks of the service")
        self._let_in("Database", "Function", POSTGRES, "PostgreSQL from functions of this network")

    def _group(self, name: str, called: str, description: str, let_in: list[Json], let_out: list[Json]) -> None:
        group(self, name, called, self._vpc, description, let_in=let_in, let_out=let_out)

    def _let_in(self, to: str, by: str, port: int, description: str) -> None:
        who = {"GroupId": ref(f"{to}Group"), "SourceSecurityGroupId": ref(f"{by}Group")}
        self.make(f"{to}From{by}", "AWS::EC2::SecurityGroupIngress", {**who, **rule(port, None, description)})
