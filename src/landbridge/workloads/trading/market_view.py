"""The analytics table as dashboards read it: the newest trades, a symbol's trades by time, and its signals."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from landbridge.model.errors import Unreachable
from landbridge.model.trade import MICRO
from landbridge.workloads.trading.market_keys import LATEST_PARTS, latest_parts
from landbridge.workloads.trading.regional import Item, plain, wire
from landbridge.workloads.trading.signals.rows import DIGITS, partition, standing
from landbridge.workloads.trading.signals.signal import Signal


class MarketView:
    """This region's copy, eventually consistent; each method raises Unreachable when it could not be read."""

    def __init__(self, dynamodb: Any, table: str, region: str) -> None:
        self._dynamodb, self._table, self._region = dynamodb, table, region
        self._threads = ThreadPoolExecutor(LATEST_PARTS)

    def latest(self, begins: str) -> list[dict[str, Any]]:
        """The newest trade of each symbol that begins so, by symbol and feed."""
        parts = self._asked(lambda: self._threads.map(lambda part: self._part(part, begins), latest_parts()))
        return sorted((item for items in parts for item in items), key=lambda item: (item["symbol"], item["feed"]))

    def series(self, symbol: str, since: int, until: int, most: int) -> list[dict[str, Any]]:
        """A symbol's newest trades between two moments, in order of time."""
        condition = "#symbol = :symbol AND #at BETWEEN :since AND :until"
        names = {"ExpressionAttributeNames": {"#symbol": "Symbol", "#at": "Timestamp"}}
        values = {":symbol": symbol, ":since": since, ":until": until}
        return [_shown(item) for item in self._newest(condition, values, most, IndexName="symbol-timestamp", **names)]

    def signals(self, symbol: str, since: int, until: int, most: int) -> list[Signal]:
        """A symbol's newest signals between two moments; around a move of the pen a window may lie there twice."""
        values = {":part": partition(symbol), ":since": f"{since:0{DIGITS}}", ":until": f"{until:0{DIGITS}}~"}
        rows = self._newest("pk = :part AND sk BETWEEN :since AND :until", values, most * 2)
        return standing(rows)[-most:]

    def _newest(self, condition: str, values: Mapping[str, Any], most: int, **how: Any) -> list[dict[str, Any]]:
        asked = {"KeyConditionExpression": condition, "ExpressionAttributeValues": wire(values), "Limit": most, **how}
        answer = self._asked(lambda: [self._dynamodb.query(TableName=self._table, ScanIndexForward=False, **asked)])[0]
        return [plain(item) for item in reversed(answer["Items"])]

    def _part(self, part: str, begins: str) -> list[dict[str, Any]]:
        values = {":part": part, **({":begins": begins} if begins else {})}
        pages = self._dynamodb.get_paginator("query").paginate(
            TableName=self._table,
            KeyConditionExpression="pk = :part AND begins_with(sk, :begins)" if begins else "pk = :part",
            ExpressionAttributeValues=wire(values),
        )
        return [_shown(item) for page in pages for item in map(plain, page["Items"])]

    def _asked(self, ask: Callable[[], Any]) -> Sequence[Any]:
        try:
            return list(ask())
        except (BotoCoreError, ClientError) as error:
            raise Unreachable(self._region, type(error).__name__) from error


def _shown(item: Item) -> dict[str, Any]:
    """As a dashboard is told of it: the price in decimals again."""
    whole, part = divmod(int(item["price"]), MICRO)
    numbers = {name: int(item[name]) for name in ("sequence", "volume", "at", "epoch")}
    return {"feed": item["feed"], "symbol": item["symbol"], "price": f"{whole}.{part:06d}".rstrip("0").rstrip("."), **numbers}
