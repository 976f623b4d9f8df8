"""The migration's journal: strongly consistent across regions, none of which is the one that leaves.

Such a table has no transactions and no time to live; the journal needs neither.
"""

from aws_cdk import App

from landbridge.platforms.constructs.peering import REGION_PATTERN
from landbridge.platforms.constructs.tables import replica, schema
from landbridge.platforms.trading.common import TradingStack
from landbridge.platforms.words import Json, att, ref


class Journal(TradingStack):
    """One chain a platform and suffix: keys chain and number."""

    def __init__(self, app: App) -> None:
        super().__init__(app, "journal", "the journal of migrations, strongly consistent across regions")
        second = self._region("ReplicaRegion", "The journal's second region: where the platform goes", "eu-central-1")
        witness = self._region("WitnessRegion", "The region that breaks ties and keeps no data", "eu-west-3")
        keys = {"chain": "S", "number": "N"}
        properties = {
            "TableName": self.named("journal"),
            "AttributeDefinitions": [{"AttributeName": n, "AttributeType": t} for n, t in keys.items()],
            "KeySchema": schema(keys),
            "BillingMode": "PAY_PER_REQUEST",
            "SSESpecification": {"SSEEnabled": True, "SSEType": "KMS"},
            "MultiRegionConsistency": "STRONG",
            "Replicas": [replica(ref("AWS::Region")), replica(second)],
            "GlobalTableWitnesses": [{"Region": witness}],
        }
        self.make("JournalTable", "AWS::DynamoDB::GlobalTable", properties)
        self.tell("JournalTableName", ref("JournalTable"), "journal", "The table of the migration's journal")
        self.tell("JournalTableArn", att("JournalTable", "Arn"), "journal-arn", "The journal table's ARN in this region")

    def _region(self, name: str, description: str, default: str) -> Json:
        return self.asks(
            name,
            description,
            default=default,
            allowed_pattern=REGION_PATTERN,
            constraint_description="the name of an AWS region, like eu-central-1",
        )
