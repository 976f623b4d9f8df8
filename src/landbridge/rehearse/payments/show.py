"""One run of the payments platform under customers who never stop: it grows by its plan, loses processes, then a region."""

import asyncio
import time
from collections.abc import Callable, Coroutine, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cached_property
from random import Random
from typing import Any

from landbridge.config.rehearsal import Rehearsal
from landbridge.migrate.progress import Outcome
from landbridge.model.errors import Refused
from landbridge.model.region import Region
from landbridge.rehearse.engines import Engines
from landbridge.rehearse.fabric.addresses import Place
from landbridge.rehearse.ledger import Ledger
from landbridge.rehearse.live import View
from landbridge.rehearse.payments.books import Books, blocked_in
from landbridge.rehearse.payments.border_book import BorderBook
from landbridge.rehearse.payments.copies import Copies
from landbridge.rehearse.payments.customers import Crowd, customers
from landbridge.rehearse.payments.network import Network
from landbridge.rehearse.payments.side import Side
from landbridge.rehearse.payments.stage import Stage
from landbridge.rehearse.payments.watch import Watch
from landbridge.rehearse.settled import Settled
from landbridge.rehearse.world import World
from landbridge.workloads.payments.identity import signed

LOOK_SECONDS = 0.5
SERVED_WITHIN = 90.0
OUT_SECONDS = 6.0
SETTLE_ROUNDS, SETTLE_SECONDS = 60, 1.0
UNPROVED = "unproved"
KILL_AT, OUT_AT = "shift_reads", "drain_events"  # while the target gets its first customers, and once nobody is led there


@dataclass
class Show:
    """`part` takes the time of a part of the set-up; `following` watches the growth, or the evacuation of a region."""

    world: World
    stage: Stage
    rehearsal: Rehearsal
    ledger: Ledger
    engines: Engines
    following: Callable[[Region | None], Watch]
    clock: Callable[[], float]
    part: Callable[[str], AbstractContextManager[None]]
    sides: Mapping[Region, Side]
    out: Region  # the region that is taken out, is lost, and comes back

    @cached_property
    def books(self) -> Books:
        """What customers are promised."""
        return Books(BorderBook({region: blocked_in(self.stage.told_to(region)) for region in self.stage.regions}))

    async def build(self) -> None:
        """The platform as it was before landbridge: in one region, with a name."""
        with self.part("source deployed"):
            await asyncio.to_thread(self.stage.deploy)
        with self.part("source serves"):
            await self._until_serving(self.stage.regions.source)
            await asyncio.to_thread(self.stage.give_name)
            await _until(lambda: self._leads("anybody"))

    async def under_traffic(self, view: View) -> tuple[str, str]:
        """All of it; what the engine came to, and its own words for it."""
        over = asyncio.Event()
        key = await asyncio.to_thread(self.stage.identity_key)
        users = asyncio.create_task(self._users(over, lambda customer: signed(key, customer, time.time())))
        try:
            with view:
                return await self._acts(view)
        except BaseException:
            users.cancel()
            raise
        finally:
            over.set()
            await self.engines.stop()
            await asyncio.gather(users, return_exceptions=users.cancelling() > 0)

    async def _users(self, over: asyncio.Event, identify: Callable[[str], str]) -> None:
        traffic, seed = self.rehearsal.traffic, self.rehearsal.seed
        everyone = customers(self.ledger, self.books, traffic, seed, identify)
        crowd = Crowd(self._leads, everyone, self.ledger, traffic, Random(f"{seed}/customers"), self.clock)
        queue, chance = self.stage.migration.named("events"), Random(f"{seed}/network")
        network = Network(self.world.agents, queue, self.books.payments, self._serving, chance)
        async with asyncio.TaskGroup() as everybody:
            everybody.create_task(crowd.run(over))
            everybody.create_task(network.run(over))

    def _leads(self, viewer: str) -> Place | None:
        host = self.world.resolver.resolve(self.world.platform.domain, viewer)
        return self.world.addresses.place(host) if host else None

    def _serving(self) -> list[Region]:
        return [region for region, side in self.sides.items() if side.serves]

    async def _acts(self, view: View) -> tuple[str, str]:
        grows, ends = self.following(None), self.clock() + self.rehearsal.traffic.warm_up_seconds
        while self.clock() < ends:
            await self._look(grows, view)
        await self.engines.start("migrate")
        came_to = await self._until_over(grows, view, KILL_AT, lambda: self._kill(self.stage.regions.source))
        if came_to != Outcome.DONE:
            return came_to, grows.why
        leaves = self.following(self.out)
        await self.engines.start("evacuate", self.out)
        came_to = await self._until_over(leaves, view, OUT_AT, lambda: self._out(self.out))
        return came_to, leaves.why

    async def _look(self, watch: Watch, view: View) -> None:
        await asyncio.to_thread(watch.look)
        view.show(watch.moment())
        await asyncio.sleep(LOOK_SECONDS)

    async def _until_over(self, watch: Watch, view: View, step: str, strike: Callable[[], Coroutine[Any, Any, None]]) -> str:
        """Until the plan has ended, a person is needed, or nobody goes on; what goes wrong goes wrong once, at this step."""
        striking: asyncio.Task[None] | None = None
        try:
            while watch.outcome is None and self.clock() < self.rehearsal.limit_seconds and self.engines.running:
                await self._look(watch, view)
                if striking is None and watch.step.startswith(step):
                    striking = asyncio.create_task(strike())
            await self._look(watch, view)
            if striking is not None:
                await striking
        finally:
            if striking is not None:
                striking.cancel()
        if watch.outcome is Outcome.DONE and striking is None:
            watch.why = f"nothing went wrong at {step}, for its moment never came: nothing was shown"
            return UNPROVED
        return str(watch.outcome) if watch.outcome else "held" if self.engines.held else "failed"

    async def _kill(self, region: Region) -> None:
        """In the midst of whatever they do."""
        side = self.sides[region]
        self.stage.tell(f"killed the service's process {side.kill_task()} and {side.kill_workers()} of functions in {region}")

    async def _out(self, region: Region) -> None:
        """Customers are led away; some still come when it goes."""
        await self.sides[region].out()
        self.stage.tell(f"{region} is out")
        await asyncio.sleep(OUT_SECONDS)
        await self.sides[region].back()
        self.stage.tell(f"{region} is back")

    async def _until_serving(self, region: Region) -> None:
        try:
            async with asyncio.timeout(SERVED_WITHIN):
                await _until(lambda: self.sides[region].serves)
        except TimeoutError:
            log = self.world.folder / "logs" / f"service-{region}.log"
            raise Refused(region, "serving payments", f"no task was well within {SERVED_WITHIN:.0f} s; read {log}") from None

    async def settled(self) -> tuple[Settled, ...]:
        """What waits is worked off, and copies may still be on their way; they get a few rounds."""
        copies = Copies(self.stage)
        for _ in range(SETTLE_ROUNDS):
            await asyncio.sleep(SETTLE_SECONDS)
            waiting = await asyncio.to_thread(copies.waiting)
            found = await asyncio.to_thread(self.books.settle, copies)
            if all(each.is_whole for each in found) and not waiting:
                break
        return found

    async def take_down(self) -> Settled:
        """Nothing of the platform is left, or what is left is named."""
        with self.part("taken down"):
            return await asyncio.to_thread(self.stage.take_down)


async def _until(is_so: Callable[[], object]) -> None:
    while not is_so():  # noqa: ASYNC110 - whoever is waited for looks by itself
        await asyncio.sleep(LOOK_SECONDS / 5)
