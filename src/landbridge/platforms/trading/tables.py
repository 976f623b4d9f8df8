"""What the platform stores: dashboard state, analytics and commands, three global tables with one owner.

A region gives birth to them with the one copy of its own; the copy of a second region is added by API under traffic, and
the stack that owns them is then imported in the region that stays, with SecondRegion naming the other. Declared in two
stacks they would be created twice, and the second create fails. Emptying SecondRegion takes that region's copy away.
"""

from typing import Any

from aws_cdk import App

from landbridge.platforms.constructs.tables import replica, schema
from landbridge.platforms.trading.common import TradingStack
from landbridge.platforms.words import Json, att, only_if, ref

TWO = "InTwoRegions"


class Tables(TradingStack):
    """Each with a stream of both images, a key a copy, and restorable to any second in every region."""

    def __init__(self, app: App) -> None:
        super().__init__(app, "tables", "the global tables, owned by one region")
        self._key = self.asks("DataKeyArn", "This region's key for stored data: output of the keys stack")
        self._second = self.asks_or_nothing("SecondRegion", "The other region that has a copy", TWO)
        self._second_key = self.asks("SecondDataKeyArn", "That region's key: output of the keys stack there", default="")
        self._table("State", {"user": "S", "view": "S"}, {}, "dashboard state")
        self._table("Analytics", {"pk": "S", "sk": "S"}, {"symbol-timestamp": {"Symbol": "S", "Timestamp": "N"}}, "analytics")
        self._table("Commands", {"user": "S", "item": "S"}, {"heads": {"user": "S", "head": "N"}}, "commands and their heads")

    def _table(self, name: str, keys: dict[str, str], indexes: dict[str, dict[str, str]], what: str) -> None:
        kind = name.lower()
        attributes = {name: text for each in (keys, *indexes.values()) for name, text in each.items()}
        properties: dict[str, Any] = {
            "TableName": self.named(kind),
            "AttributeDefinitions": [{"AttributeName": n, "AttributeType": t} for n, t in attributes.items()],
            "KeySchema": schema(keys),
            "BillingMode": "PAY_PER_REQUEST",
            "StreamSpecification": {"StreamViewType": "NEW_AND_OLD_IMAGES"},
            "SSESpecification": {"SSEEnabled": True, "SSEType": "KMS"},
            "Replicas": [self._copy(ref("AWS::Region"), self._key), only_if(TWO, self._copy(self._second, self._second_key))],
        }
        if indexes:
            properties["GlobalSecondaryIndexes"] = [_index(name, keys) for name, keys in indexes.items()]
        self.make(f"{name}Table", "AWS::DynamoDB::GlobalTable", properties)
        self.tell(f"{name}TableName", ref(f"{name}Table"), kind, f"The table of {what}, of this name in every region")
        self.tell(f"{name}TableArn", att(f"{name}Table", "Arn"), f"{kind}-arn", "The table's ARN in this region")
        self.tell(f"{name}StreamArn", att(f"{name}Table", "StreamArn"), f"{kind}-stream", "The table's stream in this region")

    def _copy(self, region: Json, key: Json) -> Json:
        """A copy that its region's plan backs up."""
        made = replica(region, key)
        return {**made, "Tags": [*made["Tags"], self.backed_up]}


def _index(name: str, keys: dict[str, str]) -> Json:
    return {"IndexName": name, "KeySchema": schema(keys), "Projection": {"ProjectionType": "ALL"}}
