"""What users were answered, from the own CloudWatch metrics of what they came in by: API Gateway, or a load balancer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from landbridge.aws.clients import Clients, speaking
from landbridge.model.region import Region
from landbridge.traffic.port import Sample


@dataclass(frozen=True, slots=True)
class Door:
    """What a service calls its metrics, and by which dimensions one of its things is found."""

    namespace: str
    dimensions: Mapping[str, str]
    count: str
    errors: tuple[str, ...]
    latency: str
    a_second: float  # how many of the latency's units


def gateway(api: str, stage: str) -> Door:
    """One REST API's stage; probes are in its metrics only where they come to it by its own name."""
    return Door("AWS/ApiGateway", {"ApiName": api, "Stage": stage}, "Count", ("5XXError",), "Latency", 1000)


def balancer(name: str) -> Door:
    """One load balancer, by the end of its ARN; errors are its own and its targets'."""
    errors = ("HTTPCode_ELB_5XX_Count", "HTTPCode_Target_5XX_Count")
    return Door("AWS/ApplicationELB", {"LoadBalancer": name}, "RequestCount", errors, "TargetResponseTime", 1)


@dataclass(frozen=True)
class DoorMetrics:
    """Counts, errors and speed of one region's answers."""

    clients: Clients
    region: Region
    door: Callable[[], Door]
    window: float
    period: int

    def sample(self, now: float) -> Sample:
        """The newest window; probes are not in it, and a region without users has an empty one."""
        door = self.door()
        errors = {f"errors{number}": name for number, name in enumerate(door.errors)}
        asked = [("count", door.count, "Sum"), *((key, name, "Sum") for key, name in errors.items())]
        with speaking(self.region, "GetMetricData"):
            answer = self.clients.client("cloudwatch", self.region).get_metric_data(
                MetricDataQueries=[self._query(door, *each) for each in (*asked, ("p99", door.latency, "p99"))],
                StartTime=datetime.fromtimestamp(now, UTC) - timedelta(seconds=self.window),
                EndTime=datetime.fromtimestamp(now, UTC) + timedelta(seconds=self.period),
            )
        values = {result["Id"]: result["Values"] for result in answer["MetricDataResults"]}
        slowest = max(values.get("p99") or [0.0]) / door.a_second
        failed = sum(sum(values.get(key, [])) for key in errors)
        return Sample(round(sum(values.get("count", []))), round(failed), slowest or None)

    def _query(self, door: Door, key: str, metric: str, statistic: str) -> dict[str, Any]:
        dimensions = [{"Name": name, "Value": value} for name, value in door.dimensions.items()]
        named = {"Namespace": door.namespace, "MetricName": metric, "Dimensions": dimensions}
        return {"Id": key, "MetricStat": {"Metric": named, "Period": self.period, "Stat": statistic}, "ReturnData": True}
