"""A migration's journal: a table that is strongly consistent across regions, whichever one of its three is out.

Such a table has no transactions and no time to live; the journal needs neither. CloudFormation makes it with all of them at once.
"""

from landbridge.platforms.constructs.peering import REGION_PATTERN
from landbridge.platforms.constructs.stack import PlatformStack
from landbridge.platforms.constructs.tables import replica, schema
from landbridge.platforms.words import Json, att, ref


def journal(stack: PlatformStack, second: str, witness: str) -> None:
    """One chain a platform and suffix: keys chain and number. By default with these two regions besides its own."""
    copy = _region(stack, "ReplicaRegion", "The journal's second region: where the platform goes", second)
    votes = _region(stack, "WitnessRegion", "The region that breaks ties and keeps no data", witness)
    keys = {"chain": "S", "number": "N"}
    properties = {
        "TableName": stack.named("journal"),
        "AttributeDefinitions": [{"AttributeName": n, "AttributeType": t} for n, t in keys.items()],
        "KeySchema": schema(keys),
        "BillingMode": "PAY_PER_REQUEST",
        "SSESpecification": {"SSEEnabled": True, "SSEType": "KMS"},
        "MultiRegionConsistency": "STRONG",
        "Replicas": [replica(ref("AWS::Region")), replica(copy)],
        "GlobalTableWitnesses": [{"Region": votes}],
    }
    stack.make("JournalTable", "AWS::DynamoDB::GlobalTable", properties)
    stack.tell("JournalTableName", ref("JournalTable"), "journal", "The table of the migration's journal")
    stack.tell("JournalTableArn", att("JournalTable", "Arn"), "journal-arn", "The journal table's ARN in this region")


def _region(stack: PlatformStack, name: str, description: str, default: str) -> Json:
    text = "the name of an AWS region, like eu-central-1"
    return stack.asks(name, description, default=default, allowed_pattern=REGION_PATTERN, constraint_description=text)
