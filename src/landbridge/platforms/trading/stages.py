"""A stage of an API: traced, measured and logged, with neither a body nor a path in any log."""

import hashlib
import json
from dataclasses import dataclass

from aws_cdk import CfnResource

from landbridge.platforms.trading.common import TradingStack
from landbridge.platforms.words import Json, att, ref

STAGE = "live"
ACCESS_LOG = {
    "request": "$context.requestId",
    "time": "$context.requestTimeEpoch",
    "method": "$context.httpMethod",
    "route": "$context.resourcePath",
    "status": "$context.status",
    "milliseconds": "$context.responseLatency",
    "function": "$context.integrationLatency",
    "bytes": "$context.responseLength",
}


@dataclass(frozen=True)
class Logged:
    """Under which name, key, time and role an API's log is kept."""

    name: str
    key: Json
    days: Json
    by: Json


@dataclass(frozen=True)
class Throttle:
    """How many requests a second a stage lets through in the long run, and how many at once."""

    rate: Json
    burst: Json


def deployment(stack: TradingStack, routes: Json, methods: list[CfnResource], *, when: str = "") -> str:
    """A deployment is frozen at its creation, so its name carries a digest of the routes: changed routes make a new one."""
    name = f"Deployment{when}{hashlib.sha256(json.dumps(routes, sort_keys=True).encode()).hexdigest()[:8]}"
    stack.make(name, "AWS::ApiGateway::Deployment", {"RestApiId": ref("Api")}, after=methods, when=when)
    return name


def stage(stack: TradingStack, deployed: Json, logged: Logged, throttle: Throttle, **more: Json) -> None:
    """The stage `live` of the stack's `Api`, and its log; naming in the description who writes the log makes it wait for that."""
    path = f"/aws/apigateway/trading-analytics-{logged.name}-${{EnvironmentSuffix}}"
    stack.log_group("AccessLogs", path, logged.key, logged.days)
    stack.tell(f"{logged.name.title()}LogName", ref("AccessLogs"), f"{logged.name}-log", "Where its access log is")
    everything = {
        "ResourcePath": "/*",
        "HttpMethod": "*",
        "MetricsEnabled": True,
        "LoggingLevel": "OFF",
        "DataTraceEnabled": False,
        "ThrottlingRateLimit": throttle.rate,
        "ThrottlingBurstLimit": throttle.burst,
    }
    properties = {
        "RestApiId": ref("Api"),
        "DeploymentId": deployed,
        "StageName": STAGE,
        "Description": logged.by,
        "TracingEnabled": True,
        "AccessLogSetting": {"DestinationArn": att("AccessLogs", "Arn"), "Format": json.dumps(ACCESS_LOG)},
        "MethodSettings": [everything],
        **more,
    }
    stack.make("Stage", "AWS::ApiGateway::Stage", properties)
