"""What stands before this region's API: a firewall, and where there is a name for it, the name and its weighted record.

The name is the same in both regions, each with a certificate of its own, because CloudFront's origin is one name. The
record's weight is moved by the migration; whoever deploys this stack again gives the weight the record has.
"""

from aws_cdk import App, CfnCondition, Fn

from landbridge.platforms.trading.common import TradingStack
from landbridge.platforms.trading.firewall import firewall
from landbridge.platforms.trading.retention import log_days
from landbridge.platforms.trading.stages import STAGE
from landbridge.platforms.words import att, ref, sub

NAMED, RECORDED = "HasName", "HasRecord"
RULES = ("AWSManagedRulesCommonRuleSet", "AWSManagedRulesKnownBadInputsRuleSet")


class Front(TradingStack):
    """The firewall always; the rest where a name, a certificate and a hosted zone are given."""

    def __init__(self, app: App) -> None:
        super().__init__(app, "front", "Trading analytics: what stands before this region's API")
        self._api = self.asks("ApiId", "The API's id in this region: output of the api stack")
        key = self.asks("LogsKeyArn", "The key of this region's logs: output of the keys stack")
        firewall(self, "REGIONAL", RULES, key=key, days=log_days(self))
        stage = sub(f"arn:${{AWS::Partition}}:apigateway:${{AWS::Region}}::/restapis/${{ApiId}}/stages/{STAGE}")
        association = {"ResourceArn": stage, "WebACLArn": att("WebAcl", "Arn")}
        self.make("WebAclAssociation", "AWS::WAFv2::WebACLAssociation", association)
        self._ask()
        self._name()
        self._record()

    def _ask(self) -> None:
        """Each may be empty; what needs it is then left out."""
        asked = {
            "OriginName": "The name CloudFront asks for, the same in both regions",
            "ApiCertificateArn": "A certificate for that name, issued in this region",
            "HostedZoneId": "The hosted zone that name lies in",
        }
        given = {}
        for name, what in asked.items():
            self.asks_or_nothing(name, what, f"Has{name}")
            given[name] = self.node.find_child(f"Has{name}")
        named = CfnCondition(self, NAMED, expression=Fn.condition_and(given["OriginName"], given["ApiCertificateArn"]))
        CfnCondition(self, RECORDED, expression=Fn.condition_and(named, given["HostedZoneId"]))

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

    def _record(self) -> None:
        properties = {
            "HostedZoneId": ref("HostedZoneId"),
            "Name": ref("OriginName"),
            "Type": "CNAME",
            "TTL": self.asks(
                "RecordTtl",
                "For how many seconds resolvers keep the record",
                type="Number",
                default=60,
                min_value=1,
                max_value=60,
            ),
            "SetIdentifier": ref("AWS::Region"),
            "Weight": self.asks(
                "Weight", "What the record weighs now, of 255 at most", type="Number", min_value=0, max_value=255
            ),
            "ResourceRecords": [att("Name", "RegionalDomainName")],
            "HealthCheckId": self.asks("HealthCheckId", "Whether this region may serve: output of the health stack"),
        }
        self.make("Record", "AWS::Route53::RecordSet", properties, when=RECORDED)
