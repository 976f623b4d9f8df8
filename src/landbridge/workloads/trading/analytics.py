"""The analytics table: a row a trade, under a key made of its identity, and the newest trade of each symbol and feed.

Prices are whole micro-units. A row is put without a condition: whoever puts it again puts the same.
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from landbridge.model.errors import Unreachable
from landbridge.model.market import Tick
from landbridge.model.pen import Epoch
from landbridge.model.trade import Trade, trade
from landbridge.workloads.trading.market_keys import latest_part, row_key
from landbridge.workloads.trading.regional import Item, wire

AT_ONCE = 25  # items a BatchWriteItem takes
TRIES, PAUSE = 4, 0.05
HIGHER = "attribute_not_exists(#sequence) OR #sequence < :sequence"


class AnalyticsTable:
    """This region's copy of the table, written to; raises Unreachable when not all of it is known to have happened."""

    def __init__(self, dynamodb: Any, table: str, region: str, sleep: Callable[[float], None]) -> None:
        self._dynamodb, self._table, self._region, self._sleep = dynamodb, table, region, sleep
        self._threads = ThreadPoolExecutor(8)

    def put(self, ticks: Sequence[Tick], epoch: Epoch) -> None:
        """The rows, then 'latest': whoever sees a symbol's newest trade finds its row."""
        rows = list({tick.identity: _row(tick, epoch) for tick in ticks}.values())
        self._all(self._write, [rows[at : at + AT_ONCE] for at in range(0, len(rows), AT_ONCE)])
        newest: dict[tuple[str, str], Trade] = {}
        for each in (trade(tick) for tick in ticks if not tick.reserved):
            key = each.symbol, each.feed
            newest[key] = max(each, newest.get(key, each), key=lambda found: found.sequence)
        self._all(self._advance, [(each, epoch) for each in newest.values()])

    def _all(self, act: Callable[[Any], None], over: Sequence[Any]) -> None:
        try:
            list(self._threads.map(act, over))
        except (BotoCoreError, ClientError) as error:
            raise Unreachable(self._region, type(error).__name__) from error

    def _write(self, rows: Sequence[Item]) -> None:
        left: Mapping[str, Any] = {self._table: [{"PutRequest": {"Item": wire(row)}} for row in rows]}
        for number in range(TRIES):
            left = self._dynamodb.batch_write_item(RequestItems=left).get("UnprocessedItems") or {}
            if not left:
                return
            self._sleep(PAUSE * 2**number)
        raise Unreachable(self._region, "not every row was taken")

    def _advance(self, newest: tuple[Trade, Epoch]) -> None:
        found, epoch = newest
        item = {"pk": latest_part(found.symbol), "sk": f"{found.symbol}#{found.feed}", **_told(found, epoch)}
        try:
            self._dynamodb.put_item(
                TableName=self._table,
                Item=wire(item),
                ConditionExpression=HIGHER,
                ExpressionAttributeNames={"#sequence": "sequence"},
                ExpressionAttributeValues=wire({":sequence": found.sequence}),
            )
        except ClientError as refused:
            if refused.response.get("Error", {}).get("Code") != "ConditionalCheckFailedException":
                raise


def _row(tick: Tick, epoch: Epoch) -> dict[str, Any]:
    if tick.reserved:
        return {
            **row_key(tick),
            "feed": tick.feed,
            "symbol": tick.symbol,
            "sequence": tick.sequence,
            "epoch": epoch,
            "value": tick.value,
        }
    found = trade(tick)
    return {**row_key(tick), "Symbol": found.symbol, "Timestamp": found.at, **_told(found, epoch)}


def _told(found: Trade, epoch: Epoch) -> dict[str, Any]:
    return {
        "feed": found.feed,
        "symbol": found.symbol,
        "sequence": found.sequence,
        "price": found.price,
        "volume": found.volume,
        "turnover": found.price * found.volume,
        "at": found.at,
        "epoch": epoch,
    }
