"""The alarms of ours that roll a stack's update back: those of its region that don't ring already."""

from typing import Any

MOST = 5  # what CloudFormation takes


def triggers(cloudwatch: Any, before: str, after: str) -> tuple[str, ...]:
    """ARNs, composite alarms first. One that rings already would roll back its own cure."""
    begins = {"AlarmNamePrefix": before} if before else {}  # an empty one is refused
    pages = cloudwatch.get_paginator("describe_alarms").paginate(AlarmTypes=["CompositeAlarm", "MetricAlarm"], **begins)
    composite: list[str] = []
    plain: list[str] = []
    for page in pages:
        composite += [_arn(alarm) for alarm in page.get("CompositeAlarms", ()) if _watches(alarm, after)]
        plain += [_arn(alarm) for alarm in page.get("MetricAlarms", ()) if _watches(alarm, after)]
    return tuple([*sorted(composite), *sorted(plain)][:MOST])


def _arn(alarm: Any) -> str:
    return str(alarm["AlarmArn"])


def _watches(alarm: Any, after: str) -> bool:
    return f"{after}-" in f"{alarm['AlarmName']}-" and alarm["StateValue"] != "ALARM"
