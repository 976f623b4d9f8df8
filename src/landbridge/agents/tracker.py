"""Keeps where a migration stands, in a table of its own, and says how far it is as a metric.

Asked by CloudFormation it is a custom resource: a migration is tracked while its stack stands. Asked directly it takes
what came of a step, or tells what stands. It decides nothing: the journal is what a migration goes by.
"""

import functools
import json
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from landbridge.agents.answer import Send, answered, put
from landbridge.agents.aws import client
from landbridge.model.metrics import NAMESPACE, PROGRESS

CALLS = {"connect": 1.0, "read": 5.0}
LATEST = "latest"
TEXT = 512  # characters of what is kept
NEWER = "attribute_not_exists(#at) OR #at <= :at"


@dataclass(frozen=True)
class Tracker:
    """The table, the metric and the way to answer."""

    dynamodb: Any
    cloudwatch: Any
    table: str
    suffix: str
    clock: Callable[[], float]
    send: Send

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> "Tracker":
        """As Lambda runs it."""
        region = environment["AWS_REGION"]
        dynamodb, cloudwatch = client("dynamodb", region, **CALLS), client("cloudwatch", region, **CALLS)
        return cls(dynamodb, cloudwatch, environment["TRACKER_TABLE"], environment["SUFFIX"], time.time, put)

    def handle(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """An event of CloudFormation is answered where it asks to be; a direct call gets its answer back."""
        if "ResponseURL" in event:
            answered(event, self._resource, lambda: f"tracked {self._migration(event)}", self.send)
            return {}
        return self._direct(event)

    def _resource(self, event: Mapping[str, Any]) -> str:
        """Nothing of the past is taken away: that goes with the table."""
        migration = _text(event["ResourceProperties"], "Migration")
        act = {"Create": "tracked", "Update": "tracked", "Delete": "no longer tracked"}[str(event["RequestType"])]
        self._keep(migration, {"step": "", "percent": 0, "why": act} if act == "tracked" else {"step": "", "why": act})
        return f"{migration} is {act}"

    def _migration(self, event: Mapping[str, Any]) -> str:
        return str(event.get("ResourceProperties", {}).get("Migration", "a migration without a name"))

    def _direct(self, event: Mapping[str, Any]) -> dict[str, Any]:
        try:
            migration = _text(event, "migration")
            if event.get("act") == "read":
                return {"migration": migration, "latest": self._read(migration)}
            if event.get("act") != "note":
                return {"error": "act: is not known; send note or read"}
            step, percent, why = _text(event, "step"), _percent(event), str(event.get("why", ""))[:TEXT]
        except ValueError as refused:
            return {"error": str(refused)}
        self._keep(migration, {"step": step, "percent": percent, "why": why})
        self._say(percent)
        return {"migration": migration, "noted": True}

    def _keep(self, migration: str, found: Mapping[str, Any]) -> None:
        """As one more line, and as the latest unless a later one stands."""
        at = self.clock()
        line = {"migration": {"S": migration}, "at": {"N": repr(at)}, **{name: _wire(value) for name, value in found.items()}}
        self.dynamodb.put_item(TableName=self.table, Item={**line, "line": {"S": f"{at:017.6f}"}})
        try:
            self.dynamodb.put_item(
                TableName=self.table,
                Item={**line, "line": {"S": LATEST}},
                ConditionExpression=NEWER,
                ExpressionAttributeNames={"#at": "at"},
                ExpressionAttributeValues={":at": {"N": repr(at)}},
            )
        except self.dynamodb.exceptions.ConditionalCheckFailedException:
            return

    def _read(self, migration: str) -> dict[str, Any]:
        key = {"migration": {"S": migration}, "line": {"S": LATEST}}
        item = self.dynamodb.get_item(TableName=self.table, Key=key, ConsistentRead=True).get("Item", {})
        plain = {name: next(iter(value.values())) for name, value in item.items() if name not in {"migration", "line"}}
        return {name: float(value) if name in {"at", "percent"} else value for name, value in plain.items()}

    def _say(self, percent: float) -> None:
        dimensions = [{"Name": "Suffix", "Value": self.suffix}]
        data = {"MetricName": PROGRESS, "Dimensions": dimensions, "Value": float(percent), "Unit": "Percent"}
        self.cloudwatch.put_metric_data(Namespace=NAMESPACE, MetricData=[data])


def _text(holder: Mapping[str, Any], name: str) -> str:
    told = holder.get(name)
    if not isinstance(told, str) or not 1 <= len(told) <= TEXT:
        raise ValueError(f"{name}: can't be used; send text of 1 to {TEXT} characters")
    return told


def _percent(event: Mapping[str, Any]) -> float:
    told = event.get("percent")
    if isinstance(told, bool) or not isinstance(told, int | float) or not 0 <= told <= 100:
        raise ValueError("percent: can't be used; send a number from 0 to 100")
    return told


def _wire(value: object) -> dict[str, str]:
    return {"S": value} if isinstance(value, str) else {"N": repr(value)}


@functools.cache
def tracker() -> Tracker:
    """The container's tracker, from its environment."""
    return Tracker.of(os.environ)


def handler(event: Mapping[str, Any], _context: object) -> dict[str, Any]:
    """What Lambda calls; one line of log that holds no reason."""
    told = tracker().handle(event)
    print(json.dumps({"asked": str(event.get("RequestType") or event.get("act"))[:16], "refused": "error" in told}))  # noqa: T201
    return told
