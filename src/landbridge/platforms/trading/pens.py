"""A region's own table of pens, fences and receipts: never replicated, because each side must be able to prove its own."""

from aws_cdk import App

from landbridge.platforms.constructs.tables import schema
from landbridge.platforms.trading.common import TradingStack
from landbridge.platforms.words import att, ref


class Pens(TradingStack):
    """Who may write in this region, and what it accepted."""

    def __init__(self, app: App) -> None:
        super().__init__(app, "pens", "this region's pens, fences and receipts")
        key = self.asks("DataKeyArn", "The region's key for stored data: output of the keys stack")
        properties = {
            "TableName": self.named("pens"),
            "AttributeDefinitions": [{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")],
            "KeySchema": schema({"pk": "S", "sk": "S"}),
            "BillingMode": "PAY_PER_REQUEST",
            "SSESpecification": {"SSEEnabled": True, "SSEType": "KMS", "KMSMasterKeyId": key},
            "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True},
        }
        self.make("PensTable", "AWS::DynamoDB::Table", properties)
        self.tell("PensTableName", ref("PensTable"), "pens", "The table of this region's pens, fences and receipts")
        self.tell("PensTableArn", att("PensTable", "Arn"), "pens-arn", "The pens table's ARN")
