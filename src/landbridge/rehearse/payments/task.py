"""Fargate's part: runs the task of a deployed service as a process of this machine, and another one when it dies.

What it is told is what its deployed definition says. One process stands for all tasks; TLS and the image are left out.
"""

import asyncio
import os
import signal
import sys
from dataclasses import dataclass, field
from pathlib import Path

import landbridge
from landbridge.aws.clients import Clients
from landbridge.model.region import Region
from landbridge.rehearse import tether
from landbridge.rehearse.emulator.ministack import free_port
from landbridge.rehearse.fabric.ask import ask

STOP_SECONDS = 5.0
AGAIN_SECONDS = 0.5
MODULE = "landbridge.workloads.payments.api"


async def environment(clients: Clients, region: Region, cluster: str, service: str) -> dict[str, str] | None:
    """What the deployed service's container is told; None = there is no such service yet."""
    found = (await ask(clients, "ecs", region, "describe_services", cluster=cluster, services=[service])).get("services", ())
    standing = [each for each in found if each.get("status") == "ACTIVE"]
    if not standing:
        return None
    task = await ask(clients, "ecs", region, "describe_task_definition", taskDefinition=standing[0]["taskDefinition"])
    (container,) = task["taskDefinition"]["containerDefinitions"]
    return {each["name"]: each["value"] for each in container["environment"]}


@dataclass
class Task:
    """One process and its keeper; `start` and `stop` are safe to repeat."""

    told: dict[str, str]
    door: str
    log: Path
    port: int = 0
    _process: asyncio.subprocess.Process | None = None
    _keeper: "asyncio.Task[None] | None" = field(default=None, repr=False)

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        """Runs; the load balancer finds out when it answers."""
        if self._keeper is None:
            self.port = self.port or free_port()
            self._process = await self._launch()
            self._keeper = asyncio.create_task(self._keep(self._process))

    async def stop(self, number: signal.Signals = signal.SIGTERM) -> None:
        """It is gone; by SIGKILL at once, whatever it does."""
        keeper, self._keeper = self._keeper, None
        if keeper is not None:
            keeper.cancel()
            await asyncio.gather(keeper, return_exceptions=True)
        process, self._process = self._process, None
        if process is not None and process.returncode is None:
            process.send_signal(number)
            try:
                async with asyncio.timeout(STOP_SECONDS):
                    await process.wait()
            except TimeoutError:
                process.kill()
                await process.wait()

    def kill(self) -> int | None:
        """The process dies at once; its keeper begins another. Its process id, where one ran."""
        if self._process is None or self._process.returncode is not None:
            return None
        self._process.kill()
        return self._process.pid

    async def _keep(self, process: asyncio.subprocess.Process) -> None:
        while True:
            await process.wait()
            await asyncio.sleep(AGAIN_SECONDS)
            process = self._process = await self._launch()

    async def _launch(self) -> asyncio.subprocess.Process:
        with self.log.open("ab") as log:
            starting = asyncio.ensure_future(
                asyncio.create_subprocess_exec(
                    *(sys.executable, tether.__file__, str(os.getpid()), sys.executable, "-m", MODULE),
                    stdin=asyncio.subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    env=self._environment(),
                    start_new_session=True,
                )
            )
            try:
                return await asyncio.shield(starting)
            except asyncio.CancelledError:
                self._process = await starting  # cancelled in between, nobody would know of it
                raise

    def _environment(self) -> dict[str, str]:
        own = {"PATH": os.environ.get("PATH", os.defpath), "LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"}
        access = {"AWS_ACCESS_KEY_ID": "rehearsal", "AWS_SECRET_ACCESS_KEY": "rehearsal", "AWS_EC2_METADATA_DISABLED": "true"}
        here = {"PYTHONPATH": str(Path(landbridge.__file__).parents[1]), "AWS_ENDPOINT_URL": self.door}
        return {**self.told, **own, **access, **here, "PORT": str(self.port), "TLS": "off"}
