"""The connection of two regions' networks, and one side's routes over it."""

from landbridge.platforms.constructs.network import CIDR_PATTERN, CIDR_TEXT
from landbridge.platforms.constructs.stack import PlatformStack
from landbridge.platforms.words import Json, ref

REGION_PATTERN = "[a-z]{2}(-[a-z]+)+-[0-9]"
REGION_TEXT = "the name of an AWS region, like eu-central-1"


def connection(stack: PlatformStack) -> None:
    """One peering connection, asked for by the region whose stack owns it."""
    ask = stack.asks
    properties = {
        "VpcId": ask("VpcId", "This region's network: output of the network stack"),
        "PeerVpcId": ask("PeerVpcId", "The other region's network: output of the network stack there"),
        "PeerRegion": ask("PeerRegion", "The other region", allowed_pattern=REGION_PATTERN, constraint_description=REGION_TEXT),
    }
    stack.make("PeeringConnection", "AWS::EC2::VPCPeeringConnection", properties, called="peering")
    stack.tell("PeeringConnectionId", ref("PeeringConnection"), "peering", "The connection's id, the same in both regions")


def routes(stack: PlatformStack, zones: str) -> Json:
    """A route to the other region from every private subnet; the other region's addresses."""
    peering = stack.asks("PeeringConnectionId", "The connection: output of the peering stack in the region that owns it")
    text = "The other region's addresses: output of the network stack there"
    cidr = stack.asks("PeerCidr", text, allowed_pattern=CIDR_PATTERN, constraint_description=CIDR_TEXT)
    for zone in zones:
        table = stack.asks(f"Private{zone}RouteTableId", "Output of the network stack")
        route = {"RouteTableId": table, "DestinationCidrBlock": cidr, "VpcPeeringConnectionId": peering}
        stack.make(f"Private{zone}Route", "AWS::EC2::Route", route)
    return cidr
