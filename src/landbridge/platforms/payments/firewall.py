"""Who is turned away before the load balancer: known attacks, addresses that ask too often, and countries by region."""

from constructs import Construct

from landbridge.platforms.constructs.firewall import firewall
from landbridge.platforms.constructs.retention import log_days
from landbridge.platforms.payments.common import PaymentsStack
from landbridge.platforms.words import att

# 25 + 700 + 200 + 200 of the 1500 units in the base price; nothing of them is left to count only
RULES = {
    "AWSManagedRulesAmazonIpReputationList": (),
    "AWSManagedRulesCommonRuleSet": (),
    "AWSManagedRulesKnownBadInputsRuleSet": (),
    "AWSManagedRulesSQLiRuleSet": (),
}


class Firewall(PaymentsStack):
    """The list of rules, its log without paths, and that the load balancer is behind it."""

    def __init__(self, scope: Construct) -> None:
        super().__init__(scope, "firewall", "who is turned away before the load balancer")
        key = self.asks("LogsKeyArn", "The key of this region's logs: output of the keys stack")
        text = "From which countries nobody is let in, two letters each"
        countries = self.asks("BlockedCountries", text, type="CommaDelimitedList", allowed_pattern="[A-Z]{2}")
        text = "How often one address may ask in five minutes"
        rate = self.asks("RequestsPerAddress", text, type="Number", min_value=10, max_value=2_000_000_000)
        firewall(self, "REGIONAL", RULES, key=key, days=log_days(self), rate=rate, blocked=countries)
        balancer = self.asks("BalancerArn", "The load balancer: output of the balancer stack")
        both = {"ResourceArn": balancer, "WebACLArn": att("WebAcl", "Arn")}
        self.make("WebAclAssociation", "AWS::WAFv2::WebACLAssociation", both)
