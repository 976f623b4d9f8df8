"""From what Lambda hands over of a stream to batches of entries with their positions; what is no entry is told as spoilt.

A live record is one entry. A mirror record is a pack of them, all of one shard of the other side: they share its
position, and a batch of a mirror's shard may hold several origins.
"""

import base64
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from landbridge.model.errors import BadInput
from landbridge.model.market import Entry, Stream, Tick, entry
from landbridge.model.mirror import unpack
from landbridge.model.trade import trade
from landbridge.workloads.trading.market import Batch, Spoilt

Record = Mapping[str, Any]
Origin = tuple[str, str]  # a live stream's region and shard


def batches(records: Sequence[Record], stream: Stream, region: str) -> list[Batch]:
    """One batch an origin, in the order in which they first come."""
    found: dict[Origin, list[tuple[str, Entry | Spoilt]]] = {}
    for record in records:
        for origin, position, each in _entries(record, stream, region):
            found.setdefault(origin, []).append((position, each))
    return [Batch(stream, origin, shard, entries) for (origin, shard), entries in found.items()]


def shard_of(record: Record) -> str:
    """The shard a record was read from."""
    return str(record["eventID"]).partition(":")[0]


def position_of(record: Record) -> str:
    """Its sequence number there."""
    return str(record["kinesis"]["sequenceNumber"])


def first(positions: Sequence[str]) -> str | None:
    """The earliest of some positions of one shard; None = there are none."""
    return min(positions, key=int, default=None)


def _entries(record: Record, stream: Stream, region: str) -> Iterator[tuple[Origin, str, Entry | Spoilt]]:
    here, position = (region, shard_of(record)), position_of(record)
    data = _data(record)
    try:
        if stream is Stream.LIVE:
            yield here, position, _checked(entry(data.decode()), data)
            return
        carried = unpack(data)
    except (BadInput, UnicodeDecodeError) as refused:
        yield here, position, Spoilt(data, _why(refused))
        return
    for each in carried:
        yield (each.origin.region, each.origin.shard), position, _checked(each.entry, each.entry.text().encode())


def _data(record: Record) -> bytes:
    """What was put; what is not base64 is taken as it stands, so that it is set aside and not lost."""
    told = record["kinesis"].get("data")
    try:
        return base64.b64decode(told, validate=True)
    except (TypeError, ValueError):
        return json.dumps(told).encode()


def _checked(found: Entry, data: bytes) -> Entry | Spoilt:
    """A tick of the market is a trade, or it is spoilt; ours may say what they like."""
    if isinstance(found, Tick) and not found.reserved:
        try:
            trade(found)
        except BadInput as refused:
            return Spoilt(data, _why(refused))
    return found


def _why(refused: Exception) -> str:
    return str(refused) if isinstance(refused, BadInput) else "market record: is not UTF-8"
