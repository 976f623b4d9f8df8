"""A whole world has databases behind its doors, and takes them out with their region."""

import asyncio
from pathlib import Path

import pytest
from tests.contract.world.worlds import S, call, eventually, world

from landbridge.model.errors import Unreachable
from landbridge.replicate.aurora import Address
from landbridge.replicate.login import Login

LOGIN = Login("u", lambda: "of the test alone", "d", {})


@pytest.mark.slow
def test_a_world_answers_rds(tmp_path: Path) -> None:
    """Through the region's door; nothing of it is left when the world has ended."""

    async def run() -> None:
        async with world(tmp_path) as made:
            asked = {"MasterUsername": "u", "MasterUserPassword": "of the test alone", "DatabaseName": "d"}
            await call(made, "rds", S, "create_db_cluster", DBClusterIdentifier="c", Engine="aurora-postgresql", **asked)

            async def status() -> str:
                return str((await call(made, "rds", S, "describe_db_clusters"))["DBClusters"][0]["Status"])

            await eventually(status, "available", 60.0)
            at = Address("127.0.0.1", made.databases.clusters[S, "c"].endpoint.port)
            assert await asyncio.to_thread(LOGIN.rows, S, at, "SELECT 1") == [(1,)]
            made.region_out(S)
            with pytest.raises(Unreachable):
                await asyncio.to_thread(LOGIN.rows, S, at, "SELECT 1")
            made.region_back(S)
            assert await asyncio.to_thread(LOGIN.rows, S, at, "SELECT 2") == [(2,)]
            data = made.databases.clusters[S, "c"].server.data
        assert not data.exists()

    asyncio.run(run())
