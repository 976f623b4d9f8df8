"""What flows through the market's streams: ticks, told apart by identity, and the markers that end a side's live stream.

A record's position (region, stream, shard, sequence) says where it lies, never which tick it is.
"""

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from landbridge.model.errors import BadInput
from landbridge.model.pen import Epoch
from landbridge.model.state import RESERVED, is_reserved

HEARTBEAT_FEED = f"{RESERVED}heartbeat"  # a tick of ours in every live shard: how old the newest one is elsewhere is the lag


class Stream(StrEnum):
    """Which of a region's two streams: what the feeds put here, or what was copied from the other side."""

    LIVE = "live"
    MIRROR = "mirror"


@dataclass(frozen=True, slots=True)
class Tick:
    """One value of a symbol; feed, symbol and sequence are set by the producer and stay whatever way it takes."""

    feed: str
    symbol: str
    sequence: int
    value: str

    @property
    def identity(self) -> tuple[str, str, int]:
        """What tells this tick from every other, wherever and however often it lies."""
        return self.feed, self.symbol, self.sequence

    @property
    def reserved(self) -> bool:
        """Whether it is one of ours rather than the market's: left out of every count, comparison and row."""
        return is_reserved(self.feed)

    def text(self) -> str:
        """As a record's data."""
        return _text({"kind": "tick", "feed": self.feed, "symbol": self.symbol, "sequence": self.sequence, "value": self.value})


@dataclass(frozen=True, slots=True)
class EndMarker:
    """The end of a shard of a region's live stream in that epoch; told by its turn from one that was put before."""

    region: str
    shard: str
    epoch: Epoch
    turn: int

    def text(self) -> str:
        """As a record's data."""
        return _text({"kind": "end", "region": self.region, "shard": self.shard, "epoch": self.epoch, "turn": self.turn})


Entry = Tick | EndMarker

SHAPES: dict[object, dict[str, type]] = {
    "tick": {"kind": str, "feed": str, "symbol": str, "sequence": int, "value": str},
    "end": {"kind": str, "region": str, "shard": str, "epoch": int, "turn": int},
}


def entry(text: str) -> Entry:
    """The entry a record's data holds; whatever is not exactly one is refused."""
    try:
        return entry_of(json.loads(text))
    except (ValueError, RecursionError):
        raise _no_object() from None


def entry_of(parsed: object) -> Entry:
    """The entry that parsed JSON is, with the same refusals."""
    if not isinstance(parsed, dict):
        raise _no_object()
    kind = parsed.get("kind")
    shape = SHAPES.get(kind) if isinstance(kind, str) else None
    if shape is None:
        raise BadInput("market record", "is neither a tick nor an end marker", 'send a JSON object with "kind": "tick" or "end"')
    if {name: type(value) for name, value in parsed.items()} != shape:
        raise BadInput(f"market record of kind {kind}", "has other fields than it should", f"send exactly {_spelled(shape)}")
    if kind == "tick":
        return Tick(parsed["feed"], parsed["symbol"], parsed["sequence"], parsed["value"])
    return EndMarker(parsed["region"], parsed["shard"], parsed["epoch"], parsed["turn"])


def _text(fields: dict[str, Any]) -> str:
    return json.dumps(fields, separators=(",", ":"), ensure_ascii=True)


def _no_object() -> BadInput:
    return BadInput("market record", "is not a JSON object", "send a tick or an end marker as JSON text")


def _spelled(shape: dict[str, type]) -> str:
    return ", ".join(f"{name} ({'text' if kind is str else 'whole number'})" for name, kind in shape.items() if name != "kind")
