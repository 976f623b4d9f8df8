"""Carries one table between two regions: makes the other copy, fills it, then follows both streams.

Records wait, in order, as long as the other side can't be reached or the knobs say so; nothing is dropped except
what a newer write has overtaken. After a stream was lost both sides are compared afresh.
"""

import asyncio
import random
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from landbridge.aws.clients import Clients
from landbridge.model.errors import Refused, Unreachable
from landbridge.model.region import Pair, Region
from landbridge.rehearse.fabric import table_items
from landbridge.rehearse.fabric.ask import ask
from landbridge.rehearse.fabric.comparison import Found, compared
from landbridge.rehearse.fabric.last_writer import Change, Copy
from landbridge.rehearse.fabric.table_stream import TableStream

POLL_SECONDS = 0.1
RETRY_SECONDS = 0.25
PARALLEL = 4
MANY = 100  # a page this full is followed by another at once


class Status(StrEnum):
    """As DescribeTable says it."""

    CREATING = "CREATING"
    ACTIVE = "ACTIVE"
    DELETING = "DELETING"


@dataclass
class Knobs:
    """How replication behaves now; may be set while it runs."""

    lag: float = 0.0  # seconds a record waits before it is carried
    stalled: bool = False  # nothing is read or carried
    link_down: bool = False  # the regions don't reach each other: records are read and wait
    unheard: float = 0.0  # the chance that a batch is put and nobody hears so: it is put again


@dataclass(slots=True)
class _Waiting:
    change: Change
    since: float


@dataclass
class _End:
    """One end of the link: its copy, its stream, and what waits to be put there."""

    copy: Copy
    stream: TableStream
    incoming: deque[_Waiting] = field(default_factory=deque)


class TableLink:
    """A global table of two regions; `pair.source` is where it was declared."""

    def __init__(
        self,
        table: str,
        pair: Pair[Region],
        clients: Clients,
        clock: Callable[[], float],
        *,
        knobs: Knobs,
        chance: random.Random,
    ) -> None:
        self.table = table
        self.pair = pair
        self.status = Status.CREATING
        self.leaving = pair.target  # whose copy goes when one does
        self._clients = clients
        self._knobs = knobs
        self._chance = chance
        self._clock = clock
        self._ends = pair.map(lambda region: _End(Copy(region), TableStream(clients, region, table)))

    async def run(self) -> None:
        """Keeps both copies alike until cancelled."""
        joined = False
        while True:
            try:
                if not joined:
                    await self._join()
                    joined = True
                    self.status = Status.ACTIVE
                await self._tick()
                await asyncio.sleep(POLL_SECONDS)
            except Unreachable:
                await asyncio.sleep(RETRY_SECONDS)
            except Refused:  # a table or a stream was made anew under us
                joined = False
                await asyncio.sleep(RETRY_SECONDS)

    async def remove(self) -> None:
        """Deletes the copy that leaves: the declaration no longer asks for it, or the other side dropped the declaring one."""
        self.status = Status.DELETING
        await table_items.delete(self._clients, self.leaving, self.table)

    async def _join(self) -> None:
        """Makes the other copy where there is none, marks both streams, and evens out the difference."""
        self._connected()
        source, target = self._ends
        described = await table_items.describe(self._clients, self.pair.source, self.table)
        if described is None:
            raise Refused(self.pair.source, f"following {self.table}", "the table is gone")
        if await table_items.describe(self._clients, self.pair.target, self.table) is None:
            await self._create(described)
        for end in self._ends:
            end.incoming.clear()
            await end.stream.begin("LATEST")
        now = self._now_ms()
        left, right = await asyncio.gather(*(table_items.scan(self._clients, end.copy.region, self.table) for end in self._ends))
        names = tuple(part["AttributeName"] for part in described["KeySchema"])
        writes = compared(names, Pair(Found(source.copy, left), Found(target.copy, right)), now)
        await self._fill(source, writes.source)
        await self._fill(target, writes.target)
        await self._read(target, source)  # the copy's own echoes: read now, they don't hold up the first real records

    async def _create(self, described: dict[str, Any]) -> None:
        made = table_items.definition(described)
        await ask(self._clients, "dynamodb", self.pair.target, "create_table", **made)

    async def _fill(self, end: _End, changes: list[Change]) -> None:
        size = table_items.BATCH
        batches = [changes[start : start + size] for start in range(0, len(changes), size)]
        for start in range(0, len(batches), PARALLEL):
            self._connected()
            await asyncio.gather(*(self._put(end, batch) for batch in batches[start : start + PARALLEL]))

    def _connected(self) -> None:
        if self._knobs.link_down:
            raise Unreachable(self.pair.target, "the link between the regions is down")

    async def _tick(self) -> None:
        if self._knobs.stalled:
            return
        source, target = self._ends
        await _both(self._read(source, target), self._read(target, source))
        if not self._knobs.link_down:
            await _both(self._apply(source), self._apply(target))

    async def _read(self, end: _End, other: _End) -> None:
        """Takes what one stream shows: carried to the other end, or put back at this one."""
        more = True
        while more:
            began = self._now_ms()
            records = await end.stream.page()
            for record in records:
                self._heed(end, other, record)
            end.copy.read_until(records[-1].stamp.at_ms if records else began)
            more = len(records) >= MANY

    def _heed(self, end: _End, other: _End, record: Change) -> None:
        observed = end.copy.observe(record)
        if observed.carry is not None:
            other.incoming.append(_Waiting(observed.carry, self._clock()))
        if observed.put_back is not None:
            end.incoming.appendleft(_Waiting(observed.put_back, 0.0))

    async def _apply(self, end: _End) -> None:
        """Puts everything that is due, in order; a batch that was not answered stays first in line."""
        while batch := self._due(end):
            newest = {waiting.change.key: waiting.change for waiting in batch if end.copy.takes(waiting.change)}
            await self._put(end, list(newest.values()))
            if self._chance.random() < self._knobs.unheard:
                raise Unreachable(end.copy.region, "the answer was lost")
            for waiting in batch:
                end.incoming.popleft()
                end.copy.abandoned(waiting.change, self._now_ms())

    def _due(self, end: _End) -> list[_Waiting]:
        limit = self._clock() - self._knobs.lag
        due: list[_Waiting] = []
        for waiting in end.incoming:
            if waiting.since > limit or len(due) == table_items.BATCH:
                break
            due.append(waiting)
        return due

    async def _put(self, end: _End, changes: list[Change]) -> None:
        if not changes:
            return
        now = self._now_ms()
        for change in changes:
            end.copy.putting(change, now)
        await table_items.write(self._clients, end.copy.region, self.table, changes)
        now = self._now_ms()
        for change in changes:
            end.copy.put(change, now)

    def _now_ms(self) -> int:
        return int(self._clock() * 1000)


async def _both(ours: Awaitable[None], theirs: Awaitable[None]) -> None:
    """Waits for both even when one fails: what goes on unseen would meet the next try at the same queue."""
    for failed in filter(None, await asyncio.gather(ours, theirs, return_exceptions=True)):
        raise failed
