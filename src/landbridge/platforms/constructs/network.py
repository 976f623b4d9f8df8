"""A network over some of a region's zones: addresses cut out of whatever the network's own are, one way out a table."""

from aws_cdk import CfnCondition, CfnResource, Fn

from landbridge.platforms.constructs.stack import PlatformStack
from landbridge.platforms.words import Json, att, join, pick, ref, select

PER_ZONE = "NatPerZone"
CIDR_PATTERN = r"(10\.[0-9]{1,3}|172\.(1[6-9]|2[0-9]|3[01])|192\.168)\.0\.0/16"
CIDR_TEXT = "a private /16 network, like 10.1.0.0/16"
SIXTEEN_BLOCKS_OF_4096 = 16
EVERYWHERE = "0.0.0.0/0"


class Vpc:
    """The VPC of a stack: `zones` are letters, the first ones the account has in the region."""

    def __init__(self, stack: PlatformStack, zones: str) -> None:
        self._stack, self._zones = stack, zones
        asks = stack.asks
        text = "The network's addresses, a private /16 that no other region of the platform has"
        cidr = asks("VpcCidr", text, allowed_pattern=CIDR_PATTERN, constraint_description=CIDR_TEXT)
        text = "'zone' has a gateway in each zone; 'one' has one for {}, for {} the price, and with it {} lose their way out"
        words = {2: ("both", "half", "both"), 3: ("all", "a third of", "all")}[len(zones)]
        asks("NatGateways", text.format(*words), default="zone", allowed_values=["zone", "one"])
        asked = stack.node.find_child("NatGateways").value_as_string
        CfnCondition(stack, PER_ZONE, expression=Fn.condition_equals(asked, "zone"))
        self._make(cidr)

    def _make(self, cidr: Json) -> None:
        addresses = {"CidrBlock": cidr, "EnableDnsHostnames": True, "EnableDnsSupport": True}
        make = self._stack.make
        make("Vpc", "AWS::EC2::VPC", addresses, called="vpc")
        make("InternetGateway", "AWS::EC2::InternetGateway", {}, called="internet")
        both = {"VpcId": ref("Vpc"), "InternetGatewayId": ref("InternetGateway")}
        attached = make("GatewayAttachment", "AWS::EC2::VPCGatewayAttachment", both)
        self.table("Public", "public")
        self.default_route("Public", {"GatewayId": ref("InternetGateway")}, attached)

    def zone(self, number: int, zone: str) -> None:
        """A zone's public and private subnet, with the private one's way out."""
        self.subnet(f"Public{zone}", f"public-{zone.lower()}", number, number, "Public")
        self.table(f"Private{zone}", f"private-{zone.lower()}")
        self.subnet(f"Private{zone}", f"private-{zone.lower()}", number, 8 + number, f"Private{zone}")
        self._nat(zone, PER_ZONE if number else "")
        own = ref(f"Nat{zone}")
        self.default_route(f"Private{zone}", {"NatGatewayId": pick(PER_ZONE, own, ref("NatA")) if number else own})

    def subnet(self, name: str, called: str, zone: int, block: int, table: str) -> None:
        """A sixteenth of the network in a zone, by a table of routes."""
        blocks = {"Fn::Cidr": [att("Vpc", "CidrBlock"), SIXTEEN_BLOCKS_OF_4096, "12"]}
        properties = {
            "VpcId": ref("Vpc"),
            "AvailabilityZone": select(zone, {"Fn::GetAZs": ""}),
            "CidrBlock": select(block, blocks),
            "MapPublicIpOnLaunch": False,
        }
        self._stack.make(f"{name}Subnet", "AWS::EC2::Subnet", properties, called=called)
        both = {"SubnetId": ref(f"{name}Subnet"), "RouteTableId": ref(f"{table}RouteTable")}
        self._stack.make(f"{name}Association", "AWS::EC2::SubnetRouteTableAssociation", both)

    def table(self, name: str, called: str) -> None:
        """A table of routes, which reaches the network itself and nothing else."""
        self._stack.make(f"{name}RouteTable", "AWS::EC2::RouteTable", {"VpcId": ref("Vpc")}, called=called)

    def default_route(self, table: str, to: Json, *after: CfnResource) -> None:
        """Where a table sends what is for nobody it knows."""
        properties = {"RouteTableId": ref(f"{table}RouteTable"), "DestinationCidrBlock": EVERYWHERE, **to}
        self._stack.make(f"{table}DefaultRoute", "AWS::EC2::Route", properties, after=after)

    def _nat(self, zone: str, when: str) -> None:
        make, called = self._stack.make, f"nat-{zone.lower()}"
        attached = self._stack.node.find_child("GatewayAttachment")
        make(f"Nat{zone}Address", "AWS::EC2::EIP", {"Domain": "vpc"}, after=[attached], when=when, called=called)
        properties = {"AllocationId": att(f"Nat{zone}Address", "AllocationId"), "SubnetId": ref(f"Public{zone}Subnet")}
        make(f"Nat{zone}", "AWS::EC2::NatGateway", properties, when=when, called=called)

    def tell(self, *kinds: str) -> None:
        """The network, its subnets of these kinds, and where private ones send their packets."""
        tell = self._stack.tell
        tell("VpcId", ref("Vpc"), "vpc", "The network's id")
        tell("NetworkCidr", att("Vpc", "CidrBlock"), "vpc-cidr", "The network's addresses")
        for kind in kinds:
            subnets = join(",", *(ref(f"{kind}{zone}Subnet") for zone in self._zones))
            tell(f"{kind}SubnetIds", subnets, f"{kind.lower()}-subnets", f"The {kind.lower()} subnets, one a zone")
        for zone in self._zones:
            table, export = ref(f"Private{zone}RouteTable"), f"private-{zone.lower()}-routes"
            tell(f"Private{zone}RouteTableId", table, export, f"Where the private subnet of zone {zone} sends its packets")
