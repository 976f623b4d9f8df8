"""The emergency for reads on a deployed platform: readers leave a region that answers, and one that does not, and come back."""

import asyncio
import json
import time
from pathlib import Path

import aiohttp
import pytest

from landbridge.aws.clients import Clients
from landbridge.config.load import load, read
from landbridge.config.rehearsal import Rehearsal
from landbridge.config.spec import Trading
from landbridge.deploy.run import Patience, deploy
from landbridge.migrate.adapters.compose import Migration
from landbridge.rehearse import source
from landbridge.rehearse.by_hand import STACK
from landbridge.rehearse.edged import EdgedWorld
from tests.contract.world.worlds import S, T, eventually
from tests.fake_api import serving
from tests.integration.rehearsals import QUICK_WORLD, ROOT

PATIENCE = Patience(time.monotonic, time.sleep, limit_seconds=120, pause_seconds=0.25)


async def _served_by(world: EdgedWorld) -> str:
    """Who answers a reader at the edge; empty = nobody."""
    async with aiohttp.ClientSession() as viewer, viewer.get(f"{world.edge.url}/health") as answer:
        return str(json.loads(await answer.read()).get("region", "")) if answer.status == 200 else ""


def _deploy(migration: Migration) -> None:
    """Both regions, each health check asking the other's switch; every read at the source."""
    source.deploy_source(migration, lambda _: None)
    source.give_name(migration)
    for region in (T, S):
        deploy(migration.deployer, region, PATIENCE, besides=STACK)
    state = migration.stores.replicators["state"]
    state.start()
    while not state.copied():  # without the table the target's API is not well, and no reader is sent there
        time.sleep(0.25)
    migration.traffic.add_target()


@pytest.mark.slow
def test_readers_leave_and_nothing_in_the_region_is_called(tmp_path: Path) -> None:
    """By one object in the region that stays; the region that is left hears what its checkers ask, and no call to AWS."""

    async def run() -> None:
        overrides = read(QUICK_WORLD)["overrides"]
        trading, rehearsal = load(ROOT / "config" / "trading.toml", Trading, overrides, QUICK_WORLD), load(QUICK_WORLD, Rehearsal)
        async with EdgedWorld(trading.platform, rehearsal, tmp_path) as world:
            migration = Migration(world.clients, trading, ROOT / "templates", time.time, time.sleep)
            await asyncio.to_thread(_deploy, migration)
            await eventually(lambda: _served_by(world), S)
            switch = migration.read_switch
            await asyncio.to_thread(switch.turn_off, S, "ada", "it answers, and wrongly")
            await eventually(lambda: _served_by(world), T)
            await asyncio.to_thread(switch.turn_on, S)
            await eventually(lambda: _served_by(world), S)
            world.region_out(S)
            with serving() as shut:
                shut.status = 503
                lost = Migration(
                    Clients({**world.clients.endpoints, S: shut.url}), trading, ROOT / "templates", time.time, time.sleep
                )
                await asyncio.to_thread(lost.read_switch.turn_off, S, "ada", "it is out")
            await eventually(lambda: _served_by(world), T)
            assert [asked.path.endswith("/live/_user_request_/peer") for asked in shut.asked] == [True]

    asyncio.run(run())
