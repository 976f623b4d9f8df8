"""The world on one machine, whichever the platform: three regions behind their doors, and what AWS does between them.

    async with World(platform, rehearsal, folder) as world: ...

Everything is stopped in order on the way out, also when starting failed half way or was cancelled; processes die even
when this one is killed. State goes, logs and `run.json` stay.
"""

import asyncio
import contextlib
import json
import os
import random
import time
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from landbridge.aws.clients import Clients, Timeouts
from landbridge.config.rehearsal import Rehearsal
from landbridge.config.spec import Platform
from landbridge.model.region import Pair, Region
from landbridge.rehearse.emulator.adapter import install
from landbridge.rehearse.emulator.bulkhead import Bulkhead
from landbridge.rehearse.emulator.conditions import Doorway
from landbridge.rehearse.emulator.door import FrontDoor
from landbridge.rehearse.emulator.hooks import Hooks
from landbridge.rehearse.emulator.mappings import DeployedMappings
from landbridge.rehearse.emulator.metrics import ApiMetrics
from landbridge.rehearse.emulator.ministack import Emulator
from landbridge.rehearse.emulator.peerings import Peerings
from landbridge.rehearse.fabric.addresses import Addresses
from landbridge.rehearse.fabric.clock import Clock
from landbridge.rehearse.fabric.database.control import Control
from landbridge.rehearse.fabric.database.databases import Databases
from landbridge.rehearse.fabric.dns import Resolver
from landbridge.rehearse.fabric.event_source.driver import EventSources
from landbridge.rehearse.fabric.event_source.region import Calls, Lambda, ports
from landbridge.rehearse.fabric.global_table import GlobalTables
from landbridge.rehearse.fabric.health import HealthChecks
from landbridge.rehearse.fabric.logs.knobs import Knobs as LogKnobs
from landbridge.rehearse.fabric.objects.agent import ObjectReplication
from landbridge.rehearse.fabric.objects.bare import BareS3
from landbridge.rehearse.fabric.objects.copying import Copier, marked
from landbridge.rehearse.fabric.objects.front import Front
from landbridge.rehearse.fabric.objects.jobs import Jobs
from landbridge.rehearse.fabric.objects.knobs import Knobs as ObjectKnobs
from landbridge.rehearse.fabric.route53 import Route53
from landbridge.rehearse.fabric.secrets import Secrets
from landbridge.rehearse.fabric.table_link import Knobs

THREADS = 48  # they wait for answers more than they work; asyncio's own few would queue behind an outage
IMPATIENT = Timeouts(connect=1.0, read=2.0, attempts=1)  # agents look again anyway: an outage must not hold them


class World:
    """Everything a rehearsal runs in."""

    def __init__(self, platform: Platform, rehearsal: Rehearsal, folder: Path) -> None:
        self.platform = platform
        self.folder = folder
        self.pair = Pair(Region(platform.source), Region(platform.target))
        self.regions = tuple(dict.fromkeys((*self.pair, Region(platform.journal))))
        self.emulators: dict[Region, Emulator] = {}
        self.doors: dict[Region, FrontDoor] = {}
        self.event_sources: dict[Region, EventSources] = {}
        self.peerings = Peerings()
        self.databases = Databases(folder / "databases", folder / "logs", str(rehearsal.seed))
        self.databases.knobs.switchover_seconds = rehearsal.fabric.switchover_seconds
        self.shipping = LogKnobs(minute=rehearsal.fabric.minute_seconds)
        self._rehearsal = rehearsal
        self._jobs: dict[Region, Jobs] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self._stack = contextlib.AsyncExitStack()

    clients: Clients
    agents: Clients  # of the world's own, which look again anyway
    tables: GlobalTables
    objects: ObjectReplication
    resolver: Resolver
    checks: HealthChecks
    addresses: Addresses

    async def __aenter__(self) -> Self:
        try:
            await self._start()
        except BaseException:
            await self._stack.aclose()
            raise
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self._stack.aclose()
        crashed = [crash for task in self._tasks if not task.cancelled() and (crash := task.exception())]
        if crashed and error is None:
            raise crashed[0]

    def region_out(self, region: Region, doorway: Doorway = Doorway.CUT) -> None:
        """Nothing reaches the region any more, its own functions' calls to AWS included."""
        self.doors[region].set(replace(self.doors[region].conditions, doorway=doorway))
        self.databases.reach(region, reachable=doorway is Doorway.OPEN)

    def region_back(self, region: Region) -> None:
        """The region answers again; other conditions stay as they are."""
        self.region_out(region, Doorway.OPEN)

    def pids(self) -> tuple[int, ...]:
        """Every process of every emulator and every database."""
        return (*(pid for emulator in self.emulators.values() for pid in emulator.pids()), *self.databases.pids())

    async def _start(self) -> None:
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(THREADS))
        (self.folder / "logs").mkdir(parents=True, exist_ok=True)
        self._stack.push_async_callback(self._stop_emulators)
        for region in self.regions:
            await self._open_door(region)
        await self._start_emulators()
        await self._stack.enter_async_context(self.databases)
        self._make_fabric()
        await self._open()
        self._write_run()

    async def _open(self) -> None:
        """What stands before the regions, where anything does."""

    async def _open_door(self, region: Region) -> None:
        slots = self._rehearsal.emulator
        chance = random.Random(f"{self._rehearsal.seed}/door/{region}")
        door = FrontDoor(region, Bulkhead(slots.read_slots, slots.write_slots), chance)
        self._stack.push_async_callback(door.stop)
        await door.start()
        self.doors[region] = door

    async def _start_emulators(self) -> None:
        state, logs = self.folder / "emulators", self.folder / "logs"
        for region, door in self.doors.items():
            self.emulators[region] = Emulator(region, state / region, logs / f"{region}.log", door.url)
        async with asyncio.TaskGroup() as starting:
            for emulator in self.emulators.values():
                starting.create_task(emulator.start())
        for region, door in self.doors.items():
            door.upstream = self.emulators[region].url

    async def _stop_emulators(self) -> None:
        await asyncio.gather(*(emulator.stop() for emulator in self.emulators.values()))
        with contextlib.suppress(FileNotFoundError):  # the start may have failed before it was made
            (self.folder / "emulators").rmdir()

    def _make_fabric(self) -> None:
        fabric = self._rehearsal.fabric
        endpoints = {region: door.url for region, door in self.doors.items()}
        self.clients = Clients(endpoints)
        self.agents = agents = Clients(endpoints, timeouts=IMPATIENT)
        knobs = Knobs(lag=fabric.table_lag_seconds)
        chance = random.Random(f"{self._rehearsal.seed}/tables")
        self.tables = GlobalTables(tuple(self.pair), agents, time.time, knobs, chance)
        self.addresses = Addresses(endpoints)
        self.resolver = Resolver(fabric.resolver_caches, self._rehearsal.seed, self._healthy, time.monotonic)
        self.checks = HealthChecks(self.addresses, fabric.health_check_seconds, fabric.health_check_failures, self._checked_name)
        self._calls = {region: Calls(region, url) for region, url in endpoints.items()}
        for calls in self._calls.values():
            self._stack.push_async_callback(calls.close)
        self._stack.push_async_callback(self._stop_jobs)
        self._stack.push_async_callback(self._stop_tasks)
        self._make_objects(endpoints)
        bare = {region: Calls(region, self.emulators[region].url) for region in self.pair}
        for calls in bare.values():
            self._stack.push_async_callback(calls.close)
        self._secrets = Secrets({region: self._calls[region] for region in self.pair}, bare)
        for region in self.regions:
            self._hook(region)
        self._run(self.tables.run())
        self._run(self.objects.run())
        self._run(self._secrets.run())
        self._run(Route53(agents, self.resolver, self.checks).run())

    def _make_objects(self, endpoints: dict[Region, str]) -> None:
        """What copies buckets: at the doors of both sides, and between them."""
        chance = random.Random(f"{self._rehearsal.seed}/objects")
        agents = marked(Clients(endpoints, timeouts=IMPATIENT), tuple(self.pair))
        knobs = ObjectKnobs(lag=self._rehearsal.fabric.objects_lag_seconds)
        copier = Copier(agents, {region: BareS3(self._calls[region]) for region in self.pair})
        self.objects = ObjectReplication(self.pair, copier, time.time, knobs, chance)
        for region in self.pair:
            self._jobs[region] = Jobs(self.objects, region, lambda: f"job-{chance.getrandbits(64):016x}")

    def _hook(self, region: Region) -> None:
        metrics = ApiMetrics(region, Clients({region: self.emulators[region].url}, timeouts=IMPATIENT), time.time)
        deployed = DeployedMappings()
        self.doors[region].hooks = Hooks(
            metrics.note,
            partial(self.tables.describe, region),
            partial(self.tables.drop, region),
            partial(install, self.clients, region),
            partial(self.peerings.answer, region),
            deployed,
            {"rds": Control(self.databases, region).answer, "secretsmanager": partial(self._secrets.answer, region)},
            Front(self.objects, region, self._jobs[region]) if region in self._jobs else None,
            {other: door.url for other, door in self.doors.items() if other != region},
        )
        self._run(metrics.run())
        calls = self._calls[region]
        seed = f"{self._rehearsal.seed}/event sources/{region}"
        self.event_sources[region] = EventSources(ports(calls, deployed), time.time, seed)
        self._run(self.event_sources[region].run())
        self._run(Clock(calls, Lambda(calls, deployed), self._rehearsal.fabric.minute_seconds).run())

    def _healthy(self, check: str) -> bool:
        return self.checks.healthy(check)

    def _checked_name(self, name: str) -> str | None:
        return self.resolver.resolve(name, "health checker")

    def _run(self, agent: Coroutine[Any, Any, None]) -> None:
        self._tasks.append(asyncio.create_task(agent))

    async def _stop_tasks(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _stop_jobs(self) -> None:
        for jobs in self._jobs.values():
            await jobs.stop()

    def ways(self) -> dict[str, str]:
        """Where this world answers besides its regions' doors, by what answers there."""
        return {}

    def _write_run(self) -> None:
        platform = self.platform
        run = {
            "pid": os.getpid(),
            "seed": self._rehearsal.seed,
            "environment_suffix": platform.environment_suffix,
            "source": platform.source,
            "target": platform.target,
            "journal": platform.journal,
            "regions": list(self.regions),
            "endpoints": {region: door.url for region, door in self.doors.items()},
            **self.ways(),
        }
        written = self.folder / "run.json.new"
        written.write_text(json.dumps(run, indent=2) + "\n", encoding="utf-8")
        written.replace(self.folder / "run.json")
