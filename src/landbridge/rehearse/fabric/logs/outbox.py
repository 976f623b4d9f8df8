"""One delivery stream's buffer: records go into the bucket in the order they came, at least once, or are lost after a day.

Every look at the logs leaves a mark behind its records, also when there were none. The mark that has passed says how far
the bucket has everything. A mark with nothing before it passes when the bucket answers, so silence is not taken for calm.
"""

import gzip
import random
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import takewhile

from landbridge.model.errors import Refused, Unreachable
from landbridge.model.region import Region
from landbridge.rehearse.fabric.logs.bucket import Buckets
from landbridge.rehearse.fabric.logs.deployed import Stream
from landbridge.rehearse.fabric.logs.knobs import Knobs
from landbridge.rehearse.fabric.logs.names import name


@dataclass(frozen=True, slots=True)
class Packet:
    """What one look found; its records may be none."""

    at: float
    due: float
    records: Sequence[bytes]

    @property
    def size(self) -> int:
        """In bytes."""
        return sum(map(len, self.records))


@dataclass
class Outbox:
    """`until` is the moment up to which every line is in the bucket; `lost` counts records that were given up."""

    region: Region
    stream: Stream
    buckets: Buckets
    knobs: Knobs
    chance: random.Random
    until: float
    lost: int = 0
    trouble: str = ""  # why nothing passes; empty while it does
    _packets: deque[Packet] = field(default_factory=deque)

    def add(self, records: Sequence[bytes], now: float) -> None:
        """Due after the lag, and not before what came earlier."""
        varied = 1 + self.knobs.jitter * (2 * self.chance.random() - 1)
        last = self._packets[-1].due if self._packets else 0.0
        self._packets.append(Packet(now, max(last, now + self.knobs.lag * varied), records))

    async def deliver(self, now: float) -> list[str]:
        """Sends what is due; says what Firehose would write into its own log: new trouble, and what was lost."""
        said = []
        try:
            while batch := self._batch(now):
                await self._send(batch)
                self.until = batch[-1].at
                self.trouble = ""
                for _ in batch:
                    self._packets.popleft()
        except (Unreachable, Refused) as no:
            if str(no) != self.trouble:
                self.trouble = str(no)
                said.append(self.trouble)
            said += self._give_up(now)
        return said

    def _batch(self, now: float) -> list[Packet]:
        """An object's packets, or marks alone; nothing while the buffer may still fill."""
        due = list(takewhile(lambda packet: packet.due <= now, self._packets))
        if not due or not due[0].records:
            return list(takewhile(lambda packet: not packet.records, due))
        taken, size = [], 0
        for packet in due:
            taken.append(packet)
            size += packet.size
            if size >= self.stream.size:
                return taken
        return taken if now - due[0].due >= self.stream.minutes * self.knobs.minute else []

    async def _send(self, batch: Sequence[Packet]) -> None:
        home = await self.buckets.home(self.stream.bucket)
        if self.knobs.link_down and home != self.region:
            raise Unreachable(home, f"firehose {self.stream.name} in {self.region}")
        body = b"".join(record for packet in batch for record in packet.records)
        if body:
            packed = gzip.compress(body, mtime=0) if self.stream.compressed else body
            await self.buckets.put(home, self.stream.bucket, name(self.stream, batch[0].at, self.chance), packed)

    def _give_up(self, now: float) -> list[str]:
        """What has waited too long."""
        count = 0
        while self._packets and now - self._packets[0].at >= self.knobs.keep:
            count += len(self._packets.popleft().records)
        self.lost += count
        return [f"{count} records were not delivered in time and are lost"] if count else []
