"""What users were answered, from API Gateway's own CloudWatch metrics."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from landbridge.aws.clients import Clients, speaking
from landbridge.model.region import Region
from landbridge.traffic.port import Sample


@dataclass(frozen=True)
class ApiMetrics:
    """Count, 5XXError and Latency of one REST API's stage."""

    clients: Clients
    region: Region
    api: str
    stage: str
    window: float
    period: int

    def sample(self, now: float) -> Sample:
        """The newest window; probes are not in it, and a region without users has an empty one."""
        with speaking(self.region, "GetMetricData"):
            answer = self.clients.client("cloudwatch", self.region).get_metric_data(
                MetricDataQueries=[
                    self._query("count", "Count", "Sum"),
                    self._query("errors", "5XXError", "Sum"),
                    self._query("p99", "Latency", "p99"),
                ],
                StartTime=datetime.fromtimestamp(now, UTC) - timedelta(seconds=self.window),
                EndTime=datetime.fromtimestamp(now, UTC) + timedelta(seconds=self.period),
            )
        values = {result["Id"]: result["Values"] for result in answer["MetricDataResults"]}
        slowest = max(values.get("p99") or [0.0]) / 1000
        return Sample(round(sum(values.get("count", []))), round(sum(values.get("errors", []))), slowest or None)

    def _query(self, name: str, metric: str, statistic: str) -> dict[str, Any]:
        dimensions = [{"Name": "ApiName", "Value": self.api}, {"Name": "Stage", "Value": self.stage}]
        stat = {
            "Metric": {"Namespace": "AWS/ApiGateway", "MetricName": metric, "Dimensions": dimensions},
            "Period": self.period,
            "Stat": statistic,
        }
        return {"Id": name, "MetricStat": stat, "ReturnData": True}
