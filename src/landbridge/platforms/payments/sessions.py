"""Sessions of users: a global table with a copy and a key in each region, declared once, in the region it was born in.

Eventual consistency takes further copies under traffic, and sessions expire by themselves. Strong consistency is fixed when
the table is new and has no copies yet, needs three regions of one set (or two and a witness that only votes), costs each
write a trip to another region, and knows neither expiry nor transactions: there the service forgets old sessions itself.
"""

from typing import Any

from aws_cdk import CfnCondition, Fn
from constructs import Construct

from landbridge.platforms.constructs.peering import REGION_PATTERN, REGION_TEXT
from landbridge.platforms.constructs.tables import replica, schema
from landbridge.platforms.payments.common import PaymentsStack
from landbridge.platforms.words import Json, att, only_if, ref

FURTHER = ("Second", "Third")
STRONG, WITNESSED = "IsStrong", "HasWitness"


class Sessions(PaymentsStack):
    """One item a session, found by its id."""

    def __init__(self, scope: Construct) -> None:
        super().__init__(scope, "sessions", "the global table of sessions, owned by one region")
        self._key = self.asks("DataKeyArn", "This region's key for stored data: output of the keys stack")
        further = [self._further(each) for each in FURTHER]
        self._ask()
        properties: dict[str, Any] = {
            "TableName": self.named("sessions"),
            "AttributeDefinitions": [{"AttributeName": "session", "AttributeType": "S"}],
            "KeySchema": schema({"session": "S"}),
            "BillingMode": "PAY_PER_REQUEST",
            "StreamSpecification": {"StreamViewType": "NEW_AND_OLD_IMAGES"},
            "SSESpecification": {"SSEEnabled": True, "SSEType": "KMS"},
            "TimeToLiveSpecification": only_if_not(STRONG, {"AttributeName": "expires", "Enabled": True}),
            "MultiRegionConsistency": only_if(STRONG, "STRONG"),
            "GlobalTableWitnesses": only_if(WITNESSED, [{"Region": ref("WitnessRegion")}]),
            "Replicas": [replica(ref("AWS::Region"), self._key), *further],
        }
        self.make("SessionsTable", "AWS::DynamoDB::GlobalTable", properties)
        self.tell("SessionsTableName", ref("SessionsTable"), "sessions", "The table of sessions, of this name in every region")
        self.tell("SessionsTableArn", att("SessionsTable", "Arn"), "sessions-arn", "The table's ARN in this region")

    def _further(self, name: str) -> Json:
        condition = f"Has{name}Region"
        how = {"allowed_pattern": f"({REGION_PATTERN})?", "constraint_description": REGION_TEXT}
        region = self.asks_or_nothing(f"{name}Region", "A further region that has a copy", condition, **how)
        text = f"The key of the {name.lower()} region: output of the keys stack there"
        key = self.asks(f"{name}DataKeyArn", text, default="")
        return only_if(condition, replica(region, key))

    def _ask(self) -> None:
        text = "'strong' only for a table that is made now with all its regions; it can't be changed later"
        self.asks("Consistency", text, default="eventual", allowed_values=["eventual", "strong"])
        asked = self.node.find_child("Consistency").value_as_string
        several = self.node.find_child("HasSecondRegion")
        CfnCondition(self, STRONG, expression=Fn.condition_and(Fn.condition_equals(asked, "strong"), several))
        how = {"allowed_pattern": f"({REGION_PATTERN})?", "constraint_description": REGION_TEXT}
        self.asks_or_nothing("WitnessRegion", "A region that votes and holds no copy, for strong sessions", WITNESSED, **how)


def only_if_not(condition: str, then: Json) -> Json:
    """Something, unless a condition holds."""
    return {"Fn::If": [condition, ref("AWS::NoValue"), then]}
