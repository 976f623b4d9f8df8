"""Defects of how users are served: functions, health checks, weights, CloudFront, firewalls, the switch."""

from tests.templates import test_edge as edge
from tests.templates import test_rules as rules
from tests.templates.planted import Defect, add, drop, put

BEHAVIOR = "Distribution/DistributionConfig/DefaultCacheBehavior"
COMMON = "WebAcl/Rules/0/Statement/ManagedRuleGroupStatement/RuleActionOverrides"
EVERY_METHOD = """import cf from 'cloudfront';
function handler(event) { cf.createRequestOriginGroup({ originIds: [] }); return event.request; }
"""
FUNCTION = {"Type": "AWS::Lambda::Function", "Properties": {}}
BUCKET = {"Type": "AWS::S3::Bucket", "Properties": {}}
RECORD = {"Type": "AWS::Route53::RecordSet", "Properties": {"Weight": 1}}
EXECUTE_API = {"Fn::Sub": "${ApiId}.execute-api.${AWS::Region}.${AWS::URLSuffix}"}
runs = rules.test_ru_12_functions_run_python_and_leave_room_for_the_hold
counted = edge.test_a_region_is_healthy_when_endpoint_alarm_and_the_other_region_agree
silence = edge.test_silence_of_the_other_region_is_not_off
switch = edge.test_the_switch_is_an_object_read_without_a_function
hangs = edge.test_ss_7_a_check_hangs_on_the_regions_alarm
missing = edge.test_wrong_14_every_alarm_says_what_silence_means
often = edge.test_checks_ask_as_often_as_route_53_can
weighted = edge.test_tr_3_4_one_name_in_both_regions_and_its_weights_in_no_template
nameless = edge.test_a_run_without_names_is_possible
tls = edge.test_tr_3_3_every_request_goes_over_tls_and_nothing_is_cached
reads = edge.test_wrong_13_only_reads_get_a_second_origin
walled = edge.test_a_firewall_stands_before_both_ways_in
opaque = edge.test_no_write_is_refused_for_what_its_value_looks_like
stays = edge.test_tr_7_2_what_stays_in_us_east_1_holds_no_trading_data
REGIONAL, GLOBAL = ("front", "REGIONAL"), ("edge", "CLOUDFRONT")

FUNCTIONS = (
    Defect("api", "reads that may take half a minute", put("ReadFunction/Timeout", 30), runs),
    Defect("api", "writes without time for the hold", put("WriteFunction/Timeout", 3), runs),
    Defect("api", "a hold as long as the function's time", put("Parameters/HoldSeconds/MaxValue", 25), runs),
    Defect("api", "a function of Node.js", put("ReadFunction/Runtime", "nodejs22.x"), runs),
    Defect("api", "reserved concurrency that refuses what waits", put("WriteFunction/ReservedConcurrentExecutions", 5), runs),
    Defect("artifacts", "an emptier that gives up after a minute", put("EmptierFunction/Timeout", 60), runs),
)
CHECKS = (
    Defect(
        "health",
        "a region in service whatever its alarm says",
        drop("RegionCheck/HealthCheckConfig/ChildHealthChecks/1"),
        counted,
    ),
    Defect("health", "one healthy check of three is enough", put("RegionCheck/HealthCheckConfig/HealthThreshold", 1), counted),
    Defect("health", "a silent peer is read as 'off'", put("SwitchCheck/HealthCheckConfig/Inverted", False), silence),
    Defect("health", "the switch read for another word", put("SwitchCheck/HealthCheckConfig/SearchString", "on"), silence),
    Defect(
        "health",
        "the region asks itself whether it may serve",
        put("SwitchCheck/HealthCheckConfig/FullyQualifiedDomainName/Ref", "ApiHost"),
        silence,
    ),
    Defect(
        "health",
        "a type of health check that does not exist",
        put("AlarmCheck/HealthCheckConfig/Type", "CLOUDWATCH_METRIC_ALARM"),
        hangs,
    ),
    Defect(
        "health",
        "a check on an alarm of a name nobody has",
        put("AlarmCheck/HealthCheckConfig/AlarmIdentifier/Name", "errors"),
        hangs,
    ),
    Defect("health", "an alarm that does not say what silence means", drop("ErrorAlarm/TreatMissingData"), missing),
    Defect("health", "an alarm that stays as it was when all is silent", put("ErrorAlarm/TreatMissingData", "ignore"), missing),
    Defect("health", "a check every 15 s", put("EndpointCheck/HealthCheckConfig/RequestInterval", 15), often),
    Defect("health", "a check that names no host in its TLS", put("EndpointCheck/HealthCheckConfig/EnableSNI", False), often),
    Defect("switch", "a switch that needs a function", put("Resources/Function", FUNCTION), switch),
    Defect(
        "switch",
        "the switch may be written by who reads it",
        add("ReadRole/Policies/0/PolicyDocument/Statement/0/Action", "s3:PutObject"),
        switch,
    ),
    Defect("switch", "a missing object answered as 200", put("PeerGet/Integration/IntegrationResponses", []), switch),
)
NAMES = (
    Defect("front", "a weighted record of a stack, which a delete would leave behind", put("Resources/Record", RECORD), weighted),
    Defect(
        "front",
        "a weighted record to a host without the name's certificate",
        put("Outputs/RegionalName/Value", EXECUTE_API),
        weighted,
    ),
    Defect("front", "another name than the one that is moved", put("Name/DomainName", {"Ref": "Environment"}), weighted),
    Defect("edge", "a viewer's record with a weight", put("ViewerA/Weight", 1), weighted),
    Defect("front", "no firewall where there is no name", put("Resources/WebAcl/Condition", "HasName"), nameless),
    Defect("edge", "an alias without a certificate", put("Distribution/DistributionConfig/ViewerCertificate", {}), nameless),
)
EDGE = (
    Defect("edge", "requests in clear", put(f"{BEHAVIOR}/ViewerProtocolPolicy", "allow-all"), tls),
    Defect("edge", "answers kept in the cache", put(f"{BEHAVIOR}/CachePolicyId", "658327ea-f89d-4fab-a63d-7e88639e58f6"), tls),
    Defect(
        "edge",
        "SSL 3 to the origin",
        put("Distribution/DistributionConfig/Origins/0/CustomOriginConfig/OriginSSLProtocols", ["SSLv3"]),
        tls,
    ),
    Defect(
        "edge",
        "plain HTTP to the origin",
        put("Distribution/DistributionConfig/Origins/0/CustomOriginConfig/OriginProtocolPolicy", "http-only"),
        tls,
    ),
    Defect(
        "edge",
        "TLS 1.0 for viewers",
        put("Distribution/DistributionConfig/ViewerCertificate/Fn::If/1/MinimumProtocolVersion", "TLSv1"),
        tls,
    ),
    Defect(
        "edge",
        "the viewer's host name sent to the origin",
        put(f"{BEHAVIOR}/OriginRequestPolicyId", "216adef6-5c7f-47e4-b989-5492eafa07d3"),
        tls,
    ),
    Defect("edge", "a second origin for writes too", put("FailOver/FunctionCode", EVERY_METHOD), reads),
    Defect("edge", "writes refused at the edge", put(f"{BEHAVIOR}/AllowedMethods", ["GET", "HEAD"]), reads),
    Defect("edge", "a bucket in the region that is left", put("Resources/Store", BUCKET), stays),
    Defect("front", "a firewall of the wrong scope", put("WebAcl/Scope", "CLOUDFRONT"), walled, REGIONAL),
    Defect("front", "a firewall without the known attacks", drop("WebAcl/Rules/1"), walled, REGIONAL),
    Defect("front", "a firewall's log with paths", drop("WebAclLogging/RedactedFields/0"), walled, REGIONAL),
    Defect("edge", "samples of requests kept", put("WebAcl/VisibilityConfig/SampledRequestsEnabled", True), walled, GLOBAL),
    Defect("edge", "two rules of one rank", put("WebAcl/Rules/1/Priority", 0), walled, GLOBAL),
    Defect("front", "a write refused for its looks", drop(f"{COMMON}/0"), opaque, ("front",)),
)
DEFECTS = (*FUNCTIONS, *CHECKS, *NAMES, *EDGE)
