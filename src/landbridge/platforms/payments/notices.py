"""Whom a region tells that somebody must look."""

from constructs import Construct

from landbridge.platforms.constructs.topics import from_alarms, topic
from landbridge.platforms.payments.common import PaymentsStack
from landbridge.platforms.words import ref

EMAIL = "HasAlertsEmail"


class Notices(PaymentsStack):
    """One topic, for alarms of this region; people and tools subscribe to it."""

    def __init__(self, scope: Construct) -> None:
        super().__init__(scope, "notices", "whom this region tells that somebody must look")
        key = self.asks("DataKeyArn", "The region's key for stored data: output of the keys stack")
        topic(self, "Alerts", "What somebody must look at", key, [from_alarms(self, ref("AlertsTopic"))])
        email = self.asks_or_nothing("AlertsEmail", "An address alerts are sent to, which must confirm it", EMAIL)
        mailed = {"TopicArn": ref("AlertsTopic"), "Protocol": "email", "Endpoint": email}
        self.make("AlertsToEmail", "AWS::SNS::Subscription", mailed, when=EMAIL)
