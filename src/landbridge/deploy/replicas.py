"""Global tables before a region is taken down: its replica is dropped from a side that stays, never together with the others.

Deleting the stack that owns a global table deletes every replica. So before a stack goes, the table is left with the
replicas that are to stay, and the stack finds nothing; where none stays, its own replica is the last.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from landbridge.aws.clients import Clients, said, speaking
from landbridge.model.errors import Refused
from landbridge.model.region import Region

LOOKS, PAUSE = 600, 1.0


@dataclass(frozen=True)
class Replicas:
    """The global tables of one environment, in the regions it has."""

    clients: Clients
    regions: Sequence[Region]
    named: Callable[[str], bool]
    sleep: Callable[[float], None]
    tell: Callable[[Region, str], None]

    def detach(self, going: frozenset[Region], owners: Mapping[str, Region]) -> None:
        """Drops the replicas in the regions that go, and those of stacks that go and own the table.

        Of a table that stays nowhere its owner's replica is kept: the stack deletes it.
        """
        for name, regions in sorted(self._tables(going | frozenset(owners.values())).items()):
            owner = {owners[name]} if name in owners else set()
            leaving = regions & (going | owner)
            staying = sorted(regions - leaving) or sorted(owner)
            for region in sorted(leaving):
                if staying and region != staying[0]:
                    self._drop(name, staying[0], region)

    def _tables(self, regions: frozenset[Region]) -> dict[str, frozenset[Region]]:
        """Each table of these regions with all it has replicas in; a table of one region is nobody's business."""
        found: dict[str, frozenset[Region]] = {}
        for region in sorted(regions):
            for name in self._names(region):
                table = self._described(name, region)
                if table and table.get("MultiRegionConsistency") != "STRONG":  # its replicas can't be dropped one by one
                    others = (Region(each["RegionName"]) for each in table.get("Replicas", ()))
                    found[name] = found.get(name, frozenset()) | {region, *others}
        return {name: replicas for name, replicas in found.items() if len(replicas) > 1}

    def _drop(self, name: str, side: Region, region: Region) -> None:
        self.tell(region, f"{name}: its replica is dropped, {side} keeps the table")
        with speaking(side, f"UpdateTable {name}"):
            try:
                update = [{"Delete": {"RegionName": region}}]
                self.clients.client("dynamodb", side).update_table(TableName=name, ReplicaUpdates=update)
            except ClientError as error:
                if said(error) != "ResourceInUseException":  # it is being dropped already
                    raise
        for _ in range(LOOKS):
            if region not in self._listed(name, side) and self._described(name, region) is None:
                return
            self.sleep(PAUSE)
        raise Refused(region, f"dropping the replica of {name}", "it is still there after ten minutes; try again")

    def _listed(self, name: str, side: Region) -> list[str]:
        table = self._described(name, side) or {}
        return [each["RegionName"] for each in table.get("Replicas", ())]

    def _names(self, region: Region) -> Iterator[str]:
        with speaking(region, "ListTables"):
            for page in self.clients.client("dynamodb", region).get_paginator("list_tables").paginate():
                yield from filter(self.named, page["TableNames"])

    def _described(self, name: str, region: Region) -> Mapping[str, Any] | None:
        with speaking(region, f"DescribeTable {name}"):
            try:
                table: Mapping[str, Any] = self.clients.client("dynamodb", region).describe_table(TableName=name)["Table"]
            except ClientError as error:
                if said(error) == "ResourceNotFoundException":
                    return None
                raise
        return table
