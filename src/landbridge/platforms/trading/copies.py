"""What rings when the two regions drift apart or nobody leads the migration, and what is done about it by itself.

All of it is of our own heartbeats and comparisons, which must come: silence rings. A replicator that died sends
nothing, and nobody's word but what was read in the copy is taken for its age.
"""

from aws_cdk import App

from landbridge.model.metrics import DIFFERENCES, LAG, RUNNER, STORES
from landbridge.platforms.constructs.alarms import BELOW, SILENCE_RINGS, Metric, Rings, alarm, asks_for_topic, camel, composite
from landbridge.platforms.trading.common import TradingStack
from landbridge.platforms.words import Json, allow, att, policy, ref, sub, tls_only, trust

MOST_LAG = 300  # seconds (TR-5.1)
RESPONDER = "HasResponder"
DAY = 86_400
ALARM_CHANGED = "CloudWatch Alarm State Change"


class Copies(TradingStack):
    """Lag and sameness of every store, the runner's pulse, and rules that call the responder."""

    def __init__(self, app: App) -> None:
        super().__init__(app, "copies", "rings when the regions drift apart, and calls for a response")
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
        """Where there is a state machine that knows what to do, two alarms start it; people are told by the alarms themselves."""
        what = "The state machine that answers alarms: it rolls a shift back, or takes the runner's place"
        responder = self.asks_or_nothing("ResponderArn", what, RESPONDER)
        queue = {"QueueName": self.named("unanswered"), "SqsManagedSseEnabled": True, "MessageRetentionPeriod": 14 * DAY}
        self.make("Unanswered", "AWS::SQS::Queue", queue, when=RESPONDER)
        call = allow("Respond", ["states:StartExecution"], responder)
        does = "By which EventBridge calls the responder"
        trusted = trust("events.amazonaws.com", {"StringEquals": {"aws:SourceAccount": ref("AWS::AccountId")}})
        self.role("ResponseRole", "response", trusted, does, [call], when=RESPONDER)
        for name in ("shift", "runner"):
            self._rule(name, responder)
        self._may_be_left()

    def _rule(self, name: str, responder: Json) -> None:
        pattern = {
            "source": ["aws.cloudwatch"],
            "detail-type": [ALARM_CHANGED],
            "resources": [att(f"{camel(name)}Alarm", "Arn")],
            "detail": {"state": {"value": ["ALARM"]}},
        }
        target = {
            "Id": "responder",
            "Arn": responder,
            "RoleArn": att("ResponseRole", "Arn"),
            "DeadLetterConfig": {"Arn": att("Unanswered", "Arn")},
            "RetryPolicy": {"MaximumEventAgeInSeconds": 300, "MaximumRetryAttempts": 10},
        }
        properties = {
            "Name": self.named(f"{name}-response"),
            "Description": f"When the alarm {name} rings, the responder is called",
            "EventPattern": pattern,
            "State": "ENABLED",
            "Targets": [target],
        }
        self.make(f"{camel(name)}Rule", "AWS::Events::Rule", properties, when=RESPONDER)

    def _may_be_left(self) -> None:
        """What the responder could not be told lies in the queue; only the two rules may put it there."""
        rules = [att(f"{camel(name)}Rule", "Arn") for name in ("shift", "runner")]
        put = allow("Rules", ["sqs:SendMessage"], att("Unanswered", "Arn"), {"ArnEquals": {"aws:SourceArn": rules}})
        put["Principal"] = {"Service": "events.amazonaws.com"}
        document = policy(put, tls_only("sqs:*", att("Unanswered", "Arn")))
        properties = {"Queues": [ref("Unanswered")], "PolicyDocument": document}
        self.make("UnansweredPolicy", "AWS::SQS::QueuePolicy", properties, when=RESPONDER)
        url = sub("https://sqs.${AWS::Region}.${AWS::URLSuffix}/${AWS::AccountId}/${Unanswered.QueueName}")
        self.tell("UnansweredQueue", url, "unanswered", "Alarms the responder could not be told", when=RESPONDER)
