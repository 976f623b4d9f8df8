"""The migration's journal: strongly consistent across regions, none of which is the one that leaves.

Such a table has no transactions and no time to live; the journal needs neither.
"""

from aws_cdk import App, CfnParameter, CfnTag
from aws_cdk import aws_dynamodb as dynamodb

from landbridge.platforms.trading.common import TradingStack

REGION_PATTERN = "[a-z]{2}(-[a-z]+)+-[0-9]"


class Journal(TradingStack):
    """One chain a platform and suffix: keys chain and number."""

    def __init__(self, app: App) -> None:
        super().__init__(app, "journal", "Trading analytics: the journal of migrations, strongly consistent across regions")
        replica = self._region("ReplicaRegion", "The journal's second region: where the platform goes", "eu-central-1")
        witness = self._region("WitnessRegion", "The region that breaks ties and keeps no data", "eu-west-3")
        kinds = dynamodb.CfnGlobalTable
        table = dynamodb.CfnGlobalTable(
            self,
            "JournalTable",
            table_name=self.named("journal"),
            attribute_definitions=[
                kinds.AttributeDefinitionProperty(attribute_name="chain", attribute_type="S"),
                kinds.AttributeDefinitionProperty(attribute_name="number", attribute_type="N"),
            ],
            key_schema=[
                kinds.KeySchemaProperty(attribute_name="chain", key_type="HASH"),
                kinds.KeySchemaProperty(attribute_name="number", key_type="RANGE"),
            ],
            billing_mode="PAY_PER_REQUEST",
            sse_specification={"sseEnabled": True, "sseType": "KMS"},
            multi_region_consistency="STRONG",
            replicas=[self._replica(self.region), self._replica(replica)],
            global_table_witnesses=[{"region": witness}],
        )
        self.tell("JournalTableName", table.ref, "journal", "The table of the migration's journal")
        self.tell("JournalTableArn", table.attr_arn, "journal-arn", "The journal table's ARN in this region")

    def _region(self, name: str, description: str, default: str) -> str:
        value: str = CfnParameter(
            self,
            name,
            description=description,
            default=default,
            allowed_pattern=REGION_PATTERN,
            constraint_description="the name of an AWS region, like eu-central-1",
        ).value_as_string
        return value

    def _replica(self, region: str) -> dynamodb.CfnGlobalTable.ReplicaSpecificationProperty:
        return dynamodb.CfnGlobalTable.ReplicaSpecificationProperty(
            region=region,
            point_in_time_recovery_specification={"pointInTimeRecoveryEnabled": True},
            tags=[CfnTag(key=key, value=value) for key, value in {**self.tag_values, "Region": region}.items()],
        )
