"""The history of trades: compressed lines by day and hour of the trade itself, named by where they were read.

The same batch given again makes the same objects; a batch cut differently makes others, and analysts read a view that
has each identity once. The daily pipeline writes that view down in columns.
"""

import gzip
import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from landbridge.model.errors import Unreachable
from landbridge.model.market import Tick
from landbridge.model.pen import Epoch
from landbridge.model.trade import MICRO, trade


class History:
    """The region's bucket of history."""

    def __init__(self, s3: Any, bucket: str, region: str) -> None:
        self._s3, self._bucket, self._region = s3, bucket, region

    def put(self, ticks: Sequence[tuple[str, Tick]], epoch: Epoch, read_from: str) -> None:
        """One object an hour; `read_from` says which stream and shard. May raise Unreachable."""
        hours: dict[str, list[tuple[str, Tick]]] = {}
        for position, tick in ticks:
            if not tick.reserved:
                hours.setdefault(_hour(tick), []).append((position, tick))
        for hour, found in sorted(hours.items()):
            body = lines([tick for _, tick in found], epoch)
            digest = hashlib.sha256(body).hexdigest()[:12]  # one record may bring several groups: its position is not enough
            self._put(f"ticks/{hour}/{self._region}-{read_from}-{found[0][0]}-{digest}.json.gz", body)

    def _put(self, key: str, body: bytes) -> None:
        try:
            self._s3.put_object(Bucket=self._bucket, Key=key, Body=body, ContentType="application/gzip")
        except (BotoCoreError, ClientError) as error:
            raise Unreachable(self._region, type(error).__name__) from error


def lines(ticks: Sequence[Tick], epoch: Epoch) -> bytes:
    """A line a trade; the same bytes for the same trades."""
    return gzip.compress("".join(f"{_line(tick, epoch)}\n" for tick in ticks).encode(), compresslevel=6, mtime=0)


def _line(tick: Tick, epoch: Epoch) -> str:
    found = trade(tick)
    whole, part = divmod(found.price, MICRO)
    told = {"feed": found.feed, "symbol": found.symbol, "sequence": found.sequence, "price": f"{whole}.{part:06d}"}
    return json.dumps({**told, "volume": found.volume, "at": found.at, "epoch": epoch}, separators=(",", ":"))


def _hour(tick: Tick) -> str:
    return datetime.fromtimestamp(trade(tick).at / 1000, UTC).strftime("day=%Y-%m-%d/hour=%H")
