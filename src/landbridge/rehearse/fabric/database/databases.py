"""Every database of this world: made, joined, moved and removed through RDS's own calls, which the front doors bring here.

    async with Databases(folder, logs, seed) as databases: ...

Nothing is started before the first cluster is created. On the way out everything is stopped and the folder is gone; logs stay.
"""

import asyncio
import contextlib
import ssl
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from landbridge.model.region import Region
from landbridge.rehearse.fabric.database.cluster import Cluster, World
from landbridge.rehearse.fabric.database.global_database import GlobalDatabase
from landbridge.rehearse.fabric.database.ground import Ground, settle
from landbridge.rehearse.fabric.database.knobs import Knobs

BEAT_SECONDS = 0.2


class Databases:
    """`knobs` may be set while it runs, and each cluster's link by its `line`; with `tls` the endpoints speak it when asked."""

    def __init__(
        self, folder: Path, logs: Path, seed: str, clock: Callable[[], float] = time.time, tls: ssl.SSLContext | None = None
    ) -> None:
        self.knobs = Knobs()
        self.clusters: dict[tuple[Region, str], Cluster] = {}
        self.instances: dict[tuple[Region, str], Cluster] = {}  # each a server of its own, that is no member of a cluster
        self.globals: dict[str, GlobalDatabase] = {}
        self.version = ""
        self._folder = folder
        self._seed = seed
        self._clock = clock
        self._tls = tls
        self._logs = logs
        self._ground: Ground | None = None
        self._unreachable: set[Region] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._failed: list[BaseException] = []

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self.stop()
        if self._failed and error is None:
            raise self._failed[0]

    async def stop(self) -> None:
        """Every server, port and file is gone; safe to repeat."""
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for told in self.globals.values():
            await told.endpoint.stop()
        for cluster in self.servers:
            await cluster.remove()
        if self._ground is not None:
            await asyncio.to_thread(self._ground.remove)

    @property
    def servers(self) -> tuple[Cluster, ...]:
        """Whatever stands behind a server of its own."""
        return (*self.clusters.values(), *self.instances.values())

    def reach(self, region: Region, *, reachable: bool) -> None:
        """The region is out for everybody, or back."""
        (self._unreachable.discard if reachable else self._unreachable.add)(region)
        for cluster in self.servers:
            if cluster.region == region:
                cluster.reach(reachable=reachable)

    async def lag(self, cluster: Cluster) -> float | None:
        """The age of the newest heartbeat that can be read there; None when nothing can be read."""
        with contextlib.suppress(ConnectionError):
            at = await cluster.beaten()
            return None if at is None else max(0.0, self._clock() - at)
        return None

    def pids(self) -> tuple[int, ...]:
        """Every process of every server."""
        return tuple(pid for cluster in self.servers for pid in cluster.server.pids())

    def of(self, cluster: Cluster) -> GlobalDatabase | None:
        """The global database a cluster is a member of."""
        return next((told for told in self.globals.values() if cluster in told.members), None)

    def begin(self, work: Coroutine[Any, Any, None]) -> None:
        """Does it beside everything else, until it is done or the world ends."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (failed := task.exception()) is not None:
            self._failed.append(failed)

    async def cluster(self, region: Region, name: str, *, alone: bool = False) -> Cluster:
        """A new one that is not there yet, its addresses standing; `alone` for an instance that is no cluster's."""
        made = Cluster(
            region, name, await self._settled(), self._seed, World(lambda: self.knobs.restart_seconds, self._tls, self._logs)
        )
        made.reachable = region not in self._unreachable
        await made.listen()
        (self.instances if alone else self.clusters)[region, name] = made
        return made

    async def join(self, name: str) -> GlobalDatabase:
        """A new global database without members."""
        await self._settled()
        made = GlobalDatabase(name, self.knobs, self.begin, self._tls)
        await made.endpoint.start()
        self.globals[name] = made
        return made

    async def _settled(self) -> Ground:
        if self._ground is None:
            self._ground = await asyncio.to_thread(settle, self._folder)
            self.version = (await self._ground.run("postgres", "--version")).split()[-1]
            self.begin(self._beat())
        return self._ground

    async def _beat(self) -> None:
        """Writes the time wherever somebody writes."""
        while True:
            for cluster in self.servers:
                if cluster.writes:
                    with contextlib.suppress(ConnectionError):
                        await cluster.beat(self._clock())
            await asyncio.sleep(BEAT_SECONDS)
