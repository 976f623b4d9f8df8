"""The logs of both regions in one bucket of the region that stays.

Each region's groups are subscribed by a delivery stream of that region, which writes into the bucket wherever it is.
CloudWatch's own centralization would do it too, but works on an AWS Organization's management account, and a
subscription by itself ends at the region.
"""

from aws_cdk import App

from landbridge.platforms.constructs.buckets import bucket
from landbridge.platforms.constructs.emptying import empties
from landbridge.platforms.constructs.retention import log_days
from landbridge.platforms.trading.common import TradingStack
from landbridge.platforms.words import Json, allow, att, ref, sub, trust

HOME = "HasHomeBucket"
PATH = "/aws/vendedlogs/trading-analytics-shipping-${EnvironmentSuffix}"
GROUPS = {  # each by what another stack tells, so that it stands before it is subscribed
    "Api": "${ApiLogName}",
    "Switch": "${SwitchLogName}",
    "Read": "/aws/lambda/${ReadFunctionName}",
    "Write": "/aws/lambda/${WriteFunctionName}",
}
WRITES = ["s3:AbortMultipartUpload", "s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads", "s3:PutObject"]


class Logs(TradingStack):
    """The bucket, where logs are deleted after as many days as elsewhere."""

    def __init__(self, app: App) -> None:
        super().__init__(app, "logs", "where the logs of both regions come together")
        key = self.asks("DataKeyArn", "The region's key for stored data: output of the keys stack")
        emptier = self.asks("EmptierArn", "The function that empties buckets: output of the artifacts stack")
        forget = {"Id": "forget", "Status": "Enabled", "ExpirationInDays": log_days(self)}
        empties(self, bucket(self, "Bucket", "logs", key, [forget]), emptier)
        self.tell("BucketArn", att("Bucket", "Arn"), "logs-bucket", "Where the logs of both regions come together")


class Shipping(TradingStack):
    """One delivery stream a region, and a subscription of each log group; nothing while there is no home for logs."""

    def __init__(self, app: App) -> None:
        super().__init__(app, "shipping", "sends this region's logs to where they come together")
        what = "Where the logs of both regions come together: output of the logs stack"
        self._bucket = self.asks_or_nothing("HomeBucketArn", what, HOME)
        key = self.asks("LogsKeyArn", "The key of this region's logs: output of the keys stack")
        self.log_group("ShippingLogs", PATH, key, log_days(self))
        self.make("LostLines", "AWS::Logs::LogStream", {"LogGroupName": ref("ShippingLogs"), "LogStreamName": "lost"})
        self._roles()
        self._stream()
        self.asks("ApiLogName", "The API's access log: output of the api stack")
        self.asks("SwitchLogName", "The switch's access log: output of the switch stack")
        self.asks("ReadFunctionName", "The function that answers reads: output of the api stack")
        self.asks("WriteFunctionName", "The function that accepts writes: output of the api stack")
        for name, group in GROUPS.items():
            self._subscribe(name, group)
        self.tell("ShippingLogName", ref("ShippingLogs"), "shipping-log", "What could not be sent")

    def _roles(self) -> None:
        write = allow("Write", WRITES, [self._bucket, sub("${HomeBucketArn}/*")])
        lost = allow("Log", ["logs:PutLogEvents"], self.arn("logs", f"log-group:{PATH}:log-stream:lost"))
        here = {"StringEquals": {"aws:SourceAccount": ref("AWS::AccountId")}}
        trusted = trust("firehose.amazonaws.com", {"StringEquals": {"sts:ExternalId": ref("AWS::AccountId")}})
        self.role("ShippingRole", "shipping", trusted, "By which logs are written into their bucket", [write, lost], when=HOME)
        put = allow("Send", ["firehose:PutRecord", "firehose:PutRecordBatch"], att("Stream", "Arn"))
        trusted = trust("logs.amazonaws.com", here)
        self.role("SubscriptionRole", "sender", trusted, "By which log groups are sent on", [put], when=HOME)

    def _stream(self) -> None:
        """Lines come compressed; a region's own prefix tells them apart."""
        prefix = "${AWS::Region}/"
        where = {
            "BucketARN": self._bucket,
            "RoleARN": att("ShippingRole", "Arn"),
            "Prefix": sub(prefix + "logs/!{timestamp:yyyy/MM/dd}/"),
            "ErrorOutputPrefix": sub(prefix + "lost/!{firehose:error-output-type}/!{timestamp:yyyy/MM/dd}/"),
            "BufferingHints": {"IntervalInSeconds": 60, "SizeInMBs": 16},
            "CompressionFormat": "UNCOMPRESSED",
            "CloudWatchLoggingOptions": {"Enabled": True, "LogGroupName": ref("ShippingLogs"), "LogStreamName": ref("LostLines")},
        }
        properties = {
            "DeliveryStreamName": self.named("logs"),
            "DeliveryStreamType": "DirectPut",
            "DeliveryStreamEncryptionConfigurationInput": {"KeyType": "CUSTOMER_MANAGED_CMK", "KeyARN": ref("DataKeyArn")},
            "ExtendedS3DestinationConfiguration": where,
        }
        self.asks("DataKeyArn", "The region's key for stored data: output of the keys stack")
        self.make("Stream", "AWS::KinesisFirehose::DeliveryStream", properties, when=HOME)

    def _subscribe(self, name: str, group: str) -> None:
        properties: dict[str, Json] = {
            "LogGroupName": sub(group),
            "FilterName": self.named("shipping"),
            "FilterPattern": "",
            "DestinationArn": att("Stream", "Arn"),
            "RoleArn": att("SubscriptionRole", "Arn"),
        }
        self.make(f"{name}Subscription", "AWS::Logs::SubscriptionFilter", properties, when=HOME)
