"""The alarms of ours that roll a stack's update back: those of its region that don't ring already."""

from typing import Any

MOST = 5  # what CloudFormation takes


def triggers(cloudwatch: Any, prefix: str, suffix: str) -> tuple[str, ...]:
    """ARNs, composite alarms first. One that rings already would roll back its own cure."""
    pages = cloudwatch.get_paginator("describe_alarms").paginate(
        AlarmNamePrefix=prefix, AlarmTypes=["CompositeAlarm", "MetricAlarm"]
    )
    composite: list[str] = []
    plain: list[str] = []
    for page in pages:
        composite += [_arn(alarm) for alarm in page.get("CompositeAlarms", ()) if _watches(alarm, suffix)]
        plain += [_arn(alarm) for alarm in page.get("MetricAlarms", ()) if _watches(alarm, suffix)]
    return tuple([*sorted(composite), *sorted(plain)][:MOST])


def _arn(alarm: Any) -> str:
    return str(alarm["AlarmArn"])


def _watches(alarm: Any, suffix: str) -> bool:
    return f"-{suffix}-" in f"{alarm['AlarmName']}-" and alarm["StateValue"] != "ALARM"
