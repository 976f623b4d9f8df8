"""A DynamoDB table's copy: one replica of a global table, added by API to the table that exists.

Global tables between us-east-1 and Europe are eventually consistent (MREC): the last writer wins, item by item.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from botocore.exceptions import ClientError

from landbridge.aws.clients import Clients, said, speaking
from landbridge.model.measure import Lag, Position, Survey
from landbridge.model.region import Pair, Region
from landbridge.model.state import RESERVED

HEARTBEAT = "replication"
IMAGES = "NEW_AND_OLD_IMAGES"


@dataclass(frozen=True)
class GlobalTableReplicator:
    """The copy of one table, whose keys have these names; `key` says by which key of the target it is encrypted."""

    clients: Clients
    table: str
    names: tuple[str, ...]
    regions: Pair[Region]
    clock: Callable[[], float]
    key: Callable[[], str]

    def copied(self) -> bool:
        """Whether the source names the target among its replicas, or the target still has the table."""
        return self._replica() is not None or self._described(self.regions.target) is not None

    def begun(self) -> bool:
        """One update begins all of it."""
        return self.copied()

    def stranger(self) -> bool:
        """Whether the target has a table of this name that is no copy of the source's."""
        return self._replica() is None and self._described(self.regions.target) is not None

    def survey(self) -> Survey:
        """What the source's table holds, and what is in the way of a replica: its stream, or a smaller quota there."""
        table = self._described(self.regions.source)
        if table is None:
            return Survey()
        told = []
        if (view := table.get("StreamSpecification", {}).get("StreamViewType", "nothing")) != IMAGES:
            has = f"table {self.table} in {self.regions.source} has a stream of {view}"
            told.append(f"{has}, and a replica needs one of {IMAGES}; give it that")
        here, there = self.regions.map(self._most_written)
        if there < here:
            less = f"{self.regions.target} lets a table take {there} write units a second, {self.regions.source} {here}"
            told.append(f"{less}; ask AWS for a higher quota there")
        held = {"items": table.get("ItemCount", 0), "bytes": table.get("TableSizeBytes", 0)}
        return Survey(tuple(told), (), {f"{self.table}, {name}": number for name, number in held.items()})

    def start(self) -> None:
        """Adds the replica; one change an update, so an update under way is waited for by the next look."""
        if self._replica() is None:
            self._update({"Create": {"RegionName": self.regions.target, "KMSMasterKeyId": self.key()}})

    def stop(self) -> None:
        """Removes the replica and everything in it."""
        if self._replica() is not None:
            self._update({"Delete": {"RegionName": self.regions.target}})

    def beat(self) -> None:
        """Writes the time at the source under a reserved key."""
        item = {**self._heart(), "value": {"S": repr(self.clock())}}
        with speaking(self.regions.source, f"PutItem {self.table}"):
            self.clients.client("dynamodb", self.regions.source).put_item(TableName=self.table, Item=item)

    def lag(self) -> Lag | None:
        """The age of the newest heartbeat at the target; None while the replica is being made."""
        described = self._described(self.regions.target)
        if self._replica() != "ACTIVE" or described is None or described["TableStatus"] != "ACTIVE":
            return None
        with speaking(self.regions.target, f"GetItem {self.table}"):
            answer = self.clients.client("dynamodb", self.regions.target).get_item(
                TableName=self.table, Key=self._heart(), ConsistentRead=True
            )
        if "Item" not in answer:
            return None
        return timedelta(seconds=max(0.0, self.clock() - float(answer["Item"]["value"]["S"])))

    def position(self) -> Position:
        """The replica's status; a global table tells no finer position."""
        return Position(f"replica {self._replica() or 'absent'}")

    def _most_written(self, region: Region) -> int:
        with speaking(region, "DescribeLimits"):
            return int(self.clients.client("dynamodb", region).describe_limits()["TableMaxWriteCapacityUnits"])

    def _heart(self) -> dict[str, dict[str, str]]:
        values = f"{RESERVED}heartbeat-{self.regions.source}", HEARTBEAT
        return {name: {"S": value} for name, value in zip(self.names, values, strict=False)}

    def _replica(self) -> str | None:
        described = self._described(self.regions.source)
        replicas = described.get("Replicas", []) if described else []
        named = [replica for replica in replicas if replica["RegionName"] == self.regions.target]
        return str(named[0].get("ReplicaStatus", "ACTIVE")) if named else None

    def _described(self, region: Region) -> dict[str, Any] | None:
        with speaking(region, f"DescribeTable {self.table}"):
            try:
                answer = self.clients.client("dynamodb", region).describe_table(TableName=self.table)
            except ClientError as error:
                if said(error) == "ResourceNotFoundException":
                    return None
                raise
        table: dict[str, Any] = answer["Table"]
        return table

    def _update(self, change: dict[str, Any]) -> None:
        with speaking(self.regions.source, f"UpdateTable {self.table}"):
            self.clients.client("dynamodb", self.regions.source).update_table(TableName=self.table, ReplicaUpdates=[change])
