"""One database over two regions: who is its member, who writes, and how that moves.

Never two writers: the old one is closed before the new one is opened, and both by the endpoints, the only way in.
"""

import asyncio
import contextlib
import ssl
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from landbridge.model.errors import LandbridgeError, Refused
from landbridge.rehearse.fabric.database.cluster import ACCOUNT, Cluster
from landbridge.rehearse.fabric.database.knobs import Crash, Knobs, Switchover
from landbridge.rehearse.fabric.database.relay import Relay

LOOK_SECONDS = 0.02
RETRY_SECONDS = 0.25

Begin = Callable[[Coroutine[Any, Any, None]], object]


class Status(StrEnum):
    """As DescribeGlobalClusters says it."""

    AVAILABLE = "available"
    SWITCHING_OVER = "switching-over"
    FAILING_OVER = "failing-over"


@dataclass(frozen=True)
class Move:
    """A change of the writer that is under way."""

    status: Status
    origin: Cluster
    to: Cluster


class GlobalDatabase:
    """`primary` is who writes, or who did until the move under way has another; None while nobody ever joined."""

    def __init__(self, name: str, knobs: Knobs, begin: Begin, tls: ssl.SSLContext | None) -> None:
        self.name = name
        self.members: list[Cluster] = []
        self.primary: Cluster | None = None
        self.move: Move | None = None
        self.why_failed = ""
        self.endpoint = Relay(self._writer, tls=tls)
        self._knobs = knobs
        self._begin = begin

    @property
    def arn(self) -> str:
        """Its name all over AWS, in no region."""
        return f"arn:aws:rds::{ACCOUNT}:global-cluster:{self.name}"

    @property
    def status(self) -> Status:
        """As AWS tells it."""
        return self.move.status if self.move else Status.AVAILABLE

    def add(self, cluster: Cluster) -> None:
        """The first member writes; another one is about to be fed by it."""
        self.members.append(cluster)
        self.primary = self.primary or cluster
        cluster.died = lambda: self._died(cluster)

    async def take_in(self, cluster: Cluster, upstream: Cluster) -> None:
        """Makes a member the copy of who writes: what it had is gone."""
        cluster.synchronized = False
        await self._patiently(cluster, upstream, cluster.join)
        await self._follow(cluster, upstream)

    async def _follow(self, cluster: Cluster, upstream: Cluster) -> None:
        cluster.synchronized = False
        await self._patiently(cluster, upstream, cluster.follow)

    async def _patiently(self, cluster: Cluster, upstream: Cluster, becomes: Callable[[Cluster], Awaitable[None]]) -> None:
        """Again and again until it is done, or until it is not wanted any more."""
        while cluster in self.members and self.primary is upstream:
            with contextlib.suppress(Refused, ConnectionError):
                await becomes(upstream)
                return
            await asyncio.sleep(RETRY_SECONDS)

    async def leave(self, cluster: Cluster) -> None:
        """A member goes, with what it has, and writes for itself; one that waits to be a copy again has nothing."""
        self.members.remove(cluster)
        cluster.died = lambda: None
        if self.primary is cluster:
            self.primary = None
            await self.endpoint.cut()
        elif cluster.synchronized:
            await cluster.promote()
            cluster.open()

    def switch_over(self, to: Cluster) -> None:
        """Begins a planned switchover, in which nothing is lost."""
        origin = self._moving(Status.SWITCHING_OVER, to)
        self._begin(self._moved(self._switch(origin, to)))

    def fail_over(self, to: Cluster) -> None:
        """Begins a failover: what has not arrived is lost."""
        origin = self._moving(Status.FAILING_OVER, to)
        self._begin(self._moved(self._fail(origin, to)))

    def _moving(self, status: Status, to: Cluster) -> Cluster:
        assert self.primary is not None
        self.move = Move(status, self.primary, to)
        self.why_failed = ""
        return self.primary

    async def _moved(self, moving: Coroutine[Any, Any, None]) -> None:
        try:
            await moving
        except LandbridgeError as failed:
            self.why_failed = str(failed)
        finally:
            self.move = None

    async def _switch(self, origin: Cluster, to: Cluster) -> None:
        began = asyncio.get_running_loop().time()
        await self._while(Switchover.STALL)
        await self._close(origin)
        try:
            await self._reach_end(origin, to)
            await self._while(Switchover.HANG)
            await asyncio.sleep(began + self._knobs.switchover_seconds - asyncio.get_running_loop().time())
            if self._knobs.switchover is Switchover.FAIL:
                raise Refused(to.region, "the switchover", "it was told to fail")
        except LandbridgeError:
            await origin.promote()
            origin.open()
            raise
        await self._take_over(to)
        self._begin(self._follow(origin, to))

    async def _reach_end(self, origin: Cluster, to: Cluster) -> None:
        """The old writer becomes a reader at its last position, and the new one has everything up to there."""
        end = await self._end(origin)
        await origin.server.start()
        reached = "SELECT pg_last_wal_replay_lsn() > %s::pg_lsn"
        await to.server.until(reached, end, seconds=self._knobs.catch_up_seconds)

    async def _end(self, origin: Cluster) -> str:
        """Where the old writer's log ends, all of it sent; one that dies meanwhile is brought up and stopped again."""
        clock, seconds = asyncio.get_running_loop().time, self._knobs.catch_up_seconds
        until = clock() + seconds
        while clock() < until:
            await origin.server.start()
            await origin.server.stop(max(0.0, until - clock()))
            end = await origin.server.ended_at()
            if end is not None:
                await asyncio.to_thread(origin.server.be_standby)
                return end
        raise Refused(origin.region, "the switchover", f"its copy did not have everything within {seconds:.0f} s")

    async def _fail(self, origin: Cluster, to: Cluster) -> None:
        await self._close(origin)
        await self._take_over(to)
        self._begin(self.take_in(origin, to))

    async def _close(self, origin: Cluster) -> None:
        await origin.close()
        await self.endpoint.cut()

    async def _take_over(self, to: Cluster) -> None:
        await to.promote()
        self.primary = to
        to.open()

    async def _while(self, told: Switchover) -> None:
        while self._knobs.switchover is told:  # noqa: ASYNC110 - a knob is only a value
            await asyncio.sleep(LOOK_SECONDS)

    def _died(self, cluster: Cluster) -> None:
        others = [member for member in self.members if member is not cluster and member.synchronized]
        if self._knobs.crash is Crash.FAIL_OVER and cluster is self.primary and others and self.move is None:
            self.fail_over(others[0])

    def _writer(self) -> int | None:
        up = self.primary
        return up.server.port if up is not None and up.writes and up.reachable else None
