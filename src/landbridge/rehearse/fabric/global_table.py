"""DynamoDB global tables between emulators: watches which replicas the deployed tables declare, and plays them.

The emulator takes `ReplicaUpdates` and says ACTIVE at once, because it keeps the replica in its own process. The other
region is another process here, so a link makes and feeds the real copy, and `describe` (a hook of the front doors)
makes DescribeTable tell the truth meanwhile. Everything goes through the front doors: an outage reaches replication.
"""

import asyncio
import contextlib
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from landbridge.aws.clients import Clients
from landbridge.model.errors import Refused, Unreachable
from landbridge.model.region import Pair, Region
from landbridge.rehearse.fabric import table_items
from landbridge.rehearse.fabric.ask import ask
from landbridge.rehearse.fabric.table_link import Knobs, Status, TableLink

WATCH_SECONDS = 1.0
OURS = "played by the rehearsal"  # marks replicas only `describe` knows of, so that they don't count as declared


@dataclass(slots=True)
class _Running:
    link: TableLink
    task: asyncio.Task[None]


class GlobalTables:
    """Plays every global table between these regions; `knobs` may be set while it runs."""

    def __init__(
        self, regions: Sequence[Region], clients: Clients, clock: Callable[[], float], knobs: Knobs, chance: random.Random
    ) -> None:
        self.knobs = knobs
        self._chance = chance
        self._regions = tuple(regions)
        self._clients = clients
        self._clock = clock
        self._links: dict[str, _Running] = {}
        self._look = asyncio.Event()

    async def run(self) -> None:
        """Follows the declarations until cancelled; then every link has stopped."""
        try:
            while True:
                self._check()
                for region in self._regions:
                    with contextlib.suppress(Unreachable, Refused):  # an unreachable region's declarations stand as they were
                        await self._follow(region)
                with contextlib.suppress(TimeoutError):  # nobody declared anything: look all the same
                    async with asyncio.timeout(WATCH_SECONDS):
                        await self._look.wait()
                self._look.clear()
        finally:
            tasks = [running.task for running in self._links.values()]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def _check(self) -> None:
        """A link that crashed ends the agent with its error: replication must not stop unnoticed."""
        for running in self._links.values():
            if running.task.done():
                running.task.result()

    def describe(self, region: Region, table: dict[str, Any]) -> dict[str, Any]:
        """The emulator's description of a table with its replicas as they are."""
        running = self._links.get(table["TableName"])
        replicas = [self._replica(table["TableName"], replica) for replica in table.get("Replicas", ())]
        if running is not None and region == running.link.pair.target:
            going = running.link.leaving != region
            replicas.append(_shown(running.link.pair.source, Status.DELETING if going else Status.ACTIVE))
            table = {**table, "TableStatus": Status.ACTIVE if going else running.link.status}
        elif running is not None and all(replica["RegionName"] != running.link.pair.target for replica in replicas):
            self._look.set()
            replicas.append(_shown(running.link.pair.target, Status.DELETING))
        return {**table, "Replicas": replicas, "GlobalTableVersion": "2019.11.21"} if replicas else table

    def drop(self, region: Region, table: str, other: str) -> dict[str, Any] | None:
        """Takes the copy in the declaring region away, asked for in the one that stays; None = it is not ours to take."""
        running = self._links.get(table)
        if running is None or (other, region) != (running.link.pair.source, running.link.pair.target):
            return None
        if running.link.leaving == region:
            running.link.leaving = running.link.pair.source
            running.link.status = Status.DELETING
            running.task.cancel()
            running.task = asyncio.create_task(self._remove(running.link))
        return self.describe(region, {"TableName": table})

    def _replica(self, table: str, replica: dict[str, Any]) -> dict[str, Any]:
        if replica["RegionName"] not in self._regions:
            return replica
        running = self._links.get(table)
        if running is None:
            self._look.set()
        return {**replica, "ReplicaStatus": Status.CREATING if running is None else running.link.status}

    async def _follow(self, region: Region) -> None:
        listed = await ask(self._clients, "dynamodb", region, "list_tables")
        tables = {name: await table_items.describe(self._clients, region, name) for name in listed["TableNames"]}
        declared = {name: self._declared(table) for name, table in tables.items() if table is not None}
        for name, other in declared.items():
            if other is not None and name not in self._links:
                self._begin(name, Pair(region, other))
        for name, running in tuple(self._links.items()):
            if running.link.pair.source == region and declared.get(name) is None and running.link.status is not Status.DELETING:
                await self._end(running, keep=name not in declared)

    def _declared(self, table: dict[str, Any]) -> Region | None:
        """The other region a table declares a replica in."""
        for replica in table.get("Replicas", ()):
            if replica["RegionName"] in self._regions and replica.get("ReplicaStatusDescription") != OURS:
                return Region(replica["RegionName"])
        return None

    def _begin(self, name: str, pair: Pair[Region]) -> None:
        link = TableLink(name, pair, self._clients, self._clock, knobs=self.knobs, chance=self._chance)
        self._links[name] = _Running(link, asyncio.create_task(link.run()))

    async def _end(self, running: _Running, *, keep: bool) -> None:
        """Stops a link; a table deleted where it was declared leaves the other copy standing, as on AWS."""
        running.task.cancel()
        await asyncio.gather(running.task, return_exceptions=True)
        if keep:
            del self._links[running.link.table]
        else:
            running.task = asyncio.create_task(self._remove(running.link))

    async def _remove(self, link: TableLink) -> None:
        await link.remove()
        del self._links[link.table]


def _shown(region: Region, status: Status) -> dict[str, str]:
    return {"RegionName": region, "ReplicaStatus": status, "ReplicaStatusDescription": OURS}
