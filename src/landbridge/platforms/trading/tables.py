"""The dashboard's state: a global table born with the one replica of its own region.

Further replicas are added through the API while it is under traffic, one an update; declared in two stacks it would
be created twice, and the second create fails.
"""

from aws_cdk import App, CfnTag
from aws_cdk import aws_dynamodb as dynamodb

from landbridge.platforms.trading.common import TradingStack

KMS = {"sseEnabled": True, "sseType": "KMS"}


class Tables(TradingStack):
    """The state table: keys user and view, stream of new and old images, restorable to any second."""

    def __init__(self, app: App) -> None:
        super().__init__(app, "tables", "Trading analytics: the global table of dashboard state, owned by one region")
        table = dynamodb.CfnGlobalTable(
            self,
            "StateTable",
            table_name=self.named("state"),
            attribute_definitions=[_text("user"), _text("view")],
            key_schema=[_key("user", "HASH"), _key("view", "RANGE")],
            billing_mode="PAY_PER_REQUEST",
            stream_specification={"streamViewType": "NEW_AND_OLD_IMAGES"},
            sse_specification=KMS,
            replicas=[self._replica()],
        )
        self.tell("StateTableName", table.ref, "state", "The table of dashboard state, of this name in every region")
        self.tell("StateTableArn", table.attr_arn, "state-arn", "The state table's ARN in this region")
        self.tell("StateStreamArn", table.attr_stream_arn, "state-stream", "The state table's stream in this region")

    def _replica(self) -> dynamodb.CfnGlobalTable.ReplicaSpecificationProperty:
        return dynamodb.CfnGlobalTable.ReplicaSpecificationProperty(
            region=self.region,
            point_in_time_recovery_specification={"pointInTimeRecoveryEnabled": True},
            tags=[CfnTag(key=key, value=value) for key, value in self.tag_values.items()],
        )


def _text(name: str) -> dynamodb.CfnGlobalTable.AttributeDefinitionProperty:
    return dynamodb.CfnGlobalTable.AttributeDefinitionProperty(attribute_name=name, attribute_type="S")


def _key(name: str, kind: str) -> dynamodb.CfnGlobalTable.KeySchemaProperty:
    return dynamodb.CfnGlobalTable.KeySchemaProperty(attribute_name=name, key_type=kind)
