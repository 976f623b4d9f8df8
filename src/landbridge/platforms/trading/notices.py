"""Whom a region tells: a topic for the migration's status and one for alerts, and an inbox that keeps what was told.

A topic can reach a queue of another region, never another region's topic: so each region has an inbox, and the relay
stack subscribes it to the other region's topics. What is told in one region is then kept in both. Queues are
encrypted by SQS's own key: EventBridge and topics of another region can't be held to an account in a key's policy.
"""

from aws_cdk import App

from landbridge.platforms.constructs.topics import by_service, from_alarms, topic
from landbridge.platforms.trading.common import TradingStack
from landbridge.platforms.words import Json, att, policy, ref, tls_only

TOPICS = {"Status": "What the migration does", "Alerts": "What somebody must look at"}
TWO_WEEKS = 1_209_600
OURS = "trading-analytics-*-${EnvironmentSuffix}"
EMAIL = "HasAlertsEmail"


class Notices(TradingStack):
    """Two topics, the inbox that hears both, and where lies what could not be delivered."""

    def __init__(self, app: App) -> None:
        super().__init__(app, "notices", "whom this region tells what happens, and what it was told")
        self._key = self.asks("DataKeyArn", "The region's key for stored data: output of the keys stack")
        self._queue("Undelivered", "undelivered", "What could not be delivered to a subscriber")
        self._queue("Inbox", "inbox", "What was told in either region")
        for name, what in TOPICS.items():
            topic(self, name, what, self._key, self._publishers() if name == "Alerts" else [])
            inside = {"Protocol": "sqs", "Endpoint": att("Inbox", "Arn"), "RedrivePolicy": undelivered(att("Undelivered", "Arn"))}
            self.make(f"{name}ToInbox", "AWS::SNS::Subscription", {"TopicArn": ref(f"{name}Topic"), **inside})
        email = self.asks_or_nothing("AlertsEmail", "An address alerts are sent to, which must confirm it", EMAIL)
        mailed = {"TopicArn": ref("AlertsTopic"), "Protocol": "email", "Endpoint": email}
        self.make("AlertsToEmail", "AWS::SNS::Subscription", mailed, when=EMAIL)

    def _publishers(self) -> list[Json]:
        """Alarms of the platform's, and the account's own budgets and cost anomalies; people and functions by their roles."""
        here = {"StringEquals": {"aws:SourceAccount": ref("AWS::AccountId")}}
        alerts = ref("AlertsTopic")
        others = {"Budgets": "budgets", "Anomalies": "costalerts"}
        accounts = [by_service(sid, f"{name}.amazonaws.com", "sns:Publish", alerts, here) for sid, name in others.items()]
        return [from_alarms(self, alerts), *accounts]

    def _queue(self, name: str, kind: str, what: str) -> None:
        properties = {"QueueName": self.named(kind), "SqsManagedSseEnabled": True, "MessageRetentionPeriod": TWO_WEEKS}
        self.make(name, "AWS::SQS::Queue", properties)
        topics = {"ArnLike": {"aws:SourceArn": _topics_anywhere()}}
        put = by_service("Topics", "sns.amazonaws.com", "sqs:SendMessage", att(name, "Arn"), topics)
        document = policy(put, tls_only("sqs:*", att(name, "Arn")))
        self.make(f"{name}Policy", "AWS::SQS::QueuePolicy", {"Queues": [ref(name)], "PolicyDocument": document})
        self.tell(f"{name}Arn", att(name, "Arn"), kind, what)


class Relay(TradingStack):
    """This region's topics reach the other region's inbox; a subscription lives where its topic does."""

    def __init__(self, app: App) -> None:
        described = "this region's notices are kept in the other one too"
        super().__init__(app, "relay", described, tagged=False)
        inbox = self.asks("PeerInboxArn", "The other region's inbox: output of the notices stack there")
        lost = undelivered(self.asks("UndeliveredArn", "Where lies what could not be delivered: output of the notices stack"))
        for name in TOPICS:
            topic = self.asks(f"{name}TopicArn", "Output of the notices stack")
            properties = {"TopicArn": topic, "Protocol": "sqs", "Endpoint": inbox, "RedrivePolicy": lost}
            self.make(f"{name}ToPeer", "AWS::SNS::Subscription", properties)
        self.tell("ReachedInbox", inbox, "peer-inbox", "The other region's inbox that this region's topics reach")


def undelivered(queue: Json) -> Json:
    """What a subscription does with what its subscriber does not take."""
    return {"deadLetterTargetArn": queue}


def _topics_anywhere() -> Json:
    return {"Fn::Sub": f"arn:${{AWS::Partition}}:sns:*:${{AWS::AccountId}}:{OURS}"}
