"""A region as the signals' agent sees it: an application, two streams of a shard, a pen and rows, all in memory."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

from landbridge.model.errors import Refused, Unreachable
from landbridge.model.market import Stream
from landbridge.model.mirror import head, pack, piece
from landbridge.model.pen import Epoch, Pen, PenState
from landbridge.model.region import Region
from landbridge.rehearse.fabric.event_source.ports import Shard
from landbridge.rehearse.fabric.event_source.record import Place, Record
from landbridge.rehearse.fabric.signals.agent import SignalsAgent
from landbridge.workloads.trading.flink.properties import NAMES
from landbridge.workloads.trading.signals.rows import row
from landbridge.workloads.trading.signals.signal import Signal

SHARD = "shardId-000000000000"


@dataclass
class FlinkRegion:
    """It keeps state, answers at the time it is told, and can be out of reach."""

    region: Region
    now: float
    status: str | None = "RUNNING"
    pen_here: Pen | None = None
    reachable: bool = True
    rows: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    records: dict[str, list[Record]] = field(default_factory=lambda: {each: [] for each in Stream})

    def agent(self, folder: Path) -> SignalsAgent:
        """What computes its signals."""
        return SignalsAgent("signals", self, self, lambda _: self, folder / f"{self.region}.json", lambda: self.now)

    def hold(self, epoch: int | None) -> None:
        """The market's pen is here, or no more."""
        state = PenState.CLOSED if epoch is None else PenState.OPEN
        self.pen_here = Pen(state, Epoch(epoch or 0), 1, 0.0)

    def put_live(self, *texts: str) -> None:
        """Records into the live stream."""
        for text in texts:
            self._append(Stream.LIVE, text.encode())

    def copied_to(self, other: "FlinkRegion", begun: int) -> int:
        """What lies here from that place on goes into the other's mirror as the replicator packs it; where to go on."""
        found = [(each, base64.b64decode(each.data).decode()) for each in self.records[Stream.LIVE][begun:]]
        by_symbol = sorted(found, key=lambda each: json.loads(each[1]).get("symbol", "~"))
        for _, group in groupby(by_symbol, key=lambda each: json.loads(each[1]).get("symbol", "~")):
            other._append(Stream.MIRROR, pack(head(self.region, SHARD), [piece(each.sequence, text) for each, text in group]))
        return begun + len(found)

    def _append(self, stream: Stream, data: bytes) -> None:
        records = self.records[stream]
        records.append(Record(f"{len(records) + 1:020}", "key", base64.b64encode(data).decode(), self.now))

    async def ask(self, service: str, target: str, **asked: Any) -> dict[str, Any]:
        """DescribeApplication."""
        self._answer(target)
        if self.status is None:
            raise Refused(self.region, target, "ResourceNotFoundException")
        told = dict(zip(NAMES, (self.region, *Stream, "analytics", "pens"), strict=True))
        checkpoints = {"CheckpointConfigurationDescription": {"CheckpointInterval": 60_000}}
        groups = {"PropertyGroupDescriptions": [{"PropertyGroupId": "platform", "PropertyMap": told}]}
        configured = {"EnvironmentPropertyDescriptions": groups, "FlinkApplicationConfigurationDescription": checkpoints}
        return {"ApplicationDetail": {"ApplicationStatus": self.status, "ApplicationConfigurationDescription": configured}}

    async def shards(self, stream: str) -> Sequence[Shard]:
        """One."""
        self._answer(stream)
        return [Shard(SHARD)]

    async def iterator(self, stream: str, shard: str, place: Place) -> str:
        """Behind a sequence."""
        self._answer(shard)
        return f"{stream} {int(place.after or 0)}"

    async def page(self, iterator: str) -> tuple[Sequence[Record], str]:
        """All that is there."""
        self._answer(iterator)
        stream, begun = iterator.split(" ")
        found = self.records[stream][int(begun) :]
        return found, f"{stream} {int(begun) + len(found)}"

    def pen(self) -> Pen | None:
        """As it stands."""
        self._answer("pen")
        return self.pen_here

    def put(self, signal: Signal, epoch: Epoch) -> None:
        """One row."""
        self._answer("put")
        made = row(signal, epoch)
        self.rows[made["pk"], made["sk"]] = made

    def _answer(self, what: str) -> None:
        if not self.reachable:
            raise Unreachable(self.region, what)
