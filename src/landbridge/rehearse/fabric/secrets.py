"""Carries secrets to the regions they are copied to, as Secrets Manager does: each emulator knows its own region alone.

What is copied where is read from the secrets themselves. A copy has its own region's ARN, and the current and the pending
version under the ids they have where they come from. What became of copies and rotations the emulators can't tell, so what
they say of a secret is completed here.
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
    """Every copy of a world, between the regions these calls reach; `bare` ones ask the emulators without coming by here."""

    def __init__(
        self, calls: Mapping[Region, Asks], bare: Mapping[Region, Asks] | None = None, seconds: float = LOOK_SECONDS
    ) -> None:
        self._calls, self._bare, self._seconds = calls, bare or calls, seconds
        self._ended: set[tuple[Region, str, Region]] = set()
        self._copies: dict[tuple[Region, str], Region] = {}  # each with where it comes from
        self._promoted: set[tuple[Region, str]] = set()
        self._unrotated: set[tuple[Region, str]] = set()

    async def answer(self, region: Region, body: bytes, action: str = "") -> Refusal | None:
        """What is asked about copies and rotations on its way; what the emulator can't do of it is answered here."""
        asked, action = _read(body), action.rpartition(".")[2]
        secret = str(asked.get("SecretId") or asked.get("Name"))
        if action in {"DescribeSecret", "StopReplicationToReplica", "CancelRotateSecret", "RotateSecret"}:
            return await self._completed(region, secret, action)
        self._ended -= {(region, secret, Region(each["Region"])) for each in asked.get("AddReplicaRegions", ())}
        removed = {(region, secret, Region(each)) for each in asked.get("RemoveReplicaRegions", ())}
        self._ended |= removed
        return _answer({"ARN": secret, "ReplicationStatus": []}) if removed else None

    async def _completed(self, region: Region, secret: str, action: str) -> Refusal | None:
        """The emulator itself says what is wrong with a secret that it does not know."""
        try:
            told = await self._said(region, secret)
        except (Unreachable, Refused):
            return None
        here = (region, str(told["Name"]))
        match action:
            case "StopReplicationToReplica":
                return self._promote(here, told)
            case "CancelRotateSecret":
                self._unrotated.add(here)
                return _answer({"ARN": told["ARN"], "Name": told["Name"]})
            case "RotateSecret":
                self._unrotated.discard(here)
                return None
        return _answer(self._as_it_is(here, told))

    def _promote(self, here: tuple[Region, str], told: Mapping[str, Any]) -> Refusal:
        """From now on it is nobody's copy, and nothing is carried to it."""
        if self._copies.pop(here, None) is None:
            why = f"{told['Name']} is no replica in {here[0]}"
            return _answer({"__type": "InvalidRequestException", "message": why}, status=400)
        self._promoted.add(here)
        return _answer({"ARN": told["ARN"]})

    def _as_it_is(self, here: tuple[Region, str], told: Mapping[str, Any]) -> dict[str, Any]:
        region, name = here
        status = [each for each in told.get("ReplicationStatus", ()) if self._stands(region, told, Region(each["Region"]))]
        rotated = {"RotationEnabled": False} if here in self._unrotated else {}
        primary = {"PrimaryRegion": self._copies[region, name]} if here in self._copies else {}
        return {**told, "ReplicationStatus": status, **rotated, **primary}

    def _stands(self, home: Region, told: Mapping[str, Any], to: Region) -> bool:
        ended = {(home, told[name], to) for name in ("Name", "ARN")} & self._ended
        return not ended and (to, told["Name"]) not in self._promoted

    async def run(self) -> None:
        """Carries what has changed, until cancelled; a region that is out is asked again."""
        while True:
            for home in self._calls:
                with contextlib.suppress(Unreachable, Refused):
                    await self._look(home)
            await asyncio.sleep(self._seconds)

    async def _look(self, home: Region) -> None:
        for found in (await self._ask(home, "ListSecrets"))["SecretList"]:
            told = await self._said(home, found["Name"])  # with the copies that ended, which are to be taken away
            for to in {each["Region"] for each in told.get("ReplicationStatus", ())} & self._calls.keys():
                if (to, told["Name"]) in self._promoted:
                    continue
                stands = self._stands(home, told, to)
                with contextlib.suppress(Unreachable, Refused):
                    await (self._carry(home, told, to) if stands else self._remove(told["Name"], to))

    async def _carry(self, home: Region, told: Mapping[str, Any], to: Region) -> None:
        there = await self._there(to, told["Name"])
        for stage in STAGES:
            version = _version(told, stage)
            if version is not None and version != _version(there or {}, stage):
                given = await self._ask(home, "GetSecretValue", SecretId=told["Name"], VersionId=version)
                await self._put(to, told, given, stage, new=there is None)
                there = there or {}
        if (to, told["Name"]) not in self._promoted:
            self._copies[to, told["Name"]] = home

    async def _put(self, to: Region, told: Mapping[str, Any], given: Mapping[str, Any], stage: str, *, new: bool) -> None:
        name, value = told["Name"], given["SecretString"]
        if new:
            await self._ask(to, "CreateSecret", Name=name, Description=told.get("Description", ""), SecretString=value)
        version = {"ClientRequestToken": given["VersionId"], "VersionStages": [stage]}
        await self._ask(to, "PutSecretValue", SecretId=name, SecretString=value, **version)

    async def _remove(self, name: str, to: Region) -> None:
        self._copies.pop((to, name), None)
        if await self._there(to, name) is not None:
            await self._ask(to, "DeleteSecret", SecretId=name, ForceDeleteWithoutRecovery=True)

    async def _there(self, region: Region, name: str) -> Mapping[str, Any] | None:
        with contextlib.suppress(Refused):
            return await self._ask(region, "DescribeSecret", SecretId=name)
        return None

    async def _said(self, region: Region, secret: str) -> dict[str, Any]:
        """As the emulator has it."""
        return await self._bare[region].ask("secretsmanager", "secretsmanager.DescribeSecret", SecretId=secret)

    async def _ask(self, region: Region, action: str, **asked: Any) -> dict[str, Any]:
        return await self._calls[region].ask("secretsmanager", f"secretsmanager.{action}", **asked)


def _version(told: Mapping[str, Any], stage: str) -> str | None:
    """The id of the version that is at a stage."""
    return next((version for version, stages in told.get("VersionIdsToStages", {}).items() if stage in stages), None)


def _answer(said: Mapping[str, Any], status: int = 200) -> Refusal:
    return Refusal(status, JSON, json.dumps(said).encode())


def _read(body: bytes) -> dict[str, Any]:
    try:
        asked = json.loads(body)
    except ValueError:
        return {}
    return asked if isinstance(asked, dict) else {}
