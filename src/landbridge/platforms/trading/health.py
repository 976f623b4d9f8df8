"""Whether this region may be sent readers: its endpoint answers, its alarm is silent, and nobody turned it off.

The third is said by the other region, so that a region can be turned off while its own control plane is out. That check
looks for the word 'off' and is inverted: a region that does not answer has not said 'off'.
"""

from aws_cdk import App

from landbridge.platforms.trading.common import TradingStack
from landbridge.platforms.trading.stages import STAGE
from landbridge.platforms.trading.switch import OBJECT
from landbridge.platforms.words import Json, only_if, pick, ref

PEER = "HasPeer"


class Health(TradingStack):
    """Three checks and the one that counts them."""

    def __init__(self, app: App) -> None:
        super().__init__(app, "health", "whether this region may serve, as Route 53 sees it")
        self._alarm()
        host = self.asks("ApiHost", "The API's own host name in this region: output of the api stack")
        self._check("Endpoint", "endpoint", _asked(host, f"/{STAGE}/health", "HTTPS"))
        alarm = {"Name": ref("ErrorAlarm"), "Region": ref("AWS::Region")}
        by_alarm = {"Type": "CLOUDWATCH_METRIC", "AlarmIdentifier": alarm, "InsufficientDataHealthStatus": "Healthy"}
        self._check("Alarm", "alarm", by_alarm)
        peer = self.asks_or_nothing("PeerSwitchHost", "Where the other region tells: output of the switch stack there", PEER)
        told = {**_asked(peer, f"/{STAGE}/{OBJECT}", "HTTPS_STR_MATCH"), "SearchString": "off", "Inverted": True}
        self._check("Switch", "switch", told, when=PEER)
        children = [ref("EndpointCheck"), ref("AlarmCheck"), only_if(PEER, ref("SwitchCheck"))]
        counted = {"Type": "CALCULATED", "ChildHealthChecks": children, "HealthThreshold": pick(PEER, 3, 2)}
        self._check("Region", "region", counted)
        self.tell("HealthCheckId", ref("RegionCheck"), "health-check", "Healthy while all of this region's checks are")
        self.tell("ErrorAlarmName", ref("ErrorAlarm"), "error-alarm", "Rings when this region's API fails")

    def _alarm(self) -> None:
        properties = {
            "AlarmName": self.named("api-errors"),
            "AlarmDescription": "More than 5 % of API requests fail here; a silent API is seen by its endpoint's check",
            "Namespace": "AWS/ApiGateway",
            "MetricName": "5XXError",
            "Dimensions": [{"Name": "ApiName", "Value": self.named("api")}, {"Name": "Stage", "Value": STAGE}],
            "Statistic": "Average",
            "Period": 60,
            "EvaluationPeriods": 3,
            "DatapointsToAlarm": 3,
            "Threshold": 0.05,
            "ComparisonOperator": "GreaterThanThreshold",
            "TreatMissingData": "notBreaching",
        }
        self.make("ErrorAlarm", "AWS::CloudWatch::Alarm", properties)

    def _check(self, name: str, called: str, how: Json, *, when: str = "") -> None:
        self.make(f"{name}Check", "AWS::Route53::HealthCheck", {"HealthCheckConfig": how}, when=when, called=f"health-{called}")


def _asked(host: Json, path: str, kind: str) -> Json:
    return {
        "Type": kind,
        "FullyQualifiedDomainName": host,
        "ResourcePath": path,
        "Port": 443,
        "EnableSNI": True,
        "RequestInterval": 10,
        "FailureThreshold": 3,
    }
