"""Who may go which way in a network: security groups that let nothing through but what they name, and endpoints of services."""

from landbridge.platforms.constructs.stack import PlatformStack
from landbridge.platforms.words import Json, sub

HTTPS, POSTGRES = 443, 5432
# A group without a rule may send everything everywhere; one to itself by a port nobody has is the usual way to say nothing.
NOTHING_OUT = {"IpProtocol": "icmp", "FromPort": 252, "ToPort": 86, "CidrIp": "255.255.255.255/32", "Description": "Nothing"}


def rule(port: int, cidr: Json, description: str) -> Json:
    """TCP by one port, from or to addresses; without them, those of another group are to be added."""
    addresses = {"CidrIp": cidr} if cidr else {}
    return {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, **addresses, "Description": description}


def group(
    stack: PlatformStack, name: str, called: str, vpc: Json, description: str, *, let_in: list[Json], let_out: list[Json]
) -> None:
    """{Name}Group."""
    properties = {
        "GroupName": stack.named(called),
        "GroupDescription": description,
        "VpcId": vpc,
        "SecurityGroupIngress": let_in,
        "SecurityGroupEgress": let_out or [NOTHING_OUT],
    }
    stack.make(f"{name}Group", "AWS::EC2::SecurityGroup", properties)


def endpoint(stack: PlatformStack, name: str, service: str, vpc: Json, how: Json) -> None:
    """{Name}Endpoint: a way to a service of AWS that never touches the internet."""
    properties = {"VpcId": vpc, "ServiceName": sub(f"com.amazonaws.${{AWS::Region}}.{service}"), **how}
    stack.make(f"{name}Endpoint", "AWS::EC2::VPCEndpoint", properties, called=service)
