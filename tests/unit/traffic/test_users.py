"""Users' answers as API Gateway counts them."""

from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.stub import Stubber
from tests.fakes import TARGET

from landbridge.aws.clients import Clients
from landbridge.model.errors import Unreachable
from landbridge.traffic.port import Sample
from landbridge.traffic.users import Door, DoorMetrics, balancer, gateway

GATEWAY, BALANCER = gateway("trading-api", "live"), balancer("app/lb/1")


def stubbed(door: Door = GATEWAY) -> tuple[DoorMetrics, Stubber]:
    """Metrics whose client answers as laid out."""
    clients = Clients({TARGET: "http://127.0.0.1:9"})
    stubber = Stubber(clients.client("cloudwatch", TARGET))
    stubber.activate()
    return DoorMetrics(clients, TARGET, lambda: door, window=60, period=10), stubber


def answer(**values: list[float]) -> dict[str, Any]:
    """One answer of CloudWatch."""
    return {"MetricDataResults": [{"Id": name, "Values": found} for name, found in values.items()]}


def test_requests_are_summed_and_the_slowest_period_counts() -> None:
    """Latency comes in milliseconds."""
    metrics, stubber = stubbed()
    stubber.add_response("get_metric_data", answer(count=[3.0, 4.0], errors0=[1.0], p99=[80.0, 120.0]))
    assert metrics.sample(1000.0) == Sample(7, 1, 0.12)


@pytest.mark.parametrize("found", [answer(), answer(count=[], errors0=[], p99=[])])
def test_a_region_without_users_has_an_empty_window(found: dict[str, Any]) -> None:
    """Not an error, and no speed."""
    metrics, stubber = stubbed()
    stubber.add_response("get_metric_data", found)
    assert metrics.sample(1000.0) == Sample(0, 0, None)


def test_the_window_and_the_api_are_asked_for() -> None:
    """By name and stage, for the whole window and the period under way."""
    metrics, stubber = stubbed()
    asked: list[dict[str, Any]] = []
    client = metrics.clients.client("cloudwatch", TARGET)
    client.meta.events.register("provide-client-params.cloudwatch.GetMetricData", lambda params, **_: asked.append(params))
    stubber.add_response("get_metric_data", answer())
    metrics.sample(1000.0)
    (params,) = asked
    assert (params["StartTime"], params["EndTime"]) == (datetime.fromtimestamp(940, UTC), datetime.fromtimestamp(1010, UTC))
    stats = {query["MetricStat"]["Metric"]["MetricName"]: query["MetricStat"]["Stat"] for query in params["MetricDataQueries"]}
    assert stats == {"Count": "Sum", "5XXError": "Sum", "Latency": "p99"}
    named = {tuple(d["Value"] for d in query["MetricStat"]["Metric"]["Dimensions"]) for query in params["MetricDataQueries"]}
    assert named == {("trading-api", "live")}


def test_a_load_balancer_s_errors_are_its_own_and_its_targets() -> None:
    """Both count, and its latency comes in seconds."""
    metrics, stubber = stubbed(BALANCER)
    stubber.add_response("get_metric_data", answer(count=[9.0], errors0=[1.0], errors1=[2.0], p99=[0.25]))
    assert metrics.sample(1000.0) == Sample(9, 3, 0.25)


def test_no_answer_is_not_an_empty_window() -> None:
    """The gate must know the difference."""
    metrics, stubber = stubbed()
    stubber.add_client_error("get_metric_data", "InternalFailure", http_status_code=500)
    with pytest.raises(Unreachable, match="GetMetricData"):
        metrics.sample(1000.0)
