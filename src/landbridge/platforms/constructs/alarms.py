"""An alarm as every one of ours is: named, tagged, tells the alerts topic, and says what silence means."""

from dataclasses import dataclass

from aws_cdk import CfnResource

from landbridge.model.metrics import DIMENSIONS, NAMESPACE
from landbridge.platforms.constructs.stack import PlatformStack
from landbridge.platforms.words import Json, ref, sub

ABOVE, BELOW = "GreaterThanThreshold", "LessThanThreshold"
SILENCE_IS_FINE, SILENCE_RINGS = "notBreaching", "breaching"


@dataclass(frozen=True)
class Metric:
    """Which numbers, of what, counted how and how often."""

    namespace: str
    name: str
    dimensions: dict[str, Json]
    statistic: str
    period: int = 60

    @classmethod
    def own(cls, name: str, statistic: str, *of: str) -> "Metric":
        """One of the platform's own, with the dimensions it is published with; `of` fills those after the suffix."""
        values = (ref("EnvironmentSuffix"), *of)
        return cls(NAMESPACE, name, dict(zip(DIMENSIONS[name], values, strict=True)), statistic)

    def words(self) -> Json:
        """As an alarm's properties have it; a percentile is a statistic of another name."""
        percentile = self.statistic.startswith("p")
        return {
            "Namespace": self.namespace,
            "MetricName": self.name,
            "Dimensions": [{"Name": name, "Value": value} for name, value in self.dimensions.items()],
            "ExtendedStatistic" if percentile else "Statistic": self.statistic,
            "Period": self.period,
        }


@dataclass(frozen=True)
class Rings:
    """When an alarm rings: beyond a limit for some periods in a row, and what silence means."""

    limit: Json
    periods: int = 3
    comparison: str = ABOVE
    silence: str = SILENCE_IS_FINE


def alarm(stack: PlatformStack, name: str, text: str, metric: Metric, rings: Rings, *, when: str = "") -> CfnResource:
    """The alarm `{name}`, in the template {Name}Alarm; it tells the topic the stack asks for as AlertsTopicArn."""
    properties = {
        "AlarmName": stack.named(name),
        "AlarmDescription": text,
        **metric.words(),
        "EvaluationPeriods": rings.periods,
        "DatapointsToAlarm": rings.periods,
        "Threshold": rings.limit,
        "ComparisonOperator": rings.comparison,
        "TreatMissingData": rings.silence,
        **_told(),
    }
    return stack.make(f"{camel(name)}Alarm", "AWS::CloudWatch::Alarm", properties, when=when)


def composite(stack: PlatformStack, name: str, text: str, any_of: list[str]) -> CfnResource:
    """Rings while any of them does: alarms of this stack by their name in it, those of others by a parameter's name."""
    rule = " OR ".join(f'ALARM("${{{each}}}")' for each in any_of)
    properties = {"AlarmName": stack.named(name), "AlarmDescription": text, "AlarmRule": sub(rule), **_told()}
    return stack.make(f"{camel(name)}Alarm", "AWS::CloudWatch::CompositeAlarm", properties)


def asks_for_topic(stack: PlatformStack) -> None:
    """The parameter every stack with alarms has."""
    stack.asks("AlertsTopicArn", "Whom alarms tell: output of the notices stack")


def camel(name: str) -> str:
    """lag-state is LagState."""
    return "".join(map(str.title, name.split("-")))


def _told() -> Json:
    return {"AlarmActions": [ref("AlertsTopicArn")], "OKActions": [ref("AlertsTopicArn")]}
