"""A region that holds the pen is lost for real and comes back: two people seize, and what it cost is named to the last write."""

import asyncio
import time
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import pytest

from landbridge.aws.clients import Clients, Timeouts
from landbridge.config.load import load, read
from landbridge.config.rehearsal import Rehearsal
from landbridge.config.spec import Trading
from landbridge.migrate.adapters.compose import Migration
from landbridge.migrate.engine import Engine
from landbridge.migrate.progress import Outcome
from landbridge.migrate.record import Ask, Kind
from landbridge.migrate.step import State
from landbridge.model.command import numbered
from landbridge.model.pen import Domain, Epoch, PenState
from landbridge.model.region import Region
from landbridge.model.state import StateItem
from landbridge.rehearse import source
from landbridge.rehearse.world import World
from tests.integration.led import SECONDS, drive, hearts
from tests.integration.rehearsals import QUICK_WORLD, ROOT

QUICK = {"seize": {"silence_seconds": 2, "settle_seconds": 2}}
NEVER = 3600.0  # seconds until a write is copied: not within this test
BUILT = 4  # phases of the plan after which the target stands, with a copy


@dataclass(frozen=True)
class Users:
    """What users do and see, and whom they do it through."""

    migration: Migration

    def write(self, at: str, user: str, version: int) -> StateItem | None:
        """One write through a region's own API; what stands there afterwards."""
        self.migration.apis.write(self.region(at), user, "main", version, f"{user}-{version}")
        return self.sees(at, user)

    def order(self, at: str, user: str, key: str) -> None:
        """A user's first command, through a region's own API."""
        self.migration.apis.order(self.region(at), user, 1, key)

    def ordered(self, at: str, user: str) -> str:
        """Under which key a region's own copy has a user's first command."""
        found = self.migration.stores.commands.items.of(self.region(at), [(user, numbered(1))])
        return str(found[0]["key"]) if found else ""

    def region(self, at: str) -> Region:
        """The lost one, or the one that stays."""
        return self.migration.regions.source if at == "lost" else self.migration.regions.target

    def sees(self, at: str, user: str) -> StateItem | None:
        """What a region's own copy has."""
        return self.migration.stores.state.items(self.region(at), [(user, "main")]).get((user, "main"))


def stands(migration: Migration) -> None:
    """The source serves, the target stands with a copy of its state and half of the reads."""
    source.deploy_source(migration, print)
    source.give_name(migration)
    plan = migration.plan()
    engine = Engine(replace(plan, phases=plan.phases[:BUILT]), migration.journal("builder"), "ada")
    with hearts(migration):
        drive(engine, lambda: engine.journal.progress.outcome is Outcome.DONE)
    engine.journal.release()
    migration.traffic.add_target()
    migration.traffic.send(50)


def copied(users: Users, user: str) -> None:
    """The copy has what the source accepted."""
    ends = time.monotonic() + SECONDS
    while (item := users.sees("stays", user)) is None or item.version < 1:
        assert time.monotonic() < ends
        time.sleep(0.1)


async def seized(world: World, migration: Migration) -> Engine:
    """The region is cut off with writes that were not copied; two people take its pen."""
    users, thread = Users(migration), asyncio.to_thread
    await thread(users.write, "lost", "ada", 1)
    await thread(copied, users, "ada")
    world.tables.knobs.lag = NEVER
    await thread(users.write, "lost", "ada", 2)
    await thread(users.write, "lost", "bob", 1)
    await thread(users.order, "lost", "bob", "late")
    world.region_out(world.pair.source)
    engine = replace(migration, seizing=True).engine("engine", "ada")
    await thread(drive, engine, lambda: "approvals" in str(engine.journal.progress.figures("confirm_loss")))
    assert (await thread(migration.pens.read, world.pair.target, Domain.STATE)).all_are(PenState.CLOSED)
    await thread(partial(migration.journal("ben").ask, Ask.APPROVE, "it burns", "seize"))
    await thread(drive, engine, lambda: engine.journal.progress.last_found.get("close_lost.state") is not None)
    return engine


async def lives_on(world: World, migration: Migration, engine: Engine) -> None:
    """Users write at the region that stays; the lost one comes back open, takes one more write, and is met."""
    users, thread = Users(migration), asyncio.to_thread
    epoch = (await thread(migration.pens.read, world.pair.target, Domain.STATE)).epoch
    item = await thread(users.write, "stays", "ada", 3)
    assert item == StateItem("ada", "main", 3, "ada-3", epoch, "mark")
    assert (await thread(users.write, "stays", "zoe", 1)) is not None
    await thread(users.order, "stays", "zoe", "stays")
    world.region_back(world.pair.source)
    late = await thread(users.write, "lost", "zoe", 9)
    assert (late and late.epoch) == Epoch(1)  # nobody has met it yet: its pens are open
    await thread(users.order, "lost", "zoe", "lost")
    world.tables.knobs.lag = 0.2
    await thread(drive, engine, lambda: engine.journal.progress.outcome is not None)


async def whole(folder: Path) -> None:
    """From a platform in one region to the bill."""
    config = load(ROOT / "config" / "trading.toml", Trading, {**read(QUICK_WORLD)["overrides"], **QUICK}, QUICK_WORLD)
    async with World(config.platform, load(QUICK_WORLD, Rehearsal), folder) as world:
        clients = Clients(world.clients.endpoints, timeouts=Timeouts(connect=1.0, read=5.0, attempts=1))
        migration = Migration(clients, config, ROOT / "templates", time.time, time.sleep)
        await asyncio.to_thread(stands, migration)
        engine = await seized(world, migration)
        await lives_on(world, migration, engine)
        await asyncio.to_thread(look, migration, engine)


def look(migration: Migration, engine: Engine) -> None:
    """One holder, the newest of each user at both sides, and each lost write named."""
    users, progress = Users(migration), engine.journal.progress
    assert progress.outcome is Outcome.DONE
    for domain in migration.movers.domains:
        assert migration.pens.read(migration.regions.source, domain).all_are(PenState.CLOSED)
        assert migration.pens.read(migration.regions.target, domain).all_are(PenState.OPEN)
    assert migration.traffic.percent() == 100
    seen = {user: item and item.version for user in ("ada", "bob", "zoe") for item in [users.sees("stays", user)]}
    assert seen == {"ada": 3, "bob": 1, "zoe": 1}
    records = [record for record in engine.journal.records if record.kind is Kind.FOUND]
    covered = {key for record in records if record.step == "restore_overwritten.state" for key in record.data.get("keys", ())}
    assert covered == {"zoe/main"}
    bill = progress.figures("count_loss.state")
    assert (bill["state"], bill["keys"]) == (State.DONE, ["zoe/main v9"])
    assert [users.ordered("stays", user) for user in ("bob", "zoe")] == ["late", "stays"]
    assert progress.figures("count_loss.commands")["keys"] == ["zoe/command#000000000001"]


@pytest.mark.slow
def test_a_lost_region_is_seized_from_and_met_again(tmp_path: Path) -> None:
    """What came late is there, what was covered is back, and the one write that nobody sees is named."""
    asyncio.run(whole(tmp_path))
