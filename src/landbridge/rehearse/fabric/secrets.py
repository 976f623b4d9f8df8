"""Carries secrets to the regions they are copied to, as Secrets Manager does: each emulator knows its own region alone.

What is copied where is read from the secrets themselves. A copy has its own region's ARN, and the current and the pending
version under the ids they have where they come from.
"""

import asyncio
import contextlib
import json
from collections.abc import Mapping
from typing import Any

from landbridge.model.errors import Refused, Unreachable
from landbridge.model.region import Region
from landbridge.rehearse.emulator.refusal import Refusal
from landbridge.rehearse.fabric.ask import Asks

LOOK_SECONDS = 0.5
JSON = {"Content-Type": "application/x-amz-json-1.1"}
STAGES = ("AWSCURRENT", "AWSPENDING")


class Secrets:
    """Every copy of a world, between the regions these calls reach."""

    def __init__(self, calls: Mapping[Region, Asks], seconds: float = LOOK_SECONDS) -> None:
        self._calls, self._seconds = calls, seconds
        self._ended: set[tuple[Region, str, Region]] = set()

    async def answer(self, region: Region, body: bytes) -> Refusal | None:
        """What is asked about copies on its way; the emulator can't take one away, so that is answered here."""
        asked = _read(body)
        secret = str(asked.get("SecretId") or asked.get("Name"))
        self._ended -= {(region, secret, Region(each["Region"])) for each in asked.get("AddReplicaRegions", ())}
        removed = {(region, secret, Region(each)) for each in asked.get("RemoveReplicaRegions", ())}
        self._ended |= removed
        return Refusal(200, JSON, json.dumps({"ARN": secret, "ReplicationStatus": []}).encode()) if removed else None

    async def run(self) -> None:
        """Carries what has changed, until cancelled; a region that is out is asked again."""
        while True:
            for home in self._calls:
                with contextlib.suppress(Unreachable, Refused):
                    await self._look(home)
            await asyncio.sleep(self._seconds)

    async def _look(self, home: Region) -> None:
        for found in (await self._ask(home, "ListSecrets"))["SecretList"]:
            told = await self._ask(home, "DescribeSecret", SecretId=found["Name"])
            for to in {each["Region"] for each in told.get("ReplicationStatus", ())} & self._calls.keys():
                ended = {(home, told[name], to) for name in ("Name", "ARN")} & self._ended
                with contextlib.suppress(Unreachable, Refused):
                    await (self._remove(told["Name"], to) if ended else self._carry(home, told, to))

    async def _carry(self, home: Region, told: Mapping[str, Any], to: Region) -> None:
        there = await self._there(to, told["Name"])
        for stage in STAGES:
            version = _version(told, stage)
            if version is not None and version != _version(there or {}, stage):
                given = await self._ask(home, "GetSecretValue", SecretId=told["Name"], VersionId=version)
                await self._put(to, told, given, stage, new=there is None)
                there = there or {}

    async def _put(self, to: Region, told: Mapping[str, Any], given: Mapping[str, Any], stage: str, *, new: bool) -> None:
        name, value = told["Name"], given["SecretString"]
        if new:
            await self._ask(to, "CreateSecret", Name=name, Description=told.get("Description", ""), SecretString=value)
        version = {"ClientRequestToken": given["VersionId"], "VersionStages": [stage]}
        await self._ask(to, "PutSecretValue", SecretId=name, SecretString=value, **version)

    async def _remove(self, name: str, to: Region) -> None:
        if await self._there(to, name) is not None:
            await self._ask(to, "DeleteSecret", SecretId=name, ForceDeleteWithoutRecovery=True)

    async def _there(self, region: Region, name: str) -> Mapping[str, Any] | None:
        with contextlib.suppress(Refused):
            return await self._ask(region, "DescribeSecret", SecretId=name)
        return None

    async def _ask(self, region: Region, action: str, **asked: Any) -> dict[str, Any]:
        return await self._calls[region].ask("secretsmanager", f"secretsmanager.{action}", **asked)


def _version(told: Mapping[str, Any], stage: str) -> str | None:
    """The id of the version that is at a stage."""
    return next((version for version, stages in told.get("VersionIdsToStages", {}).items() if stage in stages), None)


def _read(body: bytes) -> dict[str, Any]:
    try:
        asked = json.loads(body)
    except ValueError:
        return {}
    return asked if isinstance(asked, dict) else {}
