"""A web firewall, its rules by AWS, and its log without a path, a query or a credential in it."""

from collections.abc import Mapping

from landbridge.platforms.constructs.stack import PlatformStack
from landbridge.platforms.words import Json, att, ref

Groups = Mapping[str, tuple[str, ...]]  # AWS's groups of rules, each with those of its rules that count and don't block


def firewall(
    stack: PlatformStack, scope: str, groups: Groups, *, key: Json, days: Json, rate: Json = 0, blocked: Json = None
) -> None:
    """`WebAcl`: what AWS knows to be bad is blocked, and if asked for, who asks too often in five minutes, and from where."""
    kind = stack.node.id
    rules = [_managed(number, group, counted) for number, (group, counted) in enumerate(groups.items())]
    if rate:
        rules.append(_blocks("Rate", len(rules), {"RateBasedStatement": {"Limit": rate, "AggregateKeyType": "IP"}}))
    if blocked:
        rules.append(_blocks("Countries", len(rules), {"GeoMatchStatement": {"CountryCodes": blocked}}))
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


def _managed(number: int, group: str, counted: tuple[str, ...]) -> Json:
    name = group.removeprefix("AWSManagedRules")
    statement: Json = {"VendorName": "AWS", "Name": group}
    if counted:
        statement["RuleActionOverrides"] = [{"Name": rule, "ActionToUse": {"Count": {}}} for rule in counted]
    by_aws = {"ManagedRuleGroupStatement": statement}
    return {"Name": name, "Priority": number, "Statement": by_aws, "OverrideAction": {"None": {}}, **_seen(name)}


def _blocks(name: str, number: int, statement: Json) -> Json:
    return {"Name": name, "Priority": number, "Statement": statement, "Action": {"Block": {}}, **_seen(name)}


def _seen(name: str) -> Json:
    """Metrics, but no samples: a sampled request shows its path."""
    return {"VisibilityConfig": {"MetricName": name, "CloudWatchMetricsEnabled": True, "SampledRequestsEnabled": False}}
