"""PY-4, PY-6, PY-7, PY-9: load balancer, firewall, payment events, service, configuration and alarms."""

import json
from collections.abc import Mapping
from typing import Any

from tests.templates.walk import resources, statements

from landbridge.config.payments import MEMORY, Payments
from landbridge.platforms.payments.given import given

Templates = Mapping[str, Mapping[str, Any]]
PARAMETERS = "parameter/payments/${Environment}/${EnvironmentSuffix}/"


def _properties(templates: Templates, stack: str, name: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = templates[stack]["Resources"][name]["Properties"]
    return found


def test_py_4_clients_come_in_by_tls_1_2_at_least(templates: Templates) -> None:
    """In public subnets; plain HTTP is only sent on to HTTPS, and inside it is TLS too."""
    assert _properties(templates, "balancer", "Balancer")["Subnets"] == {"Ref": "PublicSubnetIds"}
    https = _properties(templates, "balancer", "HttpsListener")
    assert (https["Protocol"], https["SslPolicy"]) == ("HTTPS", "ELBSecurityPolicy-TLS13-1-2-2021-06")
    (action,) = _properties(templates, "balancer", "HttpListener")["DefaultActions"]
    assert (action["Type"], action["RedirectConfig"]["Protocol"]) == ("redirect", "HTTPS")
    targets = _properties(templates, "balancer", "Targets")
    assert targets["Protocol"] == targets["HealthCheckProtocol"] == "HTTPS"


def test_py_4_who_asked_is_logged_and_bad_headers_are_dropped(templates: Templates) -> None:
    """Into a bucket that takes them from load balancers of this account alone, and stands before the balancer."""
    balancer = templates["balancer"]["Resources"]["Balancer"]
    told = {each["Key"]: each["Value"] for each in balancer["Properties"]["LoadBalancerAttributes"]}
    assert (told["access_logs.s3.enabled"], told["access_logs.s3.bucket"]) == ("true", {"Ref": "Logs"})
    assert told["routing.http.drop_invalid_header_fields.enabled"] == "true"
    assert "LogsPolicy" in balancer["DependsOn"]
    (writes,) = (each for each in statements(templates["balancer"]) if each["Sid"] == "AccessLogs")
    assert "${AWS::AccountId}" in writes["Condition"]["ArnLike"]["aws:SourceArn"]["Fn::Sub"]


def test_py_4_the_firewall_blocks_by_country_by_rate_and_by_awss_rules(templates: Templates) -> None:
    """All of them block, none only counts; the load balancer is behind it; no log has a path in it."""
    rules = {each["Name"]: each for each in _properties(templates, "firewall", "WebAcl")["Rules"]}
    assert set(rules) == {
        "AmazonIpReputationList",
        "CommonRuleSet",
        "KnownBadInputsRuleSet",
        "SQLiRuleSet",
        "Rate",
        "Countries",
    }
    assert rules["Countries"]["Statement"]["GeoMatchStatement"] == {"CountryCodes": {"Ref": "BlockedCountries"}}
    assert rules["Rate"]["Statement"]["RateBasedStatement"]["Limit"] == {"Ref": "RequestsPerAddress"}
    assert all(rules[name]["Action"] == {"Block": {}} for name in ("Rate", "Countries"))
    assert "RuleActionOverrides" not in json.dumps(rules)
    assert len({each["Priority"] for each in rules.values()}) == len(rules)
    association = _properties(templates, "firewall", "WebAclAssociation")
    assert association["ResourceArn"] == {"Ref": "BalancerArn"}
    redacted = _properties(templates, "firewall", "WebAclLogging")["RedactedFields"]
    assert {"UriPath": {}} in redacted


def test_py_4_each_region_blocks_its_own_countries(platform: Payments) -> None:
    """They differ, by context."""
    blocked = [given(platform, each)["firewall"]["BlockedCountries"] for each in platform.regions]
    assert len(set(blocked)) == len(blocked) == 2


def test_py_4_a_region_serves_while_its_load_balancer_finds_it_well(templates: Templates) -> None:
    """Route 53 asks what the load balancer asks its targets; the region's record hangs on it."""
    config = _properties(templates, "balancer", "HealthCheck")["HealthCheckConfig"]
    assert (config["Type"], config["Port"], config["RequestInterval"]) == ("HTTPS", 443, 10)
    assert config["FullyQualifiedDomainName"] == {"Fn::GetAtt": ["Balancer", "DNSName"]}
    assert config["ResourcePath"] == _properties(templates, "balancer", "Targets")["HealthCheckPath"]
    assert templates["balancer"]["Outputs"]["HealthCheckId"]["Value"] == {"Ref": "HealthCheck"}


def test_py_6_an_event_is_tried_some_times_and_then_set_aside(templates: Templates) -> None:
    """It comes back later than the function may take, six times over; nothing in clear."""
    queue, function = _properties(templates, "events", "Queue"), _properties(templates, "events", "EventsFunction")
    assert queue["RedrivePolicy"] == {"deadLetterTargetArn": {"Fn::GetAtt": ["SetAside", "Arn"]}, "maxReceiveCount": 5}
    assert queue["VisibilityTimeout"] >= 6 * function["Timeout"]
    aside = _properties(templates, "events", "SetAside")
    assert aside["MessageRetentionPeriod"] == 1_209_600
    assert queue["KmsMasterKeyId"] == aside["KmsMasterKeyId"] == {"Ref": "DataKeyArn"}


def test_py_6_the_function_runs_in_the_network_by_no_more_than_it_reserved(templates: Templates) -> None:
    """The mapping never asks for more at once, and one bad event does not bring its batch back."""
    function, mapping = _properties(templates, "events", "EventsFunction"), _properties(templates, "events", "Mapping")
    assert function["ReservedConcurrentExecutions"] == {"Ref": "EventsAtOnce"}
    assert mapping["ScalingConfig"]["MaximumConcurrency"] == {"Ref": "EventsAtOnce"}
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert function["VpcConfig"]["SubnetIds"] == {"Ref": "PrivateSubnetIds"}
    assert (function["Timeout"], function["MemorySize"]) == (30, 512)


def test_py_6_code_finds_its_regions_endpoints_in_parameter_store(templates: Templates) -> None:
    """Each name is kept under its path, may be read, and is told by the environment with the very same value."""
    parameters = [each["Properties"] for _, each in resources({"parameters": templates["parameters"]}, "AWS::SSM::Parameter")]
    kept = {each["Name"]["Fn::Sub"].rpartition("/")[2].upper().replace("-", "_"): each["Value"] for each in parameters}
    assert set(kept) == {
        "DATABASE_WRITER",
        "DATABASE_READER",
        "DATABASE_SECRET",
        "IDENTITY_SECRET",
        "SESSIONS_TABLE",
        "UPLOADS_BUCKET",
    }
    (container,) = _properties(templates, "service", "Task")["ContainerDefinitions"]
    tasks = {each["Name"]: each["Value"] for each in container["Environment"]}
    for told in (_properties(templates, "events", "EventsFunction")["Environment"]["Variables"], tasks):
        assert {name: told[name] for name in kept} == kept
        assert told["PARAMETERS"]["Fn::Sub"] == PARAMETERS.removeprefix("parameter").removesuffix("/")
    for stack, role in (("events", "EventsRole"), ("service", "TaskRole")):
        (may,) = (each for each in statements(templates[stack]["Resources"][role]) if each["Action"] == ["ssm:GetParameters"])
        assert may["Resource"]["Fn::Sub"].endswith(f":{PARAMETERS}*")


def test_py_7_tasks_run_in_private_subnets_as_nobody_on_a_file_system_they_cannot_write(templates: Templates) -> None:
    """Behind the load balancer, found by name, back by itself when new ones fail."""
    service = _properties(templates, "service", "Service")
    network = service["NetworkConfiguration"]["AwsvpcConfiguration"]
    assert (network["AssignPublicIp"], network["Subnets"]) == ("DISABLED", {"Ref": "PrivateSubnetIds"})
    deployment = service["DeploymentConfiguration"]
    assert deployment["DeploymentCircuitBreaker"] == {"Enable": True, "Rollback": True}
    assert deployment["MinimumHealthyPercent"] == 100
    assert service["LoadBalancers"][0]["TargetGroupArn"] == {"Ref": "TargetsArn"}
    assert service["ServiceRegistries"] == [{"RegistryArn": {"Fn::GetAtt": ["Discovery", "Arn"]}}]
    (container,) = _properties(templates, "service", "Task")["ContainerDefinitions"]
    assert container["ReadonlyRootFilesystem"] is True
    assert not container["User"].startswith("0")
    assert container["Image"]["Fn::Join"][0] == "@"


def test_py_7_there_are_as_many_tasks_as_are_needed(templates: Templates) -> None:
    """By target tracking, between a region's own bounds."""
    policy = _properties(templates, "service", "TasksPolicy")
    assert policy["PolicyType"] == "TargetTrackingScaling"
    tasks = _properties(templates, "service", "Tasks")
    assert (tasks["MinCapacity"], tasks["MaxCapacity"]) == ({"Ref": "LeastTasks"}, {"Ref": "MostTasks"})


def test_py_7_each_regions_task_is_a_size_fargate_has(platform: Payments) -> None:
    """By context."""
    for each in platform.regions:
        low, high = MEMORY[each.task.cpu]
        assert low <= each.task.memory <= high


def test_py_9_database_function_balancer_and_sessions_are_watched(templates: Templates) -> None:
    """Each alarm tells the topic; limits that may differ are parameters."""
    alarms = {where.split(".")[1]: each["Properties"] for where, each in resources(templates, "AWS::CloudWatch::Alarm")}
    assert {each["Namespace"] for each in alarms.values()} == {
        "AWS/RDS",
        "AWS/Lambda",
        "AWS/SQS",
        "AWS/ApplicationELB",
        "AWS/DynamoDB",
    }
    for each in alarms.values():
        assert each["AlarmActions"] == each["OKActions"] == [{"Ref": "AlertsTopicArn"}]
    assert alarms["SlowAlarm"]["Threshold"] == {"Ref": "LatencyLimit"}
    assert alarms["SlowAlarm"]["ExtendedStatistic"] == "p99"
    assert templates["alarms"]["Resources"]["ReplicaLagAlarm"]["Condition"] == "IsReplica"


def test_py_9_the_region_that_joins_is_stricter_on_latency(platform: Payments) -> None:
    """By context; in seconds, as load balancers measure."""
    first, other = (given(platform, each)["alarms"] for each in platform.regions)
    assert other["LatencyLimit"] < first["LatencyLimit"] < 10
    assert other["SessionLatencyLimit"] < first["SessionLatencyLimit"]


def test_py_9_only_alarms_of_the_platform_tell_its_topic(templates: Templates) -> None:
    """Under the region's key, which lets CloudWatch use it."""
    topic = _properties(templates, "notices", "AlertsTopic")
    assert topic["KmsMasterKeyId"] == {"Ref": "DataKeyArn"}
    allowed = [each for each in statements(templates["notices"]) if each["Effect"] == "Allow"]
    assert [each["Principal"] for each in allowed] == [{"Service": "cloudwatch.amazonaws.com"}]
    (publishers,) = (each for each in statements(templates["keys"]["Resources"]["DataKey"]) if each["Sid"] == "Publishers")
    assert publishers["Principal"] == {"Service": ["cloudwatch.amazonaws.com"]}


def test_py_7_images_are_scanned_and_never_change_under_their_name(templates: Templates) -> None:
    """In the region's own registry, under its key."""
    made = _properties(templates, "images", "Repository")
    assert made["ImageScanningConfiguration"] == {"ScanOnPush": True}
    assert made["ImageTagMutability"] == "IMMUTABLE"
    assert made["EncryptionConfiguration"]["KmsKey"] == {"Ref": "DataKeyArn"}
