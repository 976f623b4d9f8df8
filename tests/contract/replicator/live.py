"""A live stream as its mapping reads it: made as it is read, so that ten million records need no memory.

A tick's value is its own sequence number in the stream, by which a copy's position can be checked.
"""

import base64
import random
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.contract.replicator.kinesis import name

from landbridge.model.market import HEARTBEAT_FEED, EndMarker, Tick
from landbridge.model.mirror import HEAD
from landbridge.model.pen import Epoch

REGION = "us-east-1"
ARN = f"arn:aws:kinesis:{REGION}:000000000000:stream/live"
POISON = (b"\xff\xfe", b"no JSON", b"{}", b"[1]", b'{"kind":"tick"}', HEAD.encode(), b'{"kind":"new","a":1}', b"")
Record = dict[str, Any]


@dataclass
class Log:
    """One shard: its symbols, what was made and not acknowledged, and how far it is acknowledged."""

    name: str
    symbols: list[str]
    parent: "Log | None" = None
    pending: deque[Record] = field(default_factory=deque)
    checkpoint: int = -1
    closed: bool = False

    @property
    def done(self) -> bool:
        """It is closed, and everything in it is acknowledged."""
        return self.closed and not self.pending

    def acknowledge(self, count: int) -> list[Record]:
        """The first records, which won't come again; the place never goes back."""
        gone = [self.pending.popleft() for _ in range(count)]
        for record in gone:
            assert int(record["kinesis"]["sequenceNumber"]) > self.checkpoint
            self.checkpoint = int(record["kinesis"]["sequenceNumber"])
        return gone


@dataclass
class Live:
    """The stream: `total` records are put, with poison, giants, markers and heartbeats among them; shards split now and then."""

    total: int
    chance: random.Random
    symbols: int = 200
    logs: list[Log] = field(init=False)
    put: int = 0
    produced: dict[str, int] = field(default_factory=dict)
    before: dict[int, Mapping[str, int]] = field(
        default_factory=dict
    )  # what lay in the shard before a record of ours, by its turn
    unfit: set[str] = field(default_factory=set)
    _shards: int = 4

    def __post_init__(self) -> None:
        names = [f"SYM{each}" for each in range(self.symbols)]
        self.logs = [Log(name(each), names[each :: self._shards]) for each in range(self._shards)]

    def readable(self) -> list[Log]:
        """Shards with something to read whose parent is read to its end."""
        self.logs = [each for each in self.logs if not each.done]
        return [
            each for each in self.logs if (each.parent is None or each.parent.done) and (each.pending or self.put < self.total)
        ]

    def batch(self, log: Log, count: int) -> Sequence[Record]:
        """What the mapping gives next."""
        if not log.closed:
            while len(log.pending) < count and self.put < self.total:
                log.pending.append(self._record(log))
            if self.chance.random() < 0.002 and len(self.logs) < 24 and len(log.symbols) > 1:
                self._split(log)
        return [log.pending[each] for each in range(min(count, len(log.pending)))]

    def _split(self, log: Log) -> None:
        log.closed = True
        for half in (log.symbols[::2], log.symbols[1::2]):
            self.logs.append(Log(name(self._shards), half, log))
            self._shards += 1

    def _record(self, log: Log) -> Record:
        self.put += 1
        number = 10**55 + self.put
        key, data = self._entry(log, number)
        kinesis = {
            "partitionKey": key,
            "sequenceNumber": str(number),
            "data": base64.b64encode(data).decode(),
            "approximateArrivalTimestamp": 1.5,
        }
        return {"kinesis": kinesis, "eventID": f"{log.name}:{number}", "awsRegion": REGION, "eventSourceARN": ARN}

    def _entry(self, log: Log, number: int) -> tuple[str, bytes]:
        luck = self.chance.random()
        if luck < 0.0005:
            self.unfit.add(str(number))
            return "any", self._unfit(number)
        if luck < 0.0010:
            self.before[number] = {symbol: self.produced.get(symbol, 0) for symbol in log.symbols}
            return f"~{log.name}", self._ours(log, number).text().encode()
        symbol = log.symbols[int(len(log.symbols) * self.chance.random() ** 3)]  # some symbols are much busier than others
        sequence = self.produced.get(symbol, 0)
        self.produced[symbol] = sequence + 1
        text = f'{{"kind":"tick","feed":"feed","symbol":"{symbol}","sequence":{sequence},"value":"{number}"}}'
        return symbol, text.encode()

    def _unfit(self, number: int) -> bytes:
        if number % 50 == 0:
            return b"x" * (1024 * 1024 - 10)
        if number % 50 == 1:
            return EndMarker("eu-central-1", name(0), Epoch(1), number).text().encode()
        return POISON[number % len(POISON)]

    def _ours(self, log: Log, number: int) -> Tick | EndMarker:
        if number % 2:
            return EndMarker(REGION, log.name, Epoch(1), number)
        return Tick(HEARTBEAT_FEED, log.name, number, str(number))
