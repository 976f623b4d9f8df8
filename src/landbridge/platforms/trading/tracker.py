"""The migration tracker: a table of where migrations stand, and the function that keeps it.

The function is a custom resource to whoever deploys by templates alone, and a direct call to everybody else.
"""

from aws_cdk import App

from landbridge.model.metrics import NAMESPACE
from landbridge.platforms.constructs.functions import Code, Made, archive, artifacts, function, logs_key
from landbridge.platforms.constructs.retention import log_days
from landbridge.platforms.constructs.tables import schema
from landbridge.platforms.trading.common import TradingStack
from landbridge.platforms.words import allow, att, ref

TABLE = "table/trading-analytics-tracker-${EnvironmentSuffix}"


class Tracker(TradingStack):
    """The table and its function."""

    def __init__(self, app: App) -> None:
        super().__init__(app, "tracker", "where migrations stand, for templates and for people")
        key = self.asks("DataKeyArn", "The region's key for stored data: output of the keys stack")
        code = Code(bucket=artifacts(self), key=archive(self), logs_key=logs_key(self), log_days=log_days(self))
        properties = {
            "TableName": self.named("tracker"),
            "AttributeDefinitions": [{"AttributeName": name, "AttributeType": "S"} for name in ("migration", "line")],
            "KeySchema": schema({"migration": "S", "line": "S"}),
            "BillingMode": "PAY_PER_REQUEST",
            "SSESpecification": {"SSEEnabled": True, "SSEType": "KMS", "KMSMasterKeyId": key},
            "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True},
        }
        self.make("TrackerTable", "AWS::DynamoDB::Table", properties)
        statements = [
            allow("Keep", ["dynamodb:GetItem", "dynamodb:PutItem"], self.arn("dynamodb", TABLE)),
            allow("Say", ["cloudwatch:PutMetricData"], "*", {"StringEquals": {"cloudwatch:namespace": NAMESPACE}}),
        ]
        does = "Keeps where migrations stand, and says how far they are"
        made = Made("Tracker", "tracker", "landbridge.agents.tracker.handler", does, timeout=30)
        variables = {"SUFFIX": ref("EnvironmentSuffix"), "TRACKER_TABLE": ref("TrackerTable")}
        function(self, code, made, statements, variables)
        self.tell("TrackerArn", att("TrackerFunction", "Arn"), "tracker", "The function to track a migration by")
        self.tell("TrackerTableName", ref("TrackerTable"), "tracker-table", "The table of where migrations stand")
