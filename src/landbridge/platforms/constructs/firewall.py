"""A web firewall, its rules by AWS, and its log without a path, a query or a credential in it."""

from landbridge.platforms.constructs.stack import PlatformStack
from landbridge.platforms.words import Json, att, ref

# A value of the dashboard is opaque text: known attacks apart, it must not be refused for its looks. The function checks it.
# The other region's functions forward writes without saying who they are.
COUNTED = {
    "AWSManagedRulesCommonRuleSet": (
        "CrossSiteScripting_BODY",
        "EC2MetaDataSSRF_BODY",
        "GenericLFI_BODY",
        "GenericRFI_BODY",
        "NoUserAgent_HEADER",
        "SizeRestrictions_BODY",
    )
}


def firewall(stack: PlatformStack, scope: str, groups: tuple[str, ...], *, key: Json, days: Json, rate: int = 0) -> None:
    """`WebAcl`: what AWS knows to be bad is blocked, and with a rate also whoever asks more often in five minutes."""
    kind = stack.node.id
    rules = [_managed(number, group) for number, group in enumerate(groups)]
    if rate:
        limit = {"RateBasedStatement": {"Limit": rate, "AggregateKeyType": "IP"}}
        rules.append({"Name": "Rate", "Priority": len(groups), "Statement": limit, "Action": {"Block": {}}, **_seen("Rate")})
    properties = {
        "Name": stack.named(kind),
        "Description": "What AWS knows to be bad is blocked",
        "Scope": scope,
        "DefaultAction": {"Allow": {}},
        "Rules": rules,
        **_seen("All"),
    }
    stack.make("WebAcl", "AWS::WAFv2::WebACL", properties)
    stack.log_group("WebAclLogs", f"aws-waf-logs-{stack.text(kind)}", key, days)
    redacted = [{"UriPath": {}}, {"QueryString": {}}, *({"SingleHeader": {"Name": name}} for name in ("authorization", "cookie"))]
    logged = {"ResourceArn": att("WebAcl", "Arn"), "LogDestinationConfigs": [stack.arn("logs", "log-group:${WebAclLogs}")]}
    stack.make("WebAclLogging", "AWS::WAFv2::LoggingConfiguration", {**logged, "RedactedFields": redacted})
    stack.tell("WebAclArn", att("WebAcl", "Arn"), f"{kind}-web-acl", "The web firewall")
    stack.tell("WebAclLogName", ref("WebAclLogs"), f"{kind}-web-acl-log", "What the web firewall did, without paths")


def _managed(number: int, group: str) -> Json:
    name = group.removeprefix("AWSManagedRules")
    statement: Json = {"VendorName": "AWS", "Name": group}
    if counted := COUNTED.get(group):
        statement["RuleActionOverrides"] = [{"Name": rule, "ActionToUse": {"Count": {}}} for rule in counted]
    by_aws = {"ManagedRuleGroupStatement": statement}
    return {"Name": name, "Priority": number, "Statement": by_aws, "OverrideAction": {"None": {}}, **_seen(name)}


def _seen(name: str) -> Json:
    """Metrics, but no samples: a sampled request shows its path."""
    return {"VisibilityConfig": {"MetricName": name, "CloudWatchMetricsEnabled": True, "SampledRequestsEnabled": False}}
