"""Pens and fences in each region's own table: one conditional update an item, master first."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from landbridge.aws.clients import Clients, said, speaking
from landbridge.model.errors import Overtaken, Unreachable
from landbridge.model.pen import Domain, Epoch, Pen, PenSet, PenState, pen_key
from landbridge.model.region import Region

AT_ONCE = 8
CONFLICTS = 8  # how often an update that met a write's transaction is tried again


@dataclass(frozen=True)
class PenTable:
    """The pens of every region, reached through that region's own table."""

    clients: Clients
    table: str
    fences: int
    clock: Callable[[], float]

    def read(self, region: Region, domain: Domain) -> PenSet:
        """Master and all fences in one strongly consistent query."""
        with speaking(region, f"Query {self.table}"):
            answer = self.clients.client("dynamodb", region).query(
                TableName=self.table,
                ConsistentRead=True,
                KeyConditionExpression="pk = :pk",
                ExpressionAttributeValues={":pk": {"S": pen_key(domain)["pk"]}},
            )
        found = {item["sk"]["S"]: _pen(item) for item in answer["Items"]}
        fences = tuple(found.get(pen_key(domain, number)["sk"]) for number in range(self.fences))
        return PenSet(found.get(pen_key(domain)["sk"]), fences)

    def master(self, region: Region, domain: Domain) -> Pen | None:
        """The master alone, for whoever only watches; None = there is none."""
        return self._item(region, domain, None)

    def close(self, region: Region, domain: Domain, turn: int) -> None:
        """Master first, then every fence; makes closed pens where there were none."""
        self._all(region, domain, {"state": PenState.CLOSED, "turn": turn})

    def open(self, region: Region, domain: Domain, epoch: Epoch, turn: int) -> None:
        """Master first (the pivot), then every fence."""
        self._all(region, domain, {"state": PenState.OPEN, "turn": turn, "epoch": epoch})

    def bar(self, region: Region, domain: Domain, turn: int) -> bool:
        """Closed to closed with a newer turn; False when the master is found open."""
        closed = " AND (attribute_not_exists(#state) OR #state = :closed)"
        master = self._act(region, domain, None, {"state": PenState.CLOSED, "turn": turn}, closed)
        if master.state is PenState.OPEN:
            return False
        self._fences(region, domain, {"state": PenState.CLOSED, "turn": turn})
        return True

    def _all(self, region: Region, domain: Domain, values: dict[str, Any]) -> None:
        standing = self._act(region, domain, None, values)
        if standing.turn > values["turn"] or standing.state != values["state"]:
            raise Overtaken(region, f"the {domain} pen", values["turn"], standing.turn)
        self._fences(region, domain, values)

    def _fences(self, region: Region, domain: Domain, values: dict[str, Any]) -> None:
        with ThreadPoolExecutor(AT_ONCE) as pool:
            standing = list(pool.map(lambda number: self._act(region, domain, number, values), range(self.fences)))
        newer = [pen for pen in standing if pen.turn > values["turn"]]
        if newer:
            raise Overtaken(region, f"a {domain} fence", values["turn"], newer[0].turn)

    def _act(self, region: Region, domain: Domain, fence: int | None, values: dict[str, Any], also: str = "") -> Pen:
        """One update on condition of a newer turn; gives the pen as it stands afterwards, ours or not."""
        since = repr(self.clock())
        for _ in range(CONFLICTS):
            with speaking(region, f"UpdateItem {self.table}"):
                try:
                    answer = self.clients.client("dynamodb", region).update_item(
                        TableName=self.table, Key=_typed(pen_key(domain, fence)), **_update(values, since, also)
                    )
                    return _pen(answer["Attributes"])
                except ClientError as error:
                    if said(error) == "ConditionalCheckFailedException":
                        return self._standing(region, domain, fence)
                    if said(error) != "TransactionConflictException":
                        raise
        raise Unreachable(region, f"the {domain} pen is busy with writes")

    def _standing(self, region: Region, domain: Domain, fence: int | None) -> Pen:
        return self._item(region, domain, fence) or Pen(PenState.CLOSED, Epoch(0), 0, 0.0)

    def _item(self, region: Region, domain: Domain, fence: int | None) -> Pen | None:
        with speaking(region, f"GetItem {self.table}"):
            answer = self.clients.client("dynamodb", region).get_item(
                TableName=self.table, Key=_typed(pen_key(domain, fence)), ConsistentRead=True
            )
        return _pen(answer["Item"]) if "Item" in answer else None


def _update(values: dict[str, Any], since: str, also: str) -> dict[str, Any]:
    epoch = "#epoch = :epoch" if "epoch" in values else "#epoch = if_not_exists(#epoch, :zero)"
    typed: dict[str, Any] = {
        ":state": {"S": str(values["state"])},
        ":turn": {"N": str(values["turn"])},
        ":since": {"S": since},
    }
    if "epoch" in values:
        typed[":epoch"] = {"N": str(values["epoch"])}
    else:
        typed[":zero"] = {"N": "0"}
    if also:
        typed[":closed"] = {"S": str(PenState.CLOSED)}
    newer = "(attribute_not_exists(#turn) OR #turn < :turn)"
    return {
        "UpdateExpression": f"SET #state = :state, #turn = :turn, #since = :since, {epoch}",
        "ConditionExpression": newer + also,
        "ExpressionAttributeNames": {"#state": "state", "#turn": "turn", "#since": "since", "#epoch": "epoch"},
        "ExpressionAttributeValues": typed,
        "ReturnValues": "ALL_NEW",
    }


def _typed(key: dict[str, str]) -> dict[str, dict[str, str]]:
    return {name: {"S": value} for name, value in key.items()}


def _pen(item: dict[str, dict[str, str]]) -> Pen:
    return Pen.of({name: next(iter(value.values())) for name, value in item.items()})
