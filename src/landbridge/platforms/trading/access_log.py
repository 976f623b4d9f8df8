"""CloudFront's access log: how requests went, and neither who asked nor for what.

The fields are chosen one by one, because a path of the dashboard names its user.
"""

from landbridge.platforms.trading.common import TradingStack
from landbridge.platforms.words import Json, att, ref, sub

FIELDS = (
    "date",
    "time",
    "x-edge-location",
    "x-edge-request-id",
    "x-edge-result-type",
    "x-edge-response-result-type",
    "x-edge-detailed-result-type",
    "cs-method",
    "cs-protocol",
    "cs-protocol-version",
    "cs-bytes",
    "sc-status",
    "sc-bytes",
    "ssl-protocol",
    "ssl-cipher",
    "time-taken",
    "time-to-first-byte",
)
PATH = "/aws/vendedlogs/trading-analytics-edge-${EnvironmentSuffix}"


def access_log(stack: TradingStack, key: Json, days: Json) -> None:
    """The distribution's log, delivered into an encrypted group."""
    stack.log_group("AccessLogs", PATH, key, days)
    arn = sub("arn:${AWS::Partition}:cloudfront::${AWS::AccountId}:distribution/${Distribution}")
    source = {"Name": stack.named("edge"), "ResourceArn": arn, "LogType": "ACCESS_LOGS"}
    stack.make("LogSource", "AWS::Logs::DeliverySource", source)
    group = {
        "Name": stack.named("edge"),
        "DestinationResourceArn": stack.arn("logs", "log-group:${AccessLogs}"),
        "OutputFormat": "json",
    }
    stack.make("LogDestination", "AWS::Logs::DeliveryDestination", group)
    both = {"DeliverySourceName": ref("LogSource"), "DeliveryDestinationArn": att("LogDestination", "Arn")}
    stack.make("LogDelivery", "AWS::Logs::Delivery", {**both, "RecordFields": list(FIELDS)})
