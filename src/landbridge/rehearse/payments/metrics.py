"""What CloudWatch would know of a region: its load balancer's requests, and how far its database's replica is behind.

Published each second, straight to the emulator: a region's own metrics survive its front door. Probes are left out, as
whoever reads these figures wants to know of users.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from landbridge.aws.clients import Clients
from landbridge.model.errors import Refused, Unreachable
from landbridge.model.region import Region
from landbridge.rehearse.fabric.ask import ask
from landbridge.rehearse.payments.balancer import Passed

SECONDS = 1.0
BALANCERS, DATABASES = "AWS/ApplicationELB", "AWS/RDS"


@dataclass
class Metrics:
    """`passed` grows; `name` is the load balancer in full, empty while there is none; `lag` is None while nothing is copied."""

    clients: Clients
    region: Region
    passed: Sequence[Passed]
    name: Callable[[], str]
    database: str
    lag: Callable[[], Awaitable[float | None]]
    clock: Callable[[], float]
    _told: int = field(default=0)

    async def run(self) -> None:
        """Until cancelled; what could not be published is lost, as it would be."""
        while True:
            await asyncio.sleep(SECONDS)
            with contextlib.suppress(Unreachable, Refused):
                await self.publish()

    async def publish(self) -> None:
        """The requests since the last time, and the lag as it is now."""
        new, self._told = self.passed[self._told :], len(self.passed)
        users = [each for each in new if not each.probe]
        if users and self.name():
            await self._put(BALANCERS, {"LoadBalancer": self.name()}, _requests(users))
        if (lag := await self.lag()) is not None:
            await self._put(DATABASES, {"DBInstanceIdentifier": self.database}, [_sum("ReplicaLag", "Seconds", lag)])

    async def _put(self, namespace: str, of: dict[str, str], data: list[dict[str, Any]]) -> None:
        dimensions = [{"Name": name, "Value": value} for name, value in of.items()]
        at = {"Dimensions": dimensions, "Timestamp": datetime.fromtimestamp(self.clock(), UTC), "StorageResolution": 1}
        whole = [{**datum, **at} for datum in data]
        await ask(self.clients, "cloudwatch", self.region, "put_metric_data", Namespace=namespace, MetricData=whole)


def _requests(passed: Sequence[Passed]) -> list[dict[str, Any]]:
    served = [each for each in passed if each.rule is None]
    failed = [each for each in served if each.status >= 500]
    own = sum(not each.reached for each in failed)
    found = [
        _sum("RequestCount", "Count", len(served)),
        _sum("HTTPCode_ELB_5XX_Count", "Count", own),
        _sum("HTTPCode_Target_5XX_Count", "Count", len(failed) - own),
    ]
    took = [each.seconds for each in served if each.reached]
    times = {"MetricName": "TargetResponseTime", "Unit": "Seconds", "Values": took, "Counts": [1.0] * len(took)}
    return [*found, times] if took else found


def _sum(name: str, unit: str, value: float) -> dict[str, Any]:
    return {"MetricName": name, "Unit": unit, "Value": float(value)}
