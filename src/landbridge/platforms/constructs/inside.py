"""What a function needs to run in the network's private subnets: where, and the rights to join it."""

from landbridge.platforms.constructs.stack import PlatformStack
from landbridge.platforms.words import Json, allow, ref

INTERFACES = ("AssignPrivateIpAddresses", "CreateNetworkInterface", "DeleteNetworkInterface", "UnassignPrivateIpAddresses")
TOUCHED = ("network-interface", "subnet", "security-group")


def placed(stack: PlatformStack) -> Json:
    """The subnets and the security group, by parameters."""
    subnets = stack.asks("PrivateSubnetIds", "The private subnets: output of the network stack", type="CommaDelimitedList")
    group = stack.asks("FunctionGroupId", "The security group of functions: output of the endpoints stack")
    return {"SubnetIds": subnets, "SecurityGroupIds": [group]}


def joining(stack: PlatformStack) -> list[Json]:
    """The statements by which Lambda joins the network for the function."""
    here = {"StringEquals": {"aws:RequestedRegion": ref("AWS::Region")}}
    see = ["ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets"]
    touched = [stack.arn("ec2", f"{kind}/*") for kind in TOUCHED]
    return [
        allow("JoinNetwork", [f"ec2:{verb}" for verb in INTERFACES], touched),
        allow("SeeNetwork", see, "*", here),
    ]
