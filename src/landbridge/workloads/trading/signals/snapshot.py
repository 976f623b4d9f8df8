"""An engine's state as bytes: the same state gives the same bytes, and bytes that don't fit are refused, never guessed at."""

import json
from typing import Any

from landbridge.model.errors import BadInput
from landbridge.workloads.trading.signals.bars import Feed
from landbridge.workloads.trading.signals.definitions import Definitions
from landbridge.workloads.trading.signals.engine import Signals
from landbridge.workloads.trading.signals.sequences import Sequences
from landbridge.workloads.trading.signals.signal import Memory

VERSION = 1
FIX = "begin without it, from the stream's horizon"


def snapshot(engine: Signals) -> bytes:
    """All that the engine's next answers depend on."""
    bars = engine.bars
    state = {
        "version": VERSION,
        "definitions": engine.by.fingerprint,
        "lanes": bars.newest,
        "closed": bars.closed,
        "doubled": bars.doubled,
        "late": bars.late,
        "feeds": [[*key, feed.seen.begins, feed.seen.ends] for key, feed in sorted(bars.feeds.items())],
        "open": [[start, symbol, *sums] for start, row in sorted(bars.open.items()) for symbol, sums in sorted(row.items())],
        "symbols": [[symbol, *_kept(memory)] for symbol, memory in sorted(engine.memories.items())],
    }
    return json.dumps(state, sort_keys=True, separators=(",", ":")).encode()


def restored(by: Definitions, taken: bytes) -> Signals:
    """The engine a snapshot was taken of; one of another version or of other definitions is refused."""
    try:
        state = json.loads(taken)
        version, definitions = state["version"], state["definitions"]
    except (ValueError, TypeError, KeyError):
        raise BadInput("snapshot of signals", "can't be read", FIX) from None
    if (version, definitions) != (VERSION, by.fingerprint):
        raise BadInput("snapshot of signals", "is of another version or of other definitions", FIX)
    engine = Signals(by)
    _fill(engine, state)
    return engine


def _fill(engine: Signals, state: dict[str, Any]) -> None:
    bars = engine.bars
    bars.newest, bars.closed, bars.doubled, bars.late = (state[name] for name in ("lanes", "closed", "doubled", "late"))
    bars.feeds = {(feed, symbol): Feed(Sequences(begins, ends)) for feed, symbol, begins, ends in state["feeds"]}
    for start, symbol, *sums in state["open"]:
        bars.open.setdefault(start, {})[symbol] = sums
    for symbol, vwaps, returns, volumes, gap in state["symbols"]:
        memory = engine.memories[symbol] = Memory.of(engine.by)
        memory.vwaps.extend(vwaps)
        memory.returns.extend(returns)
        memory.volumes.extend(volumes)
        memory.gap = gap


def _kept(memory: Memory) -> tuple[list[int], list[int], list[int], int | None]:
    return list(memory.vwaps), list(memory.returns), list(memory.volumes), memory.gap
