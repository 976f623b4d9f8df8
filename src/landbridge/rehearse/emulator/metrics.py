"""API Gateway's metrics, which the emulator does not keep: counted at the door, published each second.

`Count`, `5XXError` and `Latency` (milliseconds) under `AWS/ApiGateway`, by ApiName and Stage, stamped with the second
in which the answers were given; `Count` by Resource too, which is told by the beginning of its path. Published straight
to the emulator: a region's own metrics survive its front door.
"""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from landbridge.aws.clients import Clients
from landbridge.model.errors import Refused, Unreachable
from landbridge.model.region import Region
from landbridge.rehearse.emulator.gateway import ApiRequest
from landbridge.rehearse.fabric.ask import ask

NAMESPACE = "AWS/ApiGateway"
Bucket = tuple[str, str, int]  # API, stage, second


@dataclass
class _Second:
    errors: int = 0
    latencies: Counter[int] = field(default_factory=Counter)
    resources: Counter[str] = field(default_factory=Counter)


class ApiMetrics:
    """Takes note of every answer of an API; what could not be published is tried again the next second."""

    def __init__(self, region: Region, clients: Clients, clock: Callable[[], float]) -> None:
        self._region = region
        self._clients = clients
        self._clock = clock
        self._seconds: dict[Bucket, _Second] = defaultdict(_Second)
        self._names: dict[str, str] = {}

    def note(self, api: ApiRequest, status: int, seconds: float) -> None:
        """One answer was given, after so many seconds."""
        second = self._seconds[api.api, api.stage, int(self._clock())]
        second.errors += status >= 500
        second.latencies[round(seconds * 1000)] += 1
        second.resources[_beginning(api.rest)] += 1

    async def run(self) -> None:
        """Publishes what was noted, second by second, until cancelled."""
        while True:
            await asyncio.sleep(1.0)
            await self.publish(until=int(self._clock()))

    async def publish(self, until: int) -> None:
        """Publishes the seconds before `until`; keeps them when the emulator does not take them."""
        for bucket in sorted(bucket for bucket in self._seconds if bucket[2] < until):
            try:
                data = _data(await self._name(bucket[0]), bucket, self._seconds[bucket])
                await ask(self._clients, "cloudwatch", self._region, "put_metric_data", Namespace=NAMESPACE, MetricData=data)
            except Unreachable:
                return
            except Refused:
                del self._seconds[bucket]  # no such API (any more): nobody could ask for its metrics
            else:
                del self._seconds[bucket]

    async def _name(self, api: str) -> str:
        if api not in self._names:
            found = await ask(self._clients, "apigateway", self._region, "get_rest_api", restApiId=api)
            self._names[api] = str(found["name"])
        return self._names[api]


def _beginning(rest: str) -> str:
    """Of a path, up to its second part."""
    return f"/{rest.partition('?')[0].removeprefix('/').partition('/')[0]}"


def _data(name: str, bucket: Bucket, second: _Second) -> list[dict[str, Any]]:
    _, stage, at = bucket
    total = second.latencies.total()
    whole = [{"Name": "ApiName", "Value": name}, {"Name": "Stage", "Value": stage}]
    shared = {
        "Dimensions": whole,
        "Timestamp": datetime.fromtimestamp(at, UTC),
        "StorageResolution": 1,
    }
    milliseconds = sorted(second.latencies)
    return [
        _datum(shared, "Count", "Count", {1: total}),
        _datum(shared, "5XXError", "Count", {0: total - second.errors, 1: second.errors}),
        _datum(shared, "Latency", "Milliseconds", {value: second.latencies[value] for value in milliseconds}),
        *(_of_resource(shared, whole, resource, times) for resource, times in sorted(second.resources.items())),
    ]


def _of_resource(shared: dict[str, Any], whole: list[dict[str, str]], resource: str, times: int) -> dict[str, Any]:
    of = {**shared, "Dimensions": [*whole, {"Name": "Resource", "Value": resource}]}
    return _datum(of, "Count", "Count", {1: times})


def _datum(shared: dict[str, Any], name: str, unit: str, seen: dict[int, int]) -> dict[str, Any]:
    values = [float(value) for value, times in seen.items() if times]
    counts = [float(times) for times in seen.values() if times]
    return {**shared, "MetricName": name, "Unit": unit, "Values": values, "Counts": counts}
