"""The migration tracker: a table of where migrations stand, and the function that keeps it.

The function is a custom resource to whoever deploys by templates alone, and a direct call to everybody else.
"""

from aws_cdk import App

from landbridge.model.metrics import NAMESPACE
from landbridge.platforms.trading.common import TradingStack
from landbridge.platforms.trading.functions import Code, Made, function
from landbridge.platforms.trading.tables import schema
from landbridge.platforms.words import Json, allow, att, ref

TABLE = "table/trading-analytics-tracker-${EnvironmentSuffix}"


class Tracker(TradingStack):
    """The table and its function."""

    def __init__(self, app: App) -> None:
        super().__init__(app, "tracker", "Trading analytics: where migrations stand, for templates and for people")
        key = self.asks("DataKeyArn", "The region's key for stored data: output of the keys stack")
        code = Code.plain(self)
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
        made = Made("Tracker", "tracker", "Keeps where migrations stand, and says how far they are", 30)
        variables = {"SUFFIX": ref("EnvironmentSuffix"), "TRACKER_TABLE": ref("TrackerTable")}
        how: dict[str, Json] = {"Handler": "landbridge.agents.tracker.handler", "Environment": {"Variables": variables}}
        function(self, code, made, statements, **how)
        self.tell("TrackerArn", att("TrackerFunction", "Arn"), "tracker", "The function to track a migration by")
        self.tell("TrackerTableName", ref("TrackerTable"), "tracker-table", "The table of where migrations stand")
