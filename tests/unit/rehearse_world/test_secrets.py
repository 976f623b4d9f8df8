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
            return getattr(self.secrets, operation)(**asked) or {}
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


def test_every_other_call_is_the_emulators() -> None:
    """Whatever it says."""

    async def use(secrets: Secrets) -> None:
        for body in (asked(SecretId="db"), b"", b"[]", b"{"):
            assert await secrets.answer(S, body) is None

    carried(one(), FakeSecrets(), use)
