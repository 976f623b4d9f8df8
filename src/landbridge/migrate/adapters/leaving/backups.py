"""A table's backup, restored on trial beside the table it is of, compared with it, and cleared away.

Each call does one act, whose outcome the next look reads off AWS or off what was kept: so an engine may die anywhere
between. The cost: a sample is compared and not all, because an act must be over before its engine's lease is.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from landbridge.aws.clients import Clients, said, speaking
from landbridge.migrate.adapters.leaving.bucket import Kept
from landbridge.migrate.adapters.regional import Items, plain
from landbridge.migrate.steps.restore_backup import Trial
from landbridge.model.region import Region

COMPARED_AT_MOST = 5_000
GOES = "DELETING"


@dataclass(frozen=True)
class TableBackup:
    """Of one table in the region that stays, whose items are never deleted; `trials` is how tables on trial are called."""

    clients: Clients
    region: Region
    table: str
    names: tuple[str, str]  # of its keys
    trials: tuple[str, str]  # what stands before and after the turn
    kept: Kept

    def copied(self) -> float | None:
        """By whoever made it: the backup plan, or an operator."""
        newest = self._newest()
        return None if newest is None else newest["BackupCreationDateTime"].timestamp()

    def trial(self) -> Trial | None:
        """What was kept of the newest one; None too where a restore that is over waits to be compared or cleared away."""
        tables = self._on_trial()
        if any(status != "ACTIVE" for status in tables.values()):
            return Trial(max(tables), over=False)
        found = self.kept.newest()
        if tables or found is None:
            return None
        turn, body = found
        told = json.loads(body)
        return Trial(turn, over=True, compared=told["compared"], failure=told["failure"])

    def restore(self, turn: int) -> None:
        """Begins one, or compares one that is restored, or clears it away once the outcome is kept."""
        tables, newest = self._on_trial(), self._newest()
        ready = [each for each, status in tables.items() if status == "ACTIVE"]
        if not tables and newest is not None:
            self._begin(newest["BackupArn"], turn)
        elif ready and (self.kept.newest() or (0, b""))[0] < ready[0]:
            self.kept.keep(turn, self._compared(self._called(ready[0])))
        elif ready:
            self._call("DeleteTable", "delete_table", TableName=self._called(ready[0]))

    def _begin(self, backup: str, turn: int) -> None:
        self._call("RestoreTableFromBackup", "restore_table_from_backup", TargetTableName=self._called(turn), BackupArn=backup)

    def _compared(self, restored: str) -> bytes:
        """Each key that was restored must be in the table, which has only grown since."""
        first, second = self.names
        keys = [(item[first], item[second]) for item in self._items(restored)]
        have = {(item[first], item[second]) for item in Items(self.clients, self.table, self.names).of(self.region, keys)}
        missing = [key for key in keys if key not in have]
        failure = "" if keys else f"{restored} is empty"
        failure = f"{len(missing)} of {len(keys)} keys are not in {self.table}" if missing else failure
        return json.dumps({"compared": len(keys), "failure": failure}).encode()

    def _items(self, table: str) -> Iterator[Mapping[str, Any]]:
        """So many at most."""
        told: dict[str, Any] = {}
        left = COMPARED_AT_MOST
        while left > 0:
            told = self._call("Scan", "scan", TableName=table, Limit=left, **_after(told))
            yield from map(plain, told["Items"])
            left -= len(told["Items"])
            if "LastEvaluatedKey" not in told:
                return

    def _on_trial(self) -> dict[int, str]:
        """By turn, in which state."""
        before, after = self.trials
        with speaking(self.region, "ListTables"):
            pages = self.clients.client("dynamodb", self.region).get_paginator("list_tables").paginate()
            names = [name for page in pages for name in page["TableNames"] if name.startswith(before) and name.endswith(after)]
        turns = {int(name.removeprefix(before).removesuffix(after)): name for name in names}
        return {turn: self._status(name) for turn, name in sorted(turns.items())}

    def _status(self, table: str) -> str:
        try:
            described = self.clients.client("dynamodb", self.region).describe_table(TableName=table)
        except ClientError as error:
            if said(error) != "ResourceNotFoundException":
                raise
            return GOES
        return str(described["Table"]["TableStatus"])

    def _newest(self) -> Mapping[str, Any] | None:
        told = self._call("ListBackups", "list_backups", TableName=self.table, BackupType="ALL")
        whole = [each for each in told["BackupSummaries"] if each["BackupStatus"] == "AVAILABLE"]
        return max(whole, key=lambda each: each["BackupCreationDateTime"], default=None)

    def _called(self, turn: int) -> str:
        return f"{self.trials[0]}{turn}{self.trials[1]}"

    def _call(self, what: str, operation: str, **given: Any) -> dict[str, Any]:
        with speaking(self.region, f"{what} {self.table}"):
            answer: dict[str, Any] = getattr(self.clients.client("dynamodb", self.region), operation)(**given)
        return answer


def _after(told: Mapping[str, Any]) -> dict[str, Any]:
    return {"ExclusiveStartKey": told["LastEvaluatedKey"]} if "LastEvaluatedKey" in told else {}
