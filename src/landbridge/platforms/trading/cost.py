"""What data costs on its way between the regions: a budget of its own, and a watch for what is out of the ordinary.

Budgets and anomalies are an account's, in no region: they have one owner, in the region that stays.
"""

import json

from aws_cdk import App

from landbridge.platforms.trading.common import TradingStack
from landbridge.platforms.words import Json, att, ref, sub

# As the bill names them: who sends, who receives, what leaves. Receiving costs nothing.
CROSSING = "USE1-EUC1-AWS-Out-Bytes,EUC1-USE1-AWS-Out-Bytes"
ALERTS = ((80, "ACTUAL"), (100, "ACTUAL"), (100, "FORECASTED"))


class Cost(TradingStack):
    """Told at four fifths, at all, and when all is foreseen; and at once when a cost jumps."""

    def __init__(self, app: App) -> None:
        super().__init__(app, "cost", "what data costs on its way between the regions")
        self._topic = self.asks("AlertsTopicArn", "Whom costs tell: output of the notices stack")
        self._budget()
        self._anomalies()
        self.tell("BudgetName", ref("Budget"), "transfer-budget", "The budget of transfer between the regions")

    def _budget(self) -> None:
        may = "What transfer between the regions may cost a month"
        limit = self.asks("MonthlyTransferUsd", may, type="Number", default=2000, min_value=1)
        crossing = self.asks(
            "TransferUsageTypes",
            "The bill's names of transfer between the two regions, one a direction",
            type="CommaDelimitedList",
            default=CROSSING,
        )
        budget = {
            "BudgetName": self.named("transfer"),
            "BudgetType": "COST",
            "TimeUnit": "MONTHLY",
            "BudgetLimit": {"Amount": limit, "Unit": "USD"},
            "CostFilters": {"UsageType": crossing},
        }
        notified = [self._notification(percent, kind) for percent, kind in ALERTS]
        self.make("Budget", "AWS::Budgets::Budget", {"Budget": budget, "NotificationsWithSubscribers": notified})

    def _notification(self, percent: int, kind: str) -> Json:
        beyond = {"ComparisonOperator": "GREATER_THAN", "Threshold": percent, "ThresholdType": "PERCENTAGE"}
        when = {**beyond, "NotificationType": kind}
        return {"Notification": when, "Subscribers": [{"SubscriptionType": "SNS", "Address": self._topic}]}

    def _anomalies(self) -> None:
        tagged = json.dumps({"Tags": {"Key": "CostCenter", "MatchOptions": ["EQUALS"], "Values": ["${CostCenter}"]}})
        monitor = {"MonitorName": self.named("anomalies"), "MonitorType": "CUSTOM", "MonitorSpecification": sub(tagged)}
        self.make("Monitor", "AWS::CE::AnomalyMonitor", monitor)
        self.asks("AnomalyUsd", "From how much on an unusual cost is told", type="Number", default=100, min_value=1)
        impact = {"Key": "ANOMALY_TOTAL_IMPACT_ABSOLUTE", "MatchOptions": ["GREATER_THAN_OR_EQUAL"], "Values": ["${AnomalyUsd}"]}
        properties = {
            "SubscriptionName": self.named("anomalies"),
            "Frequency": "IMMEDIATE",
            "MonitorArnList": [att("Monitor", "MonitorArn")],
            "Subscribers": [{"Type": "SNS", "Address": self._topic}],
            "ThresholdExpression": sub(json.dumps({"Dimensions": impact})),
        }
        self.make("Anomalies", "AWS::CE::AnomalySubscription", properties)
