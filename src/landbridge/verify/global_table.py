"""Two copies of a DynamoDB table, compared key by key and value by value under live writes."""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from landbridge.aws.clients import Clients, speaking
from landbridge.model.measure import Difference, Kind, Side
from landbridge.model.region import Pair, Region
from landbridge.model.state import is_reserved
from landbridge.verify.port import Result

Key = tuple[str, str]
SETS = frozenset({"SS", "NS", "BS"})
ROUNDS = 3  # how often what differs is looked at again before it counts


def canonical(item: dict[str, Any]) -> str:
    """The same text for the same item: attribute order and the order inside sets carry no meaning."""
    return json.dumps(_ordered(item), sort_keys=True, separators=(",", ":"))


def _ordered(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: sorted(_ordered(v)) if k in SETS and isinstance(v, list) else _ordered(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_ordered(each) for each in value]
    return value if not isinstance(value, bytes) else value.hex()


@dataclass
class GlobalTableVerifier:
    """Compares the state table of both regions; items of reserved users are left out."""

    clients: Clients
    table: str
    regions: Pair[Region]
    segments: int
    settle_seconds: float
    clock: Callable[[], float]
    sleep: Callable[[float], None]
    _newest: Result | None = field(default=None, init=False)

    def newest(self) -> Result | None:
        """The newest whole comparison of this process."""
        return self._newest

    def compare(self) -> Result:
        """Reads both sides at once; what differs is read again, consistently, until it agrees or has outlived the lag."""
        began = self.clock()
        with ThreadPoolExecutor(2) as pool:
            source, target = pool.map(self._read, self.regions)
        keys = source.keys() | target.keys()
        suspects = {key: Pair(source.get(key), target.get(key)) for key in keys if source.get(key) != target.get(key)}
        found: dict[Key, Difference] = {}
        for _ in range(ROUNDS):
            if not suspects:
                break
            self.sleep(self.settle_seconds / ROUNDS)
            looks = {key: self._look(key) for key in sorted(suspects)}
            suspects = {key: suspects[key] for key, now in looks.items() if now.source != now.target}
            found = {key: self._difference(key, looks[key]) for key in suspects if not _moves(suspects[key], looks[key])}
        self._newest = Result(began, self.clock() - began, len(keys), tuple(sorted(found.values())))
        return self._newest

    def _look(self, key: Key) -> Pair[str | None]:
        return self.regions.map(lambda region: self._get(region, key))

    def _difference(self, key: Key, now: Pair[str | None]) -> Difference:
        source, target = now
        side = Side.SOURCE if source is None else Side.TARGET
        kind = Kind.MISSING if source is None or target is None else Kind.CHANGED
        return Difference(self.table, _named(key), side, kind)

    def _read(self, region: Region) -> dict[Key, str]:
        with ThreadPoolExecutor(self.segments) as pool:
            parts = pool.map(lambda segment: dict(self._scan(region, segment)), range(self.segments))
            return {key: text for part in parts for key, text in part.items()}

    def _scan(self, region: Region, segment: int) -> Iterator[tuple[Key, str]]:
        pages = self.clients.client("dynamodb", region).get_paginator("scan")
        with speaking(region, f"Scan {self.table}"):
            for page in pages.paginate(TableName=self.table, Segment=segment, TotalSegments=self.segments, ConsistentRead=True):
                for item in page["Items"]:
                    key = (item["user"]["S"], item["view"]["S"])
                    if not is_reserved(key[0]):
                        yield key, canonical(item)

    def _get(self, region: Region, key: Key) -> str | None:
        names = {"user": {"S": key[0]}, "view": {"S": key[1]}}
        with speaking(region, f"GetItem {self.table}"):
            answer = self.clients.client("dynamodb", region).get_item(TableName=self.table, Key=names, ConsistentRead=True)
        return canonical(answer["Item"]) if "Item" in answer else None


def _moves(then: Pair[str | None], now: Pair[str | None]) -> bool:
    """Written at one side and arriving at the other all the while: behind, but not apart."""
    return then.source != now.source and then.target != now.target


def _named(key: Key) -> str:
    return "/".join(key)
