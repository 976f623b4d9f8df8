"""One run of the payments platform, act by act, under customers who never stop: grown into a second region, one out and back."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractContextManager, asynccontextmanager
from dataclasses import dataclass, field
from functools import cached_property
from random import Random

from landbridge.config.spec import Rehearsal
from landbridge.model.errors import Refused
from landbridge.model.region import Region
from landbridge.rehearse.fabric.addresses import Place
from landbridge.rehearse.ledger import Ledger
from landbridge.rehearse.live import View
from landbridge.rehearse.payments.books import Books, blocked_in
from landbridge.rehearse.payments.border_book import BorderBook
from landbridge.rehearse.payments.by_hand import ByHand
from landbridge.rehearse.payments.copies import Copies
from landbridge.rehearse.payments.customers import Crowd, customers
from landbridge.rehearse.payments.network import Network
from landbridge.rehearse.payments.side import Names, Side
from landbridge.rehearse.payments.stage import Stage
from landbridge.rehearse.payments.watch import Watch
from landbridge.rehearse.run_folder import RunFolder
from landbridge.rehearse.settled import Settled
from landbridge.rehearse.world import World

LOOK_SECONDS = 0.5
SERVED_WITHIN = 90.0
BOTH_SECONDS = 8.0  # under customers of both regions, before anything goes wrong
KILLED_SECONDS = 3.0
OUT_SECONDS = 6.0
SETTLE_ROUNDS, SETTLE_SECONDS = 60, 1.0
SHARE = 50  # of customers, at the target


@dataclass
class Show:
    """`part` takes the time of each part of the set-up."""

    world: World
    stage: Stage
    rehearsal: Rehearsal
    ledger: Ledger
    watch: Watch
    clock: Callable[[], float]
    part: Callable[[str], AbstractContextManager[None]]
    sides: dict[Region, Side] = field(default_factory=dict)

    @cached_property
    def books(self) -> Books:
        """What customers are promised."""
        return Books(BorderBook({region: blocked_in(self.stage.told_to(region)) for region in self.stage.regions}))

    @asynccontextmanager
    async def sides_up(self) -> AsyncIterator[None]:
        """Both regions serve as soon as they are deployed; a side that crashed ends the run with its error."""
        names = Names.of(self.stage.named)
        self.sides = {region: Side(self.world, region, names, self._keep_fronts) for region in self.stage.regions}
        tasks = [asyncio.create_task(side.run()) for side in self.sides.values()]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            ends = await asyncio.gather(*tasks, return_exceptions=True)
        for crashed in (end for end in ends if isinstance(end, Exception)):
            raise crashed

    def _keep_fronts(self) -> None:
        urls = {region: side.balancer.url() for region, side in self.sides.items() if side.balancer}
        RunFolder(self.world.folder).keep_fronts(urls)

    async def build(self) -> None:
        """The platform as it was before landbridge: in one region, with a name."""
        source = self.stage.regions.source
        with self.part("source deployed"):
            await asyncio.to_thread(self.stage.deploy, source)
        with self.part("source serves"):
            await self._until_serving(source)
            await asyncio.to_thread(self.stage.give_name)
            await _until(lambda: self._leads("anybody"))

    async def under_traffic(self, view: View) -> None:
        """Every act of it, one after the other."""
        over = asyncio.Event()
        users = asyncio.create_task(self._users(over))
        try:
            await self._acts(view)
        except BaseException:
            users.cancel()
            raise
        finally:
            over.set()
            await asyncio.gather(users, return_exceptions=users.cancelling() > 0)

    async def _users(self, over: asyncio.Event) -> None:
        traffic, seed = self.rehearsal.traffic, self.rehearsal.seed
        everyone = customers(self.ledger, self.books, traffic, seed)
        crowd = Crowd(self._leads, everyone, self.ledger, traffic, Random(f"{seed}/customers"), self.clock)
        queue, chance = self.stage.named("events"), Random(f"{seed}/network")
        network = Network(self.world.agents, queue, self.books.payments, self._serving, chance)
        async with asyncio.TaskGroup() as everybody:
            everybody.create_task(crowd.run(over))
            everybody.create_task(network.run(over))

    def _leads(self, viewer: str) -> Place | None:
        host = self.world.resolver.resolve(self.world.platform.domain, viewer)
        return self.world.addresses.place(host) if host else None

    def _serving(self) -> list[Region]:
        return [region for region, side in self.sides.items() if side.serves]

    async def _acts(self, view: View) -> None:
        source, target = self.stage.regions
        hand, warm_up = ByHand(self.stage), self.rehearsal.traffic.warm_up_seconds
        acts: tuple[tuple[str, str, Callable[[], Awaitable[None]]], ...] = (
            ("source alone", f"everybody is served by {source}", lambda: asyncio.sleep(warm_up)),
            ("grow", f"{target} is deployed, and what it needs is copied", lambda: asyncio.to_thread(hand.grow)),
            ("open", f"{SHARE} % of customers are led to {target}", lambda: self._open(hand)),
            ("killed", f"processes of {source} are killed", lambda: self._kill(source)),
            ("out", f"{target} is taken out, and then it is gone", lambda: self._out(hand)),
            ("back", f"{target} is back, and gets its share again", lambda: self._open(hand)),
        )
        for phase, why, act in acts:
            self.watch.phase(phase, why)
            await self._looking_on(view, act())

    async def _looking_on(self, view: View, act: Awaitable[None]) -> None:
        """Until the act is over."""
        acting = asyncio.ensure_future(act)
        try:
            while not acting.done():
                view.show(await self.watch.look())
                await asyncio.wait([acting], timeout=LOOK_SECONDS)
        finally:
            acting.cancel()
            await asyncio.gather(acting, return_exceptions=True)
        acting.result()

    async def _open(self, hand: ByHand) -> None:
        await self._until_serving(self.stage.regions.target)
        await asyncio.to_thread(hand.open, SHARE)
        await asyncio.sleep(BOTH_SECONDS)

    async def _kill(self, region: Region) -> None:
        """In the midst of whatever they do."""
        side = self.sides[region]
        self.stage.tell(f"killed the service's process {side.kill_task()} and {side.kill_workers()} of functions in {region}")
        await asyncio.sleep(KILLED_SECONDS)
        await self._until_serving(region)

    async def _out(self, hand: ByHand) -> None:
        """Customers are led away, but some still come when the region goes."""
        side = self.sides[self.stage.regions.target]
        await asyncio.to_thread(hand.open, 0)
        await side.out()
        self.stage.tell(f"{side.region} is out")
        await asyncio.sleep(OUT_SECONDS)
        await side.back()
        self.stage.tell(f"{side.region} is back")

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
            await asyncio.to_thread(ByHand(self.stage).forget)
            return await asyncio.to_thread(self.stage.take_down)


async def _until(is_so: Callable[[], object]) -> None:
    while not is_so():  # noqa: ASYNC110 - whoever is waited for looks by itself
        await asyncio.sleep(LOOK_SECONDS / 5)
