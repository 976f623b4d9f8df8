"""Tables of a test's own, with the keys of the product's, and items put into them past the product."""

from dataclasses import dataclass
from typing import Any

from landbridge.aws.clients import Clients
from landbridge.migrate.adapters.state_copies import typed
from landbridge.model.region import Region
from landbridge.model.state import StateItem, receipt

KEYS = {
    "commands": (("user", "S"), ("item", "S")),
    "state": (("user", "S"), ("view", "S")),
    "pens": (("pk", "S"), ("sk", "S")),
    "journal": (("chain", "S"), ("number", "N")),
}


@dataclass(frozen=True)
class Tables:
    """One test's tables, by kind."""

    clients: Clients
    suffix: str

    def name(self, kind: str) -> str:
        """What the table of a kind is called."""
        return f"{kind}-{self.suffix}"

    def make(self, kind: str, *regions: Region) -> str:
        """The name of a table made in each of these regions."""
        pairs = list(zip(KEYS[kind], ("HASH", "RANGE"), strict=True))
        for region in regions:
            self._client(region).create_table(
                TableName=self.name(kind),
                BillingMode="PAY_PER_REQUEST",
                AttributeDefinitions=[{"AttributeName": name, "AttributeType": letter} for (name, letter), _ in pairs],
                KeySchema=[{"AttributeName": name, "KeyType": role} for (name, _), role in pairs],
                StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
            )
        return self.name(kind)

    def put(self, kind: str, region: Region, item: dict[str, Any]) -> None:
        """An item in DynamoDB's own notation."""
        self._client(region).put_item(TableName=self.name(kind), Item=item)

    def accept(self, region: Region, item: StateItem, bucket: int, at: float) -> None:
        """What a write function leaves: the item and its receipt."""
        kept = receipt(item, bucket, at)
        self.put("state", region, typed(item))
        self.put("pens", region, {**typed(item), **{name: {"S": kept[name]} for name in ("pk", "sk", "digest")}})

    def _client(self, region: Region) -> Any:
        return self.clients.client("dynamodb", region)
