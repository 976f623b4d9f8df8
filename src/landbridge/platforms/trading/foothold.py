"""What the engine stands on in the journal's region: the bucket of its code, and whom it tells.

Neither region of the move may be needed to lead it, so nothing of this lies in one of them. A topic can reach a queue
of another region: the target's inbox keeps what is told here too.
"""

from aws_cdk import App

from landbridge.platforms.constructs.artifacts import artifacts
from landbridge.platforms.constructs.topics import from_alarms, topic
from landbridge.platforms.trading.common import TradingStack
from landbridge.platforms.words import Json, ref

INBOX, EMAIL = "HasInbox", "HasAlertsEmail"


class Foothold(TradingStack):
    """A bucket that empties itself before it is deleted, and a topic."""

    def __init__(self, app: App) -> None:
        super().__init__(app, "foothold", "what the engine stands on in the journal's region")
        artifacts(self, ("artifacts",))
        topic(self, "Alerts", "What somebody must look at", ref("DataKeyArn"), [from_alarms(self, ref("AlertsTopic"))])
        inbox = self.asks_or_nothing("InboxArn", "What keeps alerts in the target: output of the notices stack there", INBOX)
        self._subscribe("AlertsToInbox", "sqs", inbox, INBOX)
        email = self.asks_or_nothing("AlertsEmail", "An address alerts are sent to, which must confirm it", EMAIL)
        self._subscribe("AlertsToEmail", "email", email, EMAIL)

    def _subscribe(self, name: str, protocol: str, endpoint: Json, when: str) -> None:
        properties = {"TopicArn": ref("AlertsTopic"), "Protocol": protocol, "Endpoint": endpoint}
        self.make(name, "AWS::SNS::Subscription", properties, when=when)
