"""The market as a region holds it: the whole analytics table and all of its history, read past every function."""

import gzip
import json
from collections.abc import Iterator
from typing import Any

from landbridge.aws.clients import Clients, speaking
from landbridge.migrate.adapters.regional import plain
from landbridge.model.region import Region
from landbridge.model.state import is_reserved
from landbridge.model.trade import MICRO, Trade
from landbridge.rehearse.market.settle import Held

GZIPPED = ".json.gz"  # as the transform names what it puts


def holdings(clients: Clients, region: Region, table: str, bucket: str) -> Held:
    """Trades and signals; what is ours is left out."""
    rows: list[Trade] = []
    latest: list[Trade] = []
    signals: list[dict[str, Any]] = []
    with speaking(region, f"Scan {table}"):
        for page in clients.client("dynamodb", region).get_paginator("scan").paginate(TableName=table, ConsistentRead=True):
            for item in map(plain, page["Items"]):
                kind = str(item["pk"]).partition("#")[0]
                if kind == "signal":
                    signals.append(item)
                elif kind in {"tick", "latest"} and not is_reserved(item["feed"]):
                    (rows if kind == "tick" else latest).append(_trade(item, int(item["price"])))
    with speaking(region, f"GetObject {bucket}"):
        return Held(rows, latest, list(_history(clients.client("s3", region), bucket)), signals)


def _history(s3: Any, bucket: str) -> Iterator[Trade]:
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix="ticks/"):
        for listed in page.get("Contents", []):
            if not listed["Key"].endswith(GZIPPED):
                continue  # what was there before the market began
            body = s3.get_object(Bucket=bucket, Key=listed["Key"])["Body"].read()
            for line in map(json.loads, gzip.decompress(body).splitlines()):
                whole, _, part = line["price"].partition(".")
                yield _trade(line, int(whole) * MICRO + int(part))


def _trade(told: dict[str, Any], price: int) -> Trade:
    return Trade(told["feed"], told["symbol"], int(told["sequence"]), price, int(told["volume"]), int(told["at"]))
