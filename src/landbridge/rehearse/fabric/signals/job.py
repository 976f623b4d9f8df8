"""The application's job: what its shards brought becomes signals, and a snapshot of it goes on where it stood.

Pure but for the writer's store; it is told the time. A lane that is quiet holds the others back no longer: it is taken to be
as far as the furthest.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Self

from landbridge.model.market import Stream
from landbridge.model.trade import Trade
from landbridge.rehearse.fabric.event_source.record import Place
from landbridge.rehearse.fabric.signals.lane import Lane
from landbridge.workloads.trading.signals.definitions import Definitions
from landbridge.workloads.trading.signals.engine import Pushed, Signals
from landbridge.workloads.trading.signals.signal import Signal
from landbridge.workloads.trading.signals.snapshot import restored, snapshot
from landbridge.workloads.trading.signals.writer import Writer

QUIET_SECONDS = 30.0  # as the application tells Flink
SETTLES = {Stream.LIVE: 0.0, Stream.MIRROR: 0.5}  # seconds: a replicator's batch is put within a fraction of one

Shards = Mapping[Stream, Iterable[str]]


@dataclass
class Job:
    """The lanes by name, the engine that reads them, the writer of what it says."""

    lanes: Mapping[str, Lane]
    engine: Signals
    writer: Writer

    @classmethod
    def begin(cls, by: Definitions, writer: Writer, shards: Shards, first: Place) -> Self:
        """Without a snapshot: every shard is read from there."""
        lanes = [Lane(stream, shard, SETTLES[stream], first) for stream, each in shards.items() for shard in each]
        return cls({lane.name: lane for lane in lanes}, Signals(by, [lane.name for lane in lanes]), writer)

    @classmethod
    def restore(cls, by: Definitions, writer: Writer, taken: bytes) -> Self:
        """As it stood when the snapshot was taken."""
        state = json.loads(taken)
        lanes = [_lane(*each) for each in state["lanes"]]
        writer.recall(Signal(*each) for each in state["kept"])
        return cls({lane.name: lane for lane in lanes}, restored(by, state["engine"].encode()), writer)

    def snapshot(self) -> bytes:
        """All that the next answers depend on; whatever still waits to be put in order is read again."""
        state: dict[str, Any] = {
            "engine": snapshot(self.engine).decode(),
            "kept": [list(each) for each in self.writer.kept],
            "lanes": [[lane.stream, lane.shard, lane.safe.after, lane.idle, lane.ended] for lane in self.lanes.values()],
        }
        return json.dumps(state).encode()

    def turn(self, now: float) -> Pushed:
        """The signals that are final by what came up to now, and the trades that came too late for theirs."""
        signals: list[Signal] = []
        late: list[Trade] = []
        for lane in self.lanes.values():
            pushed = self.engine.push(lane.name, lane.settled(now))
            signals += pushed.signals
            late += pushed.late
        for lane in self.lanes.values():
            if lane.is_quiet(QUIET_SECONDS):
                signals += self.engine.advance(lane.name, max(self.engine.bars.newest.values()))
        return Pushed(signals, late)


def _lane(stream: str, shard: str, after: str, idle: float, ended: bool) -> Lane:  # noqa: FBT001 - as a snapshot has it
    return Lane(Stream(stream), shard, SETTLES[Stream(stream)], Place(after), idle=idle, ended=ended)
