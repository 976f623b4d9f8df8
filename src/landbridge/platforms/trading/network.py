"""A region's own network: public subnets for the gateways, private ones for everything else, in two zones.

The zones are the first two the account has here; a third is one more entry of ZONES.
"""

from aws_cdk import App, CfnCondition, CfnResource, Fn

from landbridge.platforms.trading.common import TradingStack
from landbridge.platforms.trading.flow_logs import flow_logs
from landbridge.platforms.words import Json, att, join, pick, ref, select

ZONES = "AB"
PER_ZONE = "NatPerZone"
CIDR_PATTERN = r"(10\.[0-9]{1,3}|172\.(1[6-9]|2[0-9]|3[01])|192\.168)\.0\.0/16"
SIXTEEN_BLOCKS_OF_4096 = 16  # the first eight for public subnets, the others for private ones
EVERYWHERE = "0.0.0.0/0"


class Network(TradingStack):
    """The VPC with its subnets, gateways, routes and flow logs."""

    def __init__(self, app: App) -> None:
        super().__init__(app, "network", "Trading analytics: this region's network in two zones")
        self._cidr = self.asks(
            "VpcCidr",
            "The network's addresses, a private /16 that no other region of the platform has",
            allowed_pattern=CIDR_PATTERN,
            constraint_description="a private /16 network, like 10.1.0.0/16",
        )
        self._ask_for_gateways()
        self._vpc()
        for number, zone in enumerate(ZONES):
            self._zone(number, zone)
        flow_logs(self)
        self._outputs()

    def _ask_for_gateways(self) -> None:
        self.asks(
            "NatGateways",
            "'zone' has a gateway in each zone; 'one' has one for both, for half the price, and with it both lose their way out",
            default="zone",
            allowed_values=["zone", "one"],
        )
        asked = self.node.find_child("NatGateways").value_as_string
        CfnCondition(self, PER_ZONE, expression=Fn.condition_equals(asked, "zone"))

    def _vpc(self) -> None:
        addresses = {"CidrBlock": self._cidr, "EnableDnsHostnames": True, "EnableDnsSupport": True}
        self.make("Vpc", "AWS::EC2::VPC", addresses, called="vpc")
        self.make("InternetGateway", "AWS::EC2::InternetGateway", {}, called="internet")
        both = {"VpcId": ref("Vpc"), "InternetGatewayId": ref("InternetGateway")}
        attached = self.make("GatewayAttachment", "AWS::EC2::VPCGatewayAttachment", both)
        self._table("Public", "public")
        self._default_route("Public", {"GatewayId": ref("InternetGateway")}, attached)

    def _zone(self, number: int, zone: str) -> None:
        self._subnet(f"Public{zone}", f"public-{zone.lower()}", number, number, "Public")
        self._table(f"Private{zone}", f"private-{zone.lower()}")
        self._subnet(f"Private{zone}", f"private-{zone.lower()}", number, 8 + number, f"Private{zone}")
        self._nat(zone, PER_ZONE if number else "")
        own = ref(f"Nat{zone}")
        self._default_route(f"Private{zone}", {"NatGatewayId": pick(PER_ZONE, own, ref("NatA")) if number else own})

    def _subnet(self, name: str, called: str, zone: int, block: int, table: str) -> None:
        blocks = {"Fn::Cidr": [att("Vpc", "CidrBlock"), SIXTEEN_BLOCKS_OF_4096, "12"]}
        properties = {
            "VpcId": ref("Vpc"),
            "AvailabilityZone": select(zone, {"Fn::GetAZs": ""}),
            "CidrBlock": select(block, blocks),
            "MapPublicIpOnLaunch": False,
        }
        self.make(f"{name}Subnet", "AWS::EC2::Subnet", properties, called=called)
        both = {"SubnetId": ref(f"{name}Subnet"), "RouteTableId": ref(f"{table}RouteTable")}
        self.make(f"{name}Association", "AWS::EC2::SubnetRouteTableAssociation", both)

    def _table(self, name: str, called: str) -> None:
        self.make(f"{name}RouteTable", "AWS::EC2::RouteTable", {"VpcId": ref("Vpc")}, called=called)

    def _default_route(self, table: str, to: Json, *after: CfnResource) -> None:
        properties = {"RouteTableId": ref(f"{table}RouteTable"), "DestinationCidrBlock": EVERYWHERE, **to}
        self.make(f"{table}DefaultRoute", "AWS::EC2::Route", properties, after=after)

    def _nat(self, zone: str, when: str) -> None:
        attached = self.node.find_child("GatewayAttachment")
        called = f"nat-{zone.lower()}"
        self.make(f"Nat{zone}Address", "AWS::EC2::EIP", {"Domain": "vpc"}, after=[attached], when=when, called=called)
        properties = {"AllocationId": att(f"Nat{zone}Address", "AllocationId"), "SubnetId": ref(f"Public{zone}Subnet")}
        self.make(f"Nat{zone}", "AWS::EC2::NatGateway", properties, when=when, called=called)

    def _outputs(self) -> None:
        self.tell("VpcId", ref("Vpc"), "vpc", "The network's id")
        self.tell("NetworkCidr", att("Vpc", "CidrBlock"), "vpc-cidr", "The network's addresses")
        for kind in ("Public", "Private"):
            subnets = join(",", *(ref(f"{kind}{zone}Subnet") for zone in ZONES))
            self.tell(f"{kind}SubnetIds", subnets, f"{kind.lower()}-subnets", f"The {kind.lower()} subnets, one a zone")
        for zone in ZONES:
            table, export = ref(f"Private{zone}RouteTable"), f"private-{zone.lower()}-routes"
            self.tell(f"Private{zone}RouteTableId", table, export, f"Where the private subnet of zone {zone} sends its packets")
