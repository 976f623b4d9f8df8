"""What rings when the two regions drift apart or nobody leads the migration, and what is done about it by itself.

All of it is of our own heartbeats and comparisons, which must come: silence rings. A replicator that died sends
nothing, and nobody's word but what was read in the copy is taken for its age.
"""

from aws_cdk import App

from landbridge.model.metrics import DIFFERENCES, LAG, RUNNER, STORES
from landbridge.platforms.constructs.alarms import BELOW, SILENCE_RINGS, Metric, Rings, alarm, asks_for_topic, camel, composite
from landbridge.platforms.trading.common import TradingStack
from landbridge.platforms.words import Json, allow, att, ref, trust

MOST_LAG = 300  # seconds (TR-5.1)
ORCHESTRATOR = "HasOrchestrator"
ALARM_CHANGED = "CloudWatch Alarm State Change"


class Copies(TradingStack):
    """Lag and sameness of every store, the runner's pulse, and rules that wake an engine in AWS."""

    def __init__(self, app: App) -> None:
        super().__init__(app, "copies", "rings when the regions drift apart, and wakes the engine")
        asks_for_topic(self)
        self.asks("ServingAlarmName", "Rings when this region does not serve well: output of the watch stack")
        drifting = [name for store in STORES for name in self._store(store)]
        composite(self, "copies", "A store's copy is late, silent or not the same", drifting)
        danger = "Traffic must not move on: a copy drifts or this region does not serve well"
        composite(self, "shift", danger, ["CopiesAlarm", "ServingAlarmName"])
        self._runner()
        self._response()
        self.tell("ShiftAlarmName", ref("ShiftAlarm"), "shift-alarm", "Rings when traffic must not move on")
        self.tell("RunnerAlarmName", ref("RunnerAlarm"), "runner-alarm", "Rings when nobody leads the migration")

    def _store(self, store: str) -> list[str]:
        late = f"The copy of {store} is more than five minutes old, or nobody measures it"
        differs = f"The copy of {store} is not the same, or nobody compares it"
        lag, same = Metric.own(LAG, "Maximum", store), Metric.own(DIFFERENCES, "Maximum", store)
        rings = Rings(MOST_LAG, silence=SILENCE_RINGS), Rings(0, silence=SILENCE_RINGS)
        made = alarm(self, f"lag-{store}", late, lag, rings[0])
        return [made.node.id, alarm(self, f"differences-{store}", differs, same, rings[1]).node.id]

    def _runner(self) -> None:
        text = "Nobody leads the migration: its runner gave no sign for five minutes"
        alarm(self, "runner", text, Metric.own(RUNNER, "Sum"), Rings(1, 5, BELOW, SILENCE_RINGS))

    def _response(self) -> None:
        """Where an engine runs in AWS, two alarms are told to it at once; people are told by the alarms themselves."""
        what = "The bus that wakes the engine: output of the orchestrator stack in the journal's region"
        bus = self.asks_or_nothing("OrchestratorBusArn", what, ORCHESTRATOR)
        send = allow("Send", ["events:PutEvents"], bus)
        does = "By which alarms are sent to where the engine runs"
        trusted = trust("events.amazonaws.com", {"StringEquals": {"aws:SourceAccount": ref("AWS::AccountId")}})
        self.role("ResponseRole", "response", trusted, does, [send], when=ORCHESTRATOR)
        for name in ("shift", "runner"):
            self._rule(name, bus)

    def _rule(self, name: str, bus: Json) -> None:
        """What can't be sent is not kept: the engine looks by itself, and an old alarm is no news."""
        pattern = {
            "source": ["aws.cloudwatch"],
            "detail-type": [ALARM_CHANGED],
            "resources": [att(f"{camel(name)}Alarm", "Arn")],
        }
        target = {
            "Id": "orchestrator",
            "Arn": bus,
            "RoleArn": att("ResponseRole", "Arn"),
            "RetryPolicy": {"MaximumEventAgeInSeconds": 300, "MaximumRetryAttempts": 10},
        }
        properties = {
            "Name": self.named(f"{name}-response"),
            "Description": f"When the alarm {name} changes, the engine looks at once",
            "EventPattern": pattern,
            "State": "ENABLED",
            "Targets": [target],
        }
        self.make(f"{camel(name)}Rule", "AWS::Events::Rule", properties, when=ORCHESTRATOR)
