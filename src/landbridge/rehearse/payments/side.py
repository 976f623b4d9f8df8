"""One region of the payments platform as it serves: load balancer, task and function, played as soon as they are deployed."""

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from landbridge.aws.clients import Clients
from landbridge.model.errors import Refused, Unreachable
from landbridge.model.region import Region
from landbridge.rehearse.fabric.addresses import Place
from landbridge.rehearse.fabric.ask import ask
from landbridge.rehearse.fabric.dns import canonical
from landbridge.rehearse.payments.balancer import Balancer, Passed
from landbridge.rehearse.payments.deployed import Front, front
from landbridge.rehearse.payments.metrics import Metrics
from landbridge.rehearse.payments.task import Task, environment
from landbridge.rehearse.world import World

LOOK_SECONDS = 0.5
QUICKER = 40.0  # the load balancer looks at its targets so many times as often as deployed
VISIBLE_SECONDS = 6  # after which a batch whose function died comes again; deployed: three minutes
AT_ONCE = 2  # batches with functions in a region; deployed: 25 and 50
ABSENT = (Refused, LookupError)  # what is not deployed yet is not found, or not whole


@dataclass(frozen=True, slots=True)
class Names:
    """How the platform's things are called in every region."""

    balancer: str
    cluster: str
    service: str
    function: str
    database: str

    @classmethod
    def of(cls, named: Callable[[str], str]) -> "Names":
        """By the platform's rule."""
        return cls(named("lb"), named("cluster"), named("service"), named("events"), named("database"))


@dataclass
class Side:
    """Follows what is deployed in its region; `passed` lists what its load balancer answered, in order."""

    world: World
    region: Region
    names: Names
    changed: Callable[[], None]
    visible: int | None = VISIBLE_SECONDS  # None = as deployed
    passed: list[Passed] = field(default_factory=list)
    balancer: Balancer | None = None
    _front: Front | None = None
    _task: Task | None = None
    _name: str = ""
    _is_out: bool = False

    @property
    def serves(self) -> bool:
        """Whether a client that comes here is answered by the service."""
        return self.balancer is not None and bool(self.balancer.well())

    async def run(self) -> None:
        """Until cancelled; then nothing of it is left."""
        inside, lag = self._inside(), self._lag
        metrics = Metrics(inside, self.region, self.passed, lambda: self._name, self.names.database, lag, time.time)
        publishing = asyncio.create_task(metrics.run())
        try:
            while True:
                if not self._is_out:
                    with contextlib.suppress(Unreachable, *ABSENT):
                        await self._follow()
                await asyncio.sleep(LOOK_SECONDS)
        finally:
            publishing.cancel()
            await asyncio.gather(publishing, return_exceptions=True)
            await self._down(signal.SIGKILL)

    async def out(self) -> None:
        """All that computes here is gone at once; what is stored stays, and nobody reaches it."""
        self._is_out = True
        await self._mapping(Enabled=False)
        self.world.region_out(self.region)
        await self._down(signal.SIGKILL)

    async def back(self) -> None:
        """As it was."""
        self.world.region_back(self.region)
        await self._mapping(Enabled=True)
        self._is_out = False

    def not_acted_on(self) -> tuple[str, ...]:
        """Rules of the deployed firewall that turn nobody away here."""
        return self._front.firewall.left_out if self._front else ()

    def kill_task(self) -> int | None:
        """The service's process dies; Fargate begins another."""
        return self._task.kill() if self._task else None

    def kill_workers(self) -> int:
        """Every process in which the function of events runs dies, whatever it does; how many they were."""
        mine = [pid for pid in self.world.emulators[self.region].pids() if _runs(pid, self.names.function)]
        for pid in mine:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        return len(mine)

    async def _follow(self) -> None:
        told = await environment(self._agents, self.region, self.names.cluster, self.names.service)
        if told is None:
            await self._down(signal.SIGTERM)
        elif self.balancer is None:
            found = await front(self._agents, self.region, self.names.balancer)
            if found.firewall.rules:  # associated a moment after the load balancer stands
                self._front = found
                await self._up(found, told)

    async def _up(self, found: Front, told: dict[str, str]) -> None:
        await self._fit(told["EVENTS_QUEUE"])
        balancer = Balancer(found, time.monotonic, self.passed.append, quicker=QUICKER)
        self._task = Task(told, self.world.doors[self.region].url, self.world.folder / "logs" / f"service-{self.region}.log")
        await self._task.start()
        balancer.register(self._task.url)
        self.balancer = balancer
        await balancer.start()
        lb = await ask(self._agents, "elbv2", self.region, "describe_load_balancers", Names=[self.names.balancer])
        (known,) = lb["LoadBalancers"]
        self._name = str(known["LoadBalancerArn"]).partition(":loadbalancer/")[2]
        self.world.addresses.played[canonical(known["DNSName"])] = Place(self.region, balancer.url())
        self.changed()

    async def _down(self, number: signal.Signals) -> None:
        balancer, self.balancer = self.balancer, None
        if balancer is not None:
            await balancer.stop()
            self.changed()
        if self._task is not None:
            await self._task.stop(number)
            self._task = None

    async def _fit(self, queue: str) -> None:
        """Batches come again sooner, and no more functions run at once than this machine bears."""
        if self.visible is not None:
            attributes = {"VisibilityTimeout": str(self.visible)}
            await ask(self._agents, "sqs", self.region, "set_queue_attributes", QueueUrl=queue, Attributes=attributes)
        await self._mapping(ScalingConfig={"MaximumConcurrency": AT_ONCE})

    async def _mapping(self, **told: Any) -> None:
        """Past the door: the emulator's own poller goes on in a region that is out, where nothing computes."""
        inside = self._inside()
        found = await ask(inside, "lambda", self.region, "list_event_source_mappings", FunctionName=self.names.function)
        for each in found["EventSourceMappings"]:
            await ask(inside, "lambda", self.region, "update_event_source_mapping", UUID=each["UUID"], **told)

    def _inside(self) -> Clients:
        return Clients({self.region: self.world.emulators[self.region].url})

    async def _lag(self) -> float | None:
        """Of a database here that copies another one."""
        replica = self.world.databases.instances.get((self.region, self.names.database))
        return None if replica is None or replica.upstream is None else await self.world.databases.lag(replica)

    @property
    def _agents(self) -> Clients:
        return self.world.agents


def _runs(pid: int, function: str) -> bool:
    """Whether a process is one in which this function runs."""
    try:
        told = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except OSError:
        return False
    return f"AWS_LAMBDA_FUNCTION_NAME={function}".encode() in told
