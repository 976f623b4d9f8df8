"""CloudFormation's part that the emulator leaves out: a global table's second replica follows its stack's parameter."""

import asyncio
import contextlib
from dataclasses import dataclass
from typing import Any

from landbridge.aws.clients import Clients
from landbridge.model.errors import Refused, Unreachable
from landbridge.model.region import Region
from landbridge.rehearse.fabric.ask import ask

LOOK_SECONDS = 0.5
SECOND = "SecondRegion"


@dataclass
class Replicas:
    """Of one table, which has the name of its stack; only a change of the parameter is acted on, as CloudFormation does."""

    clients: Clients
    home: Region
    name: str
    told: frozenset[str] = frozenset()

    async def run(self) -> None:
        """Follows the stack until cancelled."""
        while True:
            with contextlib.suppress(Unreachable, Refused):  # no stack yet, or one that is away
                await self.look()
            await asyncio.sleep(LOOK_SECONDS)

    async def look(self) -> None:
        """One look, and what follows from it."""
        stack = (await ask(self.clients, "cloudformation", self.home, "describe_stacks", StackName=self.name))["Stacks"][0]
        if not stack["StackStatus"].endswith("_COMPLETE"):
            return
        given = (each["ParameterValue"] for each in stack.get("Parameters", ()) if each["ParameterKey"] == SECOND)
        wanted = frozenset(given) - {""}
        if wanted == self.told:
            return
        table: dict[str, Any] = (await ask(self.clients, "dynamodb", self.home, "describe_table", TableName=self.name))["Table"]
        there = {each["RegionName"] for each in table.get("Replicas", ())} - {self.home}
        for act, regions in (("Create", wanted - there), ("Delete", (self.told & there) - wanted)):
            for region in sorted(regions):
                updates = [{act: {"RegionName": region}}]
                await ask(self.clients, "dynamodb", self.home, "update_table", TableName=self.name, ReplicaUpdates=updates)
        self.told = wanted
