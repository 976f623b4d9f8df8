"""A secret's copies come, follow and go as Secrets Manager is asked at a front door."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from botocore import xform_name
from botocore.exceptions import BotoCoreError, ClientError
from tests.unit.rehearse_world.servers import until
from tests.unit.replicate.secret_fakes import FakeSecrets

from landbridge.aws.clients import translated
from landbridge.model.region import Region
from landbridge.rehearse.fabric.secrets import Secrets

S, T = Region("us-east-1"), Region("eu-central-1")
CURRENT, PENDING = ["AWSCURRENT"], ["AWSPENDING"]
TO_TARGET = [{"Region": T}]


@dataclass
class Calls:
    """A region's bare calls."""

    region: Region
    secrets: FakeSecrets

    async def ask(self, service: str, target: str, **asked: Any) -> dict[str, Any]:
        """What it answers."""
        operation = xform_name(target.removeprefix(f"{service}."))
        try:
            answer = getattr(self.secrets, operation)(**asked) or {}
            return dict(json.loads(json.dumps(answer, default=lambda moment: moment.timestamp())))
        except (BotoCoreError, ClientError) as error:
            raise translated(error, self.region, operation) from error


def carried(here: FakeSecrets, there: FakeSecrets, use: Callable[[Secrets], Awaitable[None]]) -> None:
    """Uses them while they are carried."""

    async def run() -> None:
        secrets = Secrets({S: Calls(S, here), T: Calls(T, there)}, seconds=0.01)
        carrying = asyncio.create_task(secrets.run())
        try:
            await use(secrets)
        finally:
            carrying.cancel()
            await asyncio.gather(carrying, return_exceptions=True)

    asyncio.run(run())


def asked(**given: Any) -> bytes:
    """A call's body."""
    return json.dumps(given).encode()


def one() -> FakeSecrets:
    """Of two secrets the first is to be copied."""
    return FakeSecrets(secrets={"db": {"v1": ("one", CURRENT)}, "other": {"o": ("x", CURRENT)}}, copied={"db": [T]})


def test_a_copy_has_the_current_and_the_pending_version_and_follows() -> None:
    """Under their own ids; a region that is out gets them later, and other secrets are nobody's matter."""
    here, there = one(), FakeSecrets(out=True)

    async def use(_secrets: Secrets) -> None:
        await asyncio.sleep(0.05)
        there.out = False
        await until(lambda: there.secrets.get("db", {}).get("v1") == ("one", CURRENT))
        here.secrets["db"]["v2"] = ("two", PENDING)
        await until(lambda: there.secrets["db"].get("v2") == ("two", PENDING))
        here.secrets["db"] = {"v1": ("one", ["AWSPREVIOUS"]), "v2": ("two", CURRENT)}
        await until(lambda: there.secrets["db"]["v2"] == ("two", CURRENT))

    carried(here, there, use)
    assert list(there.secrets) == ["db"]


def test_a_copy_that_is_not_wanted_any_more_goes_until_it_is_wanted_again() -> None:
    """Answered here, because the emulator can't, and goes on telling of the copy; the secret itself stays."""
    here, there = one(), FakeSecrets()

    async def use(secrets: Secrets) -> None:
        await until(lambda: "db" in there.secrets)
        said = await secrets.answer(S, asked(SecretId="arn:db", RemoveReplicaRegions=[T]))
        assert said is not None
        assert said.status == 200
        await until(lambda: "db" not in there.secrets)
        assert await secrets.answer(S, asked(SecretId="arn:db", AddReplicaRegions=TO_TARGET)) is None
        await until(lambda: "db" in there.secrets)

    carried(here, there, use)
    assert "db" in here.secrets


def test_a_copy_that_is_promoted_is_a_secret_of_its_own() -> None:
    """Told so in both regions; nothing is carried to it any more, and it does not go with the other one."""
    here, there = one(), FakeSecrets()

    async def use(secrets: Secrets) -> None:
        async def told(region: Region) -> dict[str, Any]:
            said = await secrets.answer(region, asked(SecretId="db"), "secretsmanager.DescribeSecret")
            assert said is not None
            return dict(json.loads(said.body))

        await until(lambda: "v1" in there.secrets.get("db", {}))
        await asyncio.sleep(0.03)
        assert ((await told(S))["ReplicationStatus"], (await told(T))["PrimaryRegion"]) == ([{"Region": T}], S)
        promoted = await secrets.answer(T, asked(SecretId="db"), "secretsmanager.StopReplicationToReplica")
        assert promoted is not None
        assert promoted.status == 200
        assert ((await told(S))["ReplicationStatus"], "PrimaryRegion" in await told(T)) == ([], False)
        here.secrets["db"]["v2"] = ("two", PENDING)
        await asyncio.sleep(0.05)

    carried(here, there, use)
    assert "v2" not in there.secrets["db"]


def test_what_is_no_copy_is_not_promoted() -> None:
    """Neither the secret that is copied nor one that is not there, which the emulator says itself."""

    async def use(secrets: Secrets) -> None:
        said = await secrets.answer(S, asked(SecretId="db"), "secretsmanager.StopReplicationToReplica")
        assert said is not None
        assert (said.status, json.loads(said.body)["__type"]) == (400, "InvalidRequestException")
        assert await secrets.answer(T, asked(SecretId="none"), "secretsmanager.StopReplicationToReplica") is None

    carried(one(), FakeSecrets(), use)


def test_a_rotation_that_was_ended_is_told_as_that_until_it_is_asked_for_again() -> None:
    """The emulator can't end one."""
    here = one()
    here.rotated.add("db")

    async def use(secrets: Secrets) -> None:
        async def rotated() -> bool:
            said = await secrets.answer(S, asked(SecretId="db"), "secretsmanager.DescribeSecret")
            assert said is not None
            return bool(json.loads(said.body)["RotationEnabled"])

        assert await rotated()
        assert await secrets.answer(S, asked(SecretId="db"), "secretsmanager.CancelRotateSecret") is not None
        assert not await rotated()
        assert await secrets.answer(S, asked(SecretId="db"), "secretsmanager.RotateSecret") is None
        assert await rotated()

    carried(here, FakeSecrets(), use)


def test_every_other_call_is_the_emulators() -> None:
    """Whatever it says."""

    async def use(secrets: Secrets) -> None:
        for body in (asked(SecretId="db"), b"", b"[]", b"{"):
            assert await secrets.answer(S, body) is None

    carried(one(), FakeSecrets(), use)
