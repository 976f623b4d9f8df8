"""What a person looks at while the platform moves: one page with both regions on it, in the region that stays."""

import json
from collections.abc import Iterator
from typing import Any

from aws_cdk import App

from landbridge.model.metrics import (
    DIFFERENCES,
    DIMENSIONS,
    HEARTBEAT,
    HEARTS,
    LAG,
    NAMESPACE,
    PEN,
    PROGRESS,
    RUNNER,
    STORES,
    WEIGHT,
)
from landbridge.model.pen import Domain
from landbridge.platforms.constructs.peering import REGION_PATTERN
from landbridge.platforms.trading.common import PREFIX, TradingStack
from landbridge.platforms.trading.stages import STAGE
from landbridge.platforms.words import ref, sub

HERE, THERE, BILLED = "${AWS::Region}", "${PeerRegion}", "${BillingRegion}"
BOTH = (HERE, THERE)
SUFFIX = "${EnvironmentSuffix}"
WIDE, HIGH = 12, 6
Line = list[Any]


class Board(TradingStack):
    """Progress, pens, weights, lag and sameness a store, errors and cost."""

    def __init__(self, app: App) -> None:
        super().__init__(app, "board", "the page that shows the migration's progress", tagged=False)
        how = {"allowed_pattern": REGION_PATTERN, "constraint_description": "the name of an AWS region, like eu-central-1"}
        self.asks("PeerRegion", "The other region", **how)
        self.asks("BillingRegion", "Where AWS keeps the account's billing metrics", default="us-east-1", **how)
        body = json.dumps({"widgets": [_widget(number, *each) for number, each in enumerate(_widgets())]}, sort_keys=True)
        properties = {"DashboardName": self.named("migration"), "DashboardBody": sub(body)}
        self.make("Dashboard", "AWS::CloudWatch::Dashboard", properties)
        self.tell("DashboardName", ref("Dashboard"), "dashboard", "The page that shows the migration's progress")


def _widgets() -> Iterator[tuple[str, str, list[Line]]]:
    """Each widget's title, its statistic, and its lines."""
    yield "Progress, percent", "Maximum", [_own(PROGRESS, HERE)]
    yield "The runner's pulse", "Sum", [_own(RUNNER, HERE)]
    yield "Pens: 1 is open", "Maximum", [_own(PEN, region, domain.value) for domain in Domain for region in BOTH]
    yield "Weights, percent of reads", "Maximum", [_own(WEIGHT, region) for region in BOTH]
    yield "Age of each copy, seconds", "Maximum", [_own(LAG, region, store) for store in STORES for region in BOTH]
    yield "Heartbeats", "Sum", [_own(HEARTBEAT, region, store) for store in HEARTS for region in BOTH]
    yield "Differences", "Maximum", [_own(DIFFERENCES, region, store) for store in STORES for region in BOTH]
    yield "Errors of the API", "Sum", [_api("5XXError", region) for region in BOTH]
    yield "Requests", "Sum", [_api("Count", region) for region in BOTH]
    yield "Errors of functions", "Sum", [_function(name, region) for name in ("read", "write") for region in BOTH]
    yield "Cost of transfer this month, USD", "Maximum", [_cost()]


def _own(metric: str, region: str, *of: str) -> Line:
    named = zip(DIMENSIONS[metric], (SUFFIX, *of), strict=True)
    return _line(NAMESPACE, metric, dict(named), region, " ".join([*of, region]))


def _api(metric: str, region: str) -> Line:
    return _line("AWS/ApiGateway", metric, {"ApiName": f"{PREFIX}-api-{SUFFIX}", "Stage": STAGE}, region, region)


def _function(name: str, region: str) -> Line:
    return _line("AWS/Lambda", "Errors", {"FunctionName": f"{PREFIX}-{name}-{SUFFIX}"}, region, f"{name} {region}")


def _cost() -> Line:
    return _line("AWS/Billing", "EstimatedCharges", {"Currency": "USD", "ServiceName": "AWSDataTransfer"}, BILLED, "transfer")


def _line(namespace: str, metric: str, dimensions: dict[str, str], region: str, label: str) -> Line:
    flat = [text for pair in dimensions.items() for text in pair]
    return [namespace, metric, *flat, {"label": label, "region": region}]


def _widget(number: int, title: str, statistic: str, lines: list[Line]) -> dict[str, Any]:
    place = {"x": number % 2 * WIDE, "y": number // 2 * HIGH, "width": WIDE, "height": HIGH}
    shown = {"title": title, "view": "timeSeries", "region": HERE, "stat": statistic, "period": 60, "metrics": lines}
    return {"type": "metric", **place, "properties": shown}
