"""Where users come in: CloudFront with its firewall, in the one region AWS keeps both; no trading data lies here.

Reads that one origin fails are asked of the other one. That is CloudFront's for GET, HEAD and OPTIONS alone, and a
behavior that lets writes through can't have an origin group; so a function gives one to each read, and writes keep to the
health-checked, weighted name.
"""

from typing import Any

from aws_cdk import App, CfnCondition, Fn

from landbridge.platforms.constructs.firewall import firewall
from landbridge.platforms.constructs.keys import logs_key
from landbridge.platforms.constructs.retention import log_days
from landbridge.platforms.trading.access_log import access_log
from landbridge.platforms.trading.common import TradingStack
from landbridge.platforms.trading.firewall import RULES
from landbridge.platforms.trading.keys import GROUPS
from landbridge.platforms.trading.stages import STAGE
from landbridge.platforms.words import Json, att, only_if, pick, ref

RATE = 6000  # requests of one address in five minutes: a trader's office behind one address stays below
NOT_CACHED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"  # AWS's policy CachingDisabled
ALL_BUT_HOST = "b689b0a8-53d0-40ab-baf2-68738e2966ac"  # AWS's policy AllViewerExceptHostHeader: the origin's name must match
CLOUDFRONT_ZONE = "Z2FDTNDATAQYW2"  # of every distribution
ORIGIN, SOURCE, TARGET, TWO, VIEWER, RECORD = "HasOrigin", "HasSource", "HasTarget", "HasTwo", "HasViewer", "HasRecord"
FAIL_OVER = """import cf from 'cloudfront';
const READS = ['GET', 'HEAD', 'OPTIONS'];
function handler(event) {
    if (READS.includes(event.request.method)) {
        cf.createRequestOriginGroup({
            originIds: [{ originId: 'first' }, { originId: 'second' }],
            failoverCriteria: { statusCodes: [500, 502, 503, 504] },
        });
    }
    return event.request;
}
"""


class Edge(TradingStack):
    """One distribution, whatever names there are for it."""

    def __init__(self, app: App) -> None:
        super().__init__(app, "edge", "CloudFront and its firewall")
        self._ask()
        key, days = logs_key(self, "edge-logs", GROUPS), log_days(self)
        firewall(self, "CLOUDFRONT", RULES, key=key, days=days, rate=RATE)
        self._headers()
        code = {"Comment": "Gives reads a second origin", "Runtime": "cloudfront-js-2.0"}
        function = {"Name": self.named_globally("reads"), "FunctionCode": FAIL_OVER, "FunctionConfig": code, "AutoPublish": True}
        self.make("FailOver", "AWS::CloudFront::Function", function)
        self.make("Distribution", "AWS::CloudFront::Distribution", {"DistributionConfig": self._config()})
        access_log(self, key, days)
        for kind in ("A", "AAAA"):
            self._record(kind)
        self.tell("DistributionId", ref("Distribution"), "distribution", "The distribution's id")
        self.tell("DistributionName", att("Distribution", "DomainName"), "distribution-name", "Where users come in")

    def _ask(self) -> None:
        origin = "The origin's name with its weighted records; without it the source's API is asked first"
        ask = self.asks_or_nothing
        ask("OriginName", origin, ORIGIN)
        ask("SourceApiHost", "The API's host name at the source: output of the api stack there", SOURCE)
        ask("TargetApiHost", "The API's host name at the target: output of the api stack there", TARGET)
        ask("ViewerName", "The name users ask for", "HasViewerName")
        ask("ViewerCertificateArn", "A certificate for that name, issued in us-east-1", "HasCertificate")
        ask("HostedZoneId", "The hosted zone that name lies in", "HasZone")
        self._when(VIEWER, Fn.condition_and(self._has("HasViewerName"), self._has("HasCertificate")))
        self._when(RECORD, Fn.condition_and(self._has(VIEWER), self._has("HasZone")))
        self._when(TWO, Fn.condition_and(self._has(TARGET), Fn.condition_or(self._has(ORIGIN), self._has(SOURCE))))

    def _has(self, condition: str) -> CfnCondition:
        return self.node.find_child(condition)

    def _when(self, name: str, expression: Any) -> None:
        CfnCondition(self, name, expression=expression)

    def _config(self) -> Json:
        first = pick(ORIGIN, ref("OriginName"), pick(SOURCE, ref("SourceApiHost"), ref("TargetApiHost")))
        own = {
            "AcmCertificateArn": ref("ViewerCertificateArn"),
            "SslSupportMethod": "sni-only",
            "MinimumProtocolVersion": "TLSv1.2_2025",
        }
        return {
            "Enabled": True,
            "Comment": self.named("edge"),
            "Aliases": only_if(VIEWER, [ref("ViewerName")]),
            "ViewerCertificate": pick(VIEWER, own, {"CloudFrontDefaultCertificate": True}),
            "HttpVersion": "http2and3",
            "IPV6Enabled": True,
            "WebACLId": att("WebAcl", "Arn"),
            "Origins": [
                _origin("first", first, pick(ORIGIN, "", f"/{STAGE}")),
                only_if(TWO, _origin("second", ref("TargetApiHost"), f"/{STAGE}")),
            ],
            "DefaultCacheBehavior": self._behavior(),
        }

    def _behavior(self) -> Json:
        function = {"EventType": "viewer-request", "FunctionARN": att("FailOver", "FunctionARN")}
        return {
            "TargetOriginId": "first",
            "ViewerProtocolPolicy": "https-only",
            "AllowedMethods": ["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"],
            "CachePolicyId": NOT_CACHED,
            "OriginRequestPolicyId": ALL_BUT_HOST,
            "ResponseHeadersPolicyId": ref("SecurityHeaders"),
            "FunctionAssociations": only_if(TWO, [function]),
            "Compress": True,
        }

    def _headers(self) -> None:
        two_years = 63_072_000
        security = {
            "ContentSecurityPolicy": {"ContentSecurityPolicy": "default-src 'none'; frame-ancestors 'none'", "Override": True},
            "ContentTypeOptions": {"Override": True},
            "FrameOptions": {"FrameOption": "DENY", "Override": True},
            "ReferrerPolicy": {"ReferrerPolicy": "no-referrer", "Override": True},
            "StrictTransportSecurity": {
                "AccessControlMaxAgeSec": two_years,
                "IncludeSubdomains": True,
                "Preload": True,
                "Override": True,
            },
        }
        config = {"Name": self.named_globally("headers"), "SecurityHeadersConfig": security}
        self.make("SecurityHeaders", "AWS::CloudFront::ResponseHeadersPolicy", {"ResponseHeadersPolicyConfig": config})

    def _record(self, kind: str) -> None:
        properties = {
            "HostedZoneId": ref("HostedZoneId"),
            "Name": ref("ViewerName"),
            "Type": kind,
            "AliasTarget": {"DNSName": att("Distribution", "DomainName"), "HostedZoneId": CLOUDFRONT_ZONE},
        }
        self.make(f"Viewer{kind}", "AWS::Route53::RecordSet", properties, when=RECORD)


def _origin(name: str, host: Json, path: Json) -> Json:
    over_tls = {
        "OriginProtocolPolicy": "https-only",
        "OriginSSLProtocols": ["TLSv1.2"],
        "OriginReadTimeout": 30,
        "OriginKeepaliveTimeout": 5,
    }
    return {
        "Id": name,
        "DomainName": host,
        "OriginPath": path,
        "ConnectionAttempts": 3,
        "ConnectionTimeout": 10,
        "CustomOriginConfig": over_tls,
    }
