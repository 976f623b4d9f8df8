"""What stands before this region's API: a firewall, and where there is a certificate for it, the name CloudFront asks for.

The name is the same in both regions, each with a certificate of its own, because CloudFront's origin is one name. Its
weighted records are in no template: a stack leaves a record behind whose weight was moved since (decision 0040).
"""

from aws_cdk import App, CfnCondition, Fn

from landbridge.platforms.constructs.firewall import firewall
from landbridge.platforms.constructs.retention import log_days
from landbridge.platforms.trading.common import TradingStack
from landbridge.platforms.trading.firewall import RULES as KNOWN_BAD
from landbridge.platforms.trading.stages import STAGE
from landbridge.platforms.words import att, ref, sub

NAMED = "HasName"
RULES = {group: KNOWN_BAD[group] for group in ("AWSManagedRulesCommonRuleSet", "AWSManagedRulesKnownBadInputsRuleSet")}


class Front(TradingStack):
    """The firewall always; the rest where a name and a certificate are given."""

    def __init__(self, app: App) -> None:
        super().__init__(app, "front", "what stands before this region's API")
        self._api = self.asks("ApiId", "The API's id in this region: output of the api stack")
        key = self.asks("LogsKeyArn", "The key of this region's logs: output of the keys stack")
        firewall(self, "REGIONAL", RULES, key=key, days=log_days(self))
        stage = sub(f"arn:${{AWS::Partition}}:apigateway:${{AWS::Region}}::/restapis/${{ApiId}}/stages/{STAGE}")
        association = {"ResourceArn": stage, "WebACLArn": att("WebAcl", "Arn")}
        self.make("WebAclAssociation", "AWS::WAFv2::WebACLAssociation", association)
        self._ask()
        self._name()

    def _ask(self) -> None:
        """Each may be empty; what needs it is then left out."""
        asked = {
            "OriginName": "The name CloudFront asks for, the same in both regions",
            "ApiCertificateArn": "A certificate for that name, issued in this region",
        }
        given = {}
        for name, what in asked.items():
            self.asks_or_nothing(name, what, f"Has{name}")
            given[name] = self.node.find_child(f"Has{name}")
        CfnCondition(self, NAMED, expression=Fn.condition_and(given["OriginName"], given["ApiCertificateArn"]))

    def _name(self) -> None:
        properties = {
            "DomainName": ref("OriginName"),
            "RegionalCertificateArn": ref("ApiCertificateArn"),
            "EndpointConfiguration": {"Types": ["REGIONAL"]},
            "SecurityPolicy": "TLS_1_2",
        }
        self.make("Name", "AWS::ApiGateway::DomainName", properties, when=NAMED)
        mapping = {"DomainName": ref("Name"), "RestApiId": self._api, "Stage": STAGE}
        self.make("Mapping", "AWS::ApiGateway::BasePathMapping", mapping, when=NAMED)
        told = "Where this region's weighted record leads"
        self.tell("RegionalName", att("Name", "RegionalDomainName"), "regional-name", told, when=NAMED)
