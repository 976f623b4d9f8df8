"""A region's own table of pens, fences and receipts: never replicated, because each side must be able to prove its own."""

from aws_cdk import App
from aws_cdk import aws_dynamodb as dynamodb

from landbridge.platforms.trading.common import TradingStack


class Pens(TradingStack):
    """Who may write in this region, and what it accepted."""

    def __init__(self, app: App) -> None:
        super().__init__(app, "pens", "Trading analytics: this region's pens, fences and receipts")
        table = dynamodb.CfnTable(
            self,
            "PensTable",
            table_name=self.named("pens"),
            attribute_definitions=[_text("pk"), _text("sk")],
            key_schema=[_key("pk", "HASH"), _key("sk", "RANGE")],
            billing_mode="PAY_PER_REQUEST",
            sse_specification={"sseEnabled": True, "sseType": "KMS"},
            point_in_time_recovery_specification={"pointInTimeRecoveryEnabled": True},
        )
        self.tell("PensTableName", table.ref, "pens", "The table of this region's pens, fences and receipts")
        self.tell("PensTableArn", table.attr_arn, "pens-arn", "The pens table's ARN")


def _text(name: str) -> dynamodb.CfnTable.AttributeDefinitionProperty:
    return dynamodb.CfnTable.AttributeDefinitionProperty(attribute_name=name, attribute_type="S")


def _key(name: str, kind: str) -> dynamodb.CfnTable.KeySchemaProperty:
    return dynamodb.CfnTable.KeySchemaProperty(attribute_name=name, key_type=kind)
