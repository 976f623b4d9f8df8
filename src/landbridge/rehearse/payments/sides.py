"""Both regions of the payments platform, which serve as soon as they are deployed, for as long as a block lasts."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from landbridge.migrate.adapters.payments import PaymentsMigration
from landbridge.model.region import Region
from landbridge.rehearse.payments.replicas import Replicas
from landbridge.rehearse.payments.side import VISIBLE_SECONDS, Names, Side
from landbridge.rehearse.run_folder import RunFolder
from landbridge.rehearse.world import World


@asynccontextmanager
async def sides_up(
    world: World, migration: PaymentsMigration, visible: int | None = VISIBLE_SECONDS
) -> AsyncIterator[dict[Region, Side]]:
    """The run folder tells where each answers; an agent that crashed ends the block with its error.

    `visible` is after how many seconds a batch comes again whose function died; None = as deployed.
    """
    sides: dict[Region, Side] = {}

    def keep() -> None:
        fronts = {region: side.balancer.url() for region, side in sides.items() if side.balancer}
        RunFolder(world.folder).keep_fronts(fronts)

    names, source = Names.of(migration.named), migration.born.source
    sides.update((region, Side(world, region, names, keep, visible)) for region in migration.born)
    replicas = Replicas(world.agents, source, migration.named("sessions"))
    tasks = [asyncio.create_task(agent) for agent in (*(side.run() for side in sides.values()), replicas.run())]
    try:
        yield sides
    finally:
        for task in tasks:
            task.cancel()
        ends = await asyncio.gather(*tasks, return_exceptions=True)
    for crashed in (end for end in ends if isinstance(end, Exception)):
        raise crashed
