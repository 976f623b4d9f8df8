"""Which alarms roll an update back: those of the environment, whatever its things are called."""

from collections.abc import Iterator
from typing import Any

from landbridge.deploy import alarms


class CloudWatch:
    """Takes no empty beginning of a name, as CloudWatch does."""

    def get_paginator(self, _: str) -> "CloudWatch":
        """It lists itself."""
        return self

    def paginate(self, *, AlarmTypes: list[str], AlarmNamePrefix: str = "any") -> Iterator[dict[str, Any]]:  # noqa: N803 - as AWS spells it
        """One page."""
        assert AlarmNamePrefix
        names = ("latency-prod-blue", "latency-prod-blues", "trading-analytics-errors-blue")
        yield {"MetricAlarms": [{"AlarmName": name, "AlarmArn": name, "StateValue": "OK"} for name in names]}


def test_a_platform_whose_names_begin_with_the_kind_is_told_by_how_they_end() -> None:
    """No other environment's and no other platform's."""
    assert alarms.triggers(CloudWatch(), "", "-prod-blue") == ("latency-prod-blue",)
