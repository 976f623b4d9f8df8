"""The source's own tables as deployed, shared by the tests that write to them; each test finds them empty."""

from dataclasses import dataclass
from typing import Any

from boto3.dynamodb.types import TypeSerializer
from tests.contract.platform.emulators import SOURCE

from landbridge.aws.clients import Clients
from landbridge.model.pen import Pen

SUFFIX = "tables"
PENS, STATE, COMMANDS, ANALYTICS = (f"trading-analytics-{kind}-{SUFFIX}" for kind in ("pens", "state", "commands", "analytics"))
KEYS = {PENS: ("pk", "sk"), STATE: ("user", "view"), COMMANDS: ("user", "item"), ANALYTICS: ("pk", "sk")}


@dataclass(frozen=True)
class Tables:
    """The way to them that asks nobody."""

    clients: Clients

    @property
    def dynamodb(self) -> Any:
        """The source's."""
        return self.clients.client("dynamodb", SOURCE)

    def items(self, table: str) -> list[dict[str, Any]]:
        """All there are."""
        items: list[dict[str, Any]] = self.dynamodb.scan(TableName=table)["Items"]
        return items

    def empty(self) -> None:
        """Nothing is left in any of them."""
        for table, keys in KEYS.items():
            for item in self.items(table):
                self.dynamodb.delete_item(TableName=table, Key={key: item[key] for key in keys})

    def put(self, table: str, item: dict[str, Any]) -> None:
        """One item, whatever was there."""
        wire = {name: TypeSerializer().serialize(value) for name, value in item.items()}
        self.dynamodb.put_item(TableName=table, Item=wire)

    def pen(self, key: dict[str, str], pen: Pen) -> None:
        """A pen, or one of its fences."""
        self.put(PENS, {**key, **pen.item()})
