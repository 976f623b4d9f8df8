"""The log of a network's connections: addresses and byte counts, never a payload."""

from landbridge.platforms.constructs.retention import log_days
from landbridge.platforms.constructs.stack import PlatformStack
from landbridge.platforms.words import allow, att, ref, trust


def flow_logs(stack: PlatformStack) -> None:
    """Every connection of the VPC, accepted or refused, in a log of this region's own key."""
    key = stack.asks("LogsKeyArn", "The key of this region's logs: output of the keys stack")
    path = f"/aws/vpc/{stack.text('flows')}"
    stack.log_group("FlowLogGroup", path, key, log_days(stack))
    here = {
        "StringEquals": {"aws:SourceAccount": ref("AWS::AccountId")},
        "ArnLike": {"aws:SourceArn": stack.arn("ec2", "vpc-flow-log/*")},
    }
    write = ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"]
    group = stack.arn("logs", f"log-group:{path}:*")
    stack.role(
        "FlowLogRole",
        "flows",
        trust("vpc-flow-logs.amazonaws.com", here),
        "By which the network writes its flow log",
        [allow("WriteFlows", write, group)],
    )
    properties = {
        "ResourceType": "VPC",
        "ResourceId": ref("Vpc"),
        "TrafficType": "ALL",
        "LogDestinationType": "cloud-watch-logs",
        "LogGroupName": ref("FlowLogGroup"),
        "DeliverLogsPermissionArn": att("FlowLogRole", "Arn"),
        "MaxAggregationInterval": 60,
    }
    stack.make("FlowLog", "AWS::EC2::FlowLog", properties, called="flows")
