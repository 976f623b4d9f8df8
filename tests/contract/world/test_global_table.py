"""The table agent makes, feeds and removes replicas between two real emulators."""

import asyncio
import random
from pathlib import Path

import pytest
from tests.contract.world.worlds import TABLE, S, T, call, eventually, make_table, put, remove, replica, states, values, world

from landbridge.rehearse.emulator.conditions import Doorway
from landbridge.rehearse.world import World


def test_a_declared_replica_is_copied_followed_both_ways_and_removed(tmp_path: Path) -> None:
    """CREATING until the copy is complete, then alike in both directions, deletes included; gone when undeclared."""

    async def run() -> None:
        async with world(tmp_path) as made:
            made.tables.knobs.lag = 0.0
            await make_table(made)
            for number in range(60):
                await put(made, S, f"u{number}", "before")
            made.tables.knobs.link_down = True
            declared = asyncio.create_task(replica(made, "Create"))
            await eventually(lambda: states(made), ["CREATING"])
            await asyncio.sleep(1.5)
            assert await states(made) == ["CREATING"]
            await put(made, S, "u0", "during")
            made.tables.knobs.link_down = False
            await declared
            assert await values(made, T) == await values(made, S)
            await put(made, S, "new", "from source")
            await put(made, T, "u1", "from target")
            await remove(made, T, "u2")
            expected = {f"u{number}": "before" for number in range(3, 60)}
            expected |= {"u0": "during", "u1": "from target", "new": "from source"}
            await eventually(lambda: values(made, T), expected)
            await eventually(lambda: values(made, S), expected)
            await replica(made, "Delete")
            assert (await call(made, "dynamodb", T, "list_tables"))["TableNames"] == []
            assert await values(made, S) == expected

    asyncio.run(run())


def test_the_source_s_copy_is_dropped_from_the_target(tmp_path: Path) -> None:
    """As a region that leaves goes: DELETING, then gone, and what stays is a table of one region that is written on."""

    async def run() -> None:
        async with world(tmp_path) as made:
            await make_table(made)
            await put(made, S, "u", "kept")
            await replica(made, "Create")
            update = {"ReplicaUpdates": [{"Delete": {"RegionName": S}}]}
            for _ in range(2):  # again is fine
                await call(made, "dynamodb", T, "update_table", TableName=TABLE, **update)
                described = (await call(made, "dynamodb", T, "describe_table", TableName=TABLE))["Table"]
                assert described["TableStatus"] == "ACTIVE"
            await eventually(lambda: _copies(made), [])
            assert (await call(made, "dynamodb", S, "list_tables"))["TableNames"] == []
            await put(made, T, "v", "later")
            assert await values(made, T) == {"u": "kept", "v": "later"}

    asyncio.run(run())


async def _copies(made: World) -> list[str]:
    described = (await call(made, "dynamodb", T, "describe_table", TableName=TABLE))["Table"]
    return [each["RegionName"] for each in described.get("Replicas", [])]


def test_the_target_tells_of_the_source(tmp_path: Path) -> None:
    """DescribeTable at the replica names the other side, and nobody mistakes that for a declaration."""

    async def run() -> None:
        async with world(tmp_path) as made:
            await make_table(made)
            await replica(made, "Create")
            described = (await call(made, "dynamodb", T, "describe_table", TableName="trading-analytics-state-prod"))["Table"]
            assert [found["RegionName"] for found in described["Replicas"]] == [S]
            assert described["TableStatus"] == "ACTIVE"
            assert described["StreamSpecification"]["StreamViewType"] == "NEW_AND_OLD_IMAGES"
            await call(made, "dynamodb", S, "delete_table", TableName="trading-analytics-state-prod")
            await asyncio.sleep(1.5)
            assert (await call(made, "dynamodb", T, "list_tables"))["TableNames"] == ["trading-analytics-state-prod"]

    asyncio.run(run())


@pytest.mark.parametrize("unheard", [0.0, pytest.param(0.3, marks=pytest.mark.slow)])
def test_writes_on_both_sides_at_once_converge(tmp_path: Path, unheard: float) -> None:
    """A few keys, hammered and deleted in both regions, end alike, also when much is put twice."""
    chance = random.Random(11)

    async def hammer(made: object, region: object, name: str) -> None:
        for number in range(120):
            user = f"u{chance.randrange(4)}"
            if chance.random() < 0.1:
                await remove(made, region, user)  # type: ignore[arg-type]
            else:
                await put(made, region, user, f"{name}{number}")  # type: ignore[arg-type]

    async def run() -> None:
        async with world(tmp_path) as made:
            made.tables.knobs.lag, made.tables.knobs.unheard = 0.0, unheard
            await make_table(made)
            await replica(made, "Create")
            await asyncio.gather(hammer(made, S, "s"), hammer(made, T, "t"))
            await asyncio.sleep(1.0)

            async def alike() -> bool:
                return await values(made, S) == await values(made, T)

            await eventually(alike, wanted=True)
            await asyncio.sleep(1.0)
            assert await alike()

    asyncio.run(run())


def test_lag_stall_and_a_link_that_is_down_hold_records_back_and_lose_none(tmp_path: Path) -> None:
    """Each knob works while the agent runs, and afterwards the newest value is there."""

    async def run() -> None:
        async with world(tmp_path) as made:
            await make_table(made)
            await replica(made, "Create")
            knobs = made.tables.knobs
            for knob, on, off in (("lag", 60.0, 0.0), ("stalled", True, False), ("link_down", True, False)):
                setattr(knobs, knob, on)
                for number in range(5):
                    await put(made, S, knob, f"{number}")
                await asyncio.sleep(0.6)
                assert knob not in await values(made, T)
                setattr(knobs, knob, off)
                await eventually(lambda: values(made, T), await values(made, S))

    asyncio.run(run())


def test_records_outlast_an_outage_of_the_other_region(tmp_path: Path) -> None:
    """What was written meanwhile arrives when the door opens again, in each way of being out."""

    async def run() -> None:
        async with world(tmp_path) as made:
            await make_table(made)
            await replica(made, "Create")
            for doorway in (Doorway.CUT, Doorway.SILENT, Doorway.UNAVAILABLE):
                made.region_out(T, doorway)
                for number in range(5):
                    await put(made, S, str(doorway), f"{number}")
                await asyncio.sleep(0.5)
                made.region_back(T)
                await eventually(lambda: values(made, T), await values(made, S))
                assert (await values(made, T))[doorway] == "4"

    asyncio.run(run())


def test_a_table_made_anew_under_the_agent_is_compared_and_followed_again(tmp_path: Path) -> None:
    """Losing the replica's table loses its stream: the agent makes it again from the source."""

    async def run() -> None:
        async with world(tmp_path) as made:
            await make_table(made)
            await put(made, S, "u", "kept")
            await replica(made, "Create")
            await call(made, "dynamodb", T, "delete_table", TableName="trading-analytics-state-prod")
            await put(made, S, "u2", "later")

            async def tables() -> bool:
                return bool((await call(made, "dynamodb", T, "list_tables"))["TableNames"])

            await eventually(tables, wanted=True)
            await eventually(lambda: values(made, T), {"u": "kept", "u2": "later"})

    asyncio.run(run())
