"""What rings, what is shown, who is told, what answers by itself; that each number exists as it is asked for."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from tests.templates.conftest import COMMITTED
from tests.templates.walk import resources, statements
from tests.watched import SUFFIX, Watched

from landbridge.deploy.manifest import Feed, Manifest, Where
from landbridge.model.metrics import DIFFERENCES, DIMENSIONS, HEARTBEAT, HEARTS, LAG, NAMESPACE, RUNNER, SILENCE, STORES

Templates = Mapping[str, Mapping[str, Any]]
Line = tuple[str, str, dict[str, str]]
ALARM = "AWS::CloudWatch::Alarm"
TOLD = [{"Ref": "AlertsTopicArn"}]
PLATFORM = "trading-analytics-"
# as AWS publishes them
KNOWN = {
    ("AWS/ApiGateway", "5XXError"): {"ApiName", "Stage"},
    ("AWS/ApiGateway", "Count"): {"ApiName", "Stage"},
    ("AWS/ApiGateway", "Latency"): {"ApiName", "Stage"},
    ("AWS/Billing", "EstimatedCharges"): {"Currency", "ServiceName"},
    ("AWS/DynamoDB", "ReadThrottleEvents"): {"TableName"},
    ("AWS/DynamoDB", "WriteThrottleEvents"): {"TableName"},
    ("AWS/Lambda", "Errors"): {"FunctionName"},
    ("AWS/Lambda", "IteratorAge"): {"FunctionName"},
    ("AWS/Lambda", "Throttles"): {"FunctionName"},
    ("AWS/RDS", "CPUUtilization"): {"DBClusterIdentifier"},
    ("AWS/SQS", "ApproximateNumberOfMessagesVisible"): {"QueueName"},
    ("AWS/States", "ExecutionsFailed"): {"StateMachineArn"},
    ("AWS/States", "ExecutionsTimedOut"): {"StateMachineArn"},
    **{(NAMESPACE, metric): set(of) for metric, of in DIMENSIONS.items()},
}
NAMED_BY = {
    "FunctionName": ("AWS::Lambda::Function", "FunctionName"),
    "TableName": ("AWS::DynamoDB::Table", "TableName"),
    "ApiName": ("AWS::ApiGateway::RestApi", "Name"),
    "QueueName": ("AWS::SQS::Queue", "QueueName"),
    "StateMachineArn": ("AWS::StepFunctions::StateMachine", "StateMachineName"),
}


def _text(value: Any) -> str:
    return str(value.get("Fn::Sub") or f"${{{value.get('Ref')}}}") if isinstance(value, Mapping) else str(value)


def _alarms(templates: Templates) -> Iterator[tuple[str, Mapping[str, Any], Line]]:
    for where, each in resources(templates, ALARM):
        made = each["Properties"]
        by = {dimension["Name"]: _text(dimension["Value"]) for dimension in made["Dimensions"]}
        yield where, made, (made["Namespace"], made["MetricName"], by)


def _shown(templates: Templates) -> Iterator[tuple[Line, str]]:
    body = json.loads(templates["board"]["Resources"]["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"])
    for widget in body["widgets"]:
        for namespace, metric, *flat, how in widget["properties"]["metrics"]:
            yield (namespace, metric, dict(zip(flat[::2], flat[1::2], strict=True))), how["region"]


def _lines(templates: Templates) -> list[Line]:
    return [*(line for _, _, line in _alarms(templates)), *(line for line, _ in _shown(templates))]


def _of(templates: Templates, metric: str) -> dict[str, Mapping[str, Any]]:
    """The alarms on one of our own metrics, by what its last dimension says."""
    found = [(line[2], made) for _, made, line in _alarms(templates) if line[:2] == (NAMESPACE, metric)]
    return {by[DIMENSIONS[metric][-1]]: made for by, made in found}


def test_tr_5_1_every_store_rings_when_its_copy_is_five_minutes_old_or_silent(templates: Templates) -> None:
    """By a heartbeat read in the copy; a replicator that died sends nothing (wrong 14)."""
    alarms = _of(templates, LAG)
    assert set(alarms) == set(STORES)
    for store, alarm in alarms.items():
        assert (alarm["Threshold"], alarm["ComparisonOperator"], alarm["Statistic"]) == (300, "GreaterThanThreshold", "Maximum")
        assert alarm["TreatMissingData"] == "breaching", store


def test_tr_5_1_every_store_rings_when_its_copy_differs_or_nobody_compares(templates: Templates) -> None:
    """One differing item is one too many."""
    alarms = _of(templates, DIFFERENCES)
    assert set(alarms) == set(STORES)
    for store, alarm in alarms.items():
        assert (alarm["Threshold"], alarm["TreatMissingData"]) == (0, "breaching"), store


def test_tr_7_5_a_silent_runner_rings(templates: Templates) -> None:
    """It gives a sign each minute, working or waiting; five without one are an alarm."""
    (alarm,) = _of(templates, RUNNER).values()
    assert (alarm["ComparisonOperator"], alarm["Threshold"], alarm["TreatMissingData"]) == ("LessThanThreshold", 1, "breaching")
    assert alarm["Period"] * alarm["EvaluationPeriods"] == 300


def test_tr_5_1_api_functions_tables_and_database_are_watched(templates: Templates) -> None:
    """Errors, slowness, refusals, falling behind, busy processors, and a day that was not written."""
    watched = {line[:2] for _, _, line in _alarms({name: each for name, each in templates.items() if name != "replicator"})}
    assert watched >= {known for known in KNOWN if known[0] not in {"AWS/Billing", NAMESPACE} and known[1] != "Count"}


def test_wrong_9_every_number_exists_with_these_dimensions(templates: Templates) -> None:
    """A graph or an alarm with other dimensions is empty, and nothing says so."""
    for namespace, metric, by in _lines(templates):
        assert set(by) == KNOWN[namespace, metric], (namespace, metric)


def test_wrong_9_every_number_is_of_something_that_is_there(templates: Templates) -> None:
    """Names in dimensions, or at the end of an ARN there, are those the other templates give."""
    kinds = {kind for kind, _ in NAMED_BY.values()} | {"AWS::DynamoDB::GlobalTable"}
    given = {_text(name) for _, each in resources(templates, *kinds) for name in each["Properties"].values() if _named(name)}
    for namespace, metric, by in _lines(templates):
        for dimension in set(by) & set(NAMED_BY):
            name = by[dimension].rpartition(":stateMachine:")[2]
            assert name in given or name == "${TransformFunction}", (namespace, metric, by)


def test_every_number_of_our_own_is_one_that_somebody_says(templates: Templates) -> None:
    """A running migration, or a region's heart: what nobody publishes is an alarm that never ends."""
    case = Watched()
    for store in STORES:
        case.compared(store)
    case.published().publish()
    said = {(namespace, metric, named) for _, namespace, metric, named, _ in case.clouds.said}
    said |= {
        (NAMESPACE, HEARTBEAT, f"Suffix={SUFFIX} Store={store}") for store in HEARTS
    }  # by tests/unit/agents/test_heartbeat.py
    said.add((NAMESPACE, SILENCE, f"Suffix={SUFFIX}"))  # by tests/unit/orchestrator/test_watch.py
    asked = set()
    for namespace, metric, by in (line for line in _lines(templates) if line[0] == NAMESPACE):
        named = [f"{name}={by[name]}" for name in DIMENSIONS[metric]]
        asked.add((namespace, metric, " ".join(named).replace("${EnvironmentSuffix}", SUFFIX)))
    assert asked == said


def _named(value: Any) -> bool:
    return isinstance(value, Mapping) and str(value.get("Fn::Sub", "")).startswith(PLATFORM)


def test_tr_5_2_the_board_shows_all_of_the_migration_in_both_regions(templates: Templates) -> None:
    """Each metric of our own, each store and each pen; what is of a region from both."""
    shown = list(_shown(templates))
    of_a_side = set(DIMENSIONS) - {SILENCE}  # which is said in the journal's region
    assert {metric for (namespace, metric, _), _ in shown if namespace == NAMESPACE} == of_a_side
    assert {by["Store"] for (_, _, by), _ in shown if "Store" in by} == set(STORES)
    assert {by["Domain"] for (_, _, by), _ in shown if "Domain" in by} == {"market", "state", "commands", "effects"}
    for line in {json.dumps(line) for line, _ in shown if "Store" in line[2] or "Domain" in line[2]}:
        assert {region for each, region in shown if json.dumps(each) == line} == {"${AWS::Region}", "${PeerRegion}"}, line
    assert "EstimatedCharges" in {metric for (_, metric, _), _ in shown}


def test_every_alarm_tells_somebody_when_it_rings_and_when_it_ends(templates: Templates) -> None:
    """The one Route 53 acts on tells by the composite it is part of."""
    for where, each in resources(templates, ALARM, "AWS::CloudWatch::CompositeAlarm"):
        if where != "health.ErrorAlarm":
            assert (each["Properties"]["AlarmActions"], each["Properties"]["OKActions"]) == (TOLD, TOLD), where


def test_a_shift_is_in_danger_when_any_copy_drifts_or_serving_fails(templates: Templates) -> None:
    """No lag or difference is left out of the alarm that stops a shift."""
    made = templates["copies"]["Resources"]
    rule = made["CopiesAlarm"]["Properties"]["AlarmRule"]["Fn::Sub"]
    expected = {name for name, each in made.items() if each["Type"] == ALARM} - {"RunnerAlarm"}
    assert {part.removeprefix('ALARM("${').removesuffix('}")') for part in rule.split(" OR ")} == expected
    shift = made["ShiftAlarm"]["Properties"]["AlarmRule"]["Fn::Sub"]
    assert shift == 'ALARM("${CopiesAlarm}") OR ALARM("${ServingAlarmName}")'
    serving = templates["watch"]["Resources"]["ServingAlarm"]["Properties"]["AlarmRule"]["Fn::Sub"]
    for name in ("ErrorAlarmName", "ApiLatencyAlarm", "ReadErrorsAlarm", "WriteErrorsAlarm"):
        assert f'ALARM("${{{name}}}")' in serving


def test_tr_5_3_a_shift_in_danger_and_a_silent_runner_wake_the_engine(templates: Templates) -> None:
    """When the alarm changes, by a role that may send to one bus and nothing else; only where an engine runs in AWS."""
    made = templates["copies"]["Resources"]
    for name in ("Shift", "Runner"):
        rule = made[f"{name}Rule"]["Properties"]
        assert rule["State"] == "ENABLED"
        assert rule["EventPattern"]["resources"] == [{"Fn::GetAtt": [f"{name}Alarm", "Arn"]}]
        assert made[f"{name}Rule"]["Condition"] == "HasOrchestrator"
        (target,) = rule["Targets"]
        assert target["Arn"] == {"Ref": "OrchestratorBusArn"}
    (call,) = statements(made["ResponseRole"]["Properties"]["Policies"])
    assert (call["Action"], call["Resource"]) == (["events:PutEvents"], {"Ref": "OrchestratorBusArn"})


def test_ru_4_topics_and_queues_are_encrypted_and_only_reached_by_tls(templates: Templates) -> None:
    """Topics by the region's own key; queues by SQS's, because EventBridge can't be held to an account in a key's policy."""
    for where, topic in resources(templates, "AWS::SNS::Topic"):
        assert topic["Properties"]["KmsMasterKeyId"] == {"Ref": "DataKeyArn"}, where
    for where, queue in resources({stack: templates[stack] for stack in ("notices",)}, "AWS::SQS::Queue"):
        assert queue["Properties"]["SqsManagedSseEnabled"] is True, where
    for where, policy in resources(templates, "AWS::SNS::TopicPolicy", "AWS::SQS::QueuePolicy"):
        refused = [each for each in statements(policy) if each["Effect"] == "Deny"]
        assert [each["Condition"] for each in refused] == [{"Bool": {"aws:SecureTransport": "false"}}], where


def test_no_service_of_another_account_may_tell_us_anything(templates: Templates) -> None:
    """Each statement that lets a service in says whose."""
    for where, each in resources(templates, "AWS::SNS::TopicPolicy", "AWS::SQS::QueuePolicy"):
        for statement in statements(each):
            if statement["Effect"] == "Allow":
                assert statement["Principal"].get("Service"), where
                asked = {key for test in statement["Condition"].values() for key in test}
                assert asked & {"aws:SourceArn", "aws:SourceAccount"}, where


def test_tr_5_2_both_topics_reach_the_inboxes_of_both_regions(templates: Templates) -> None:
    """A subscription lives with its topic; what can't be delivered is kept."""
    for stack, inbox in (("notices", {"Fn::GetAtt": ["Inbox", "Arn"]}), ("relay", {"Ref": "PeerInboxArn"})):
        made = [each["Properties"] for _, each in resources({stack: templates[stack]}, "AWS::SNS::Subscription")]
        queued = [each for each in made if each["Protocol"] == "sqs"]
        assert len({json.dumps(each["TopicArn"]) for each in queued}) == 2
        assert all(each["Endpoint"] == inbox for each in queued)
        assert all(each["RedrivePolicy"]["deadLetterTargetArn"] for each in queued)
    assert Manifest.read(COMMITTED).stack("relay").feeds["PeerInboxArn"] == Feed("notices", "InboxArn", Where.OTHER)


def test_tr_7_3_transfer_between_regions_has_a_budget_and_a_watch(templates: Templates) -> None:
    """Of what leaves a region for the other; told before it is spent, and at once when it jumps."""
    made = templates["cost"]["Resources"]
    budget = made["Budget"]["Properties"]
    assert budget["Budget"]["CostFilters"] == {"UsageType": {"Ref": "TransferUsageTypes"}}
    when = [each["Notification"] for each in budget["NotificationsWithSubscribers"]]
    assert {(each["NotificationType"], each["Threshold"]) for each in when} == {
        ("ACTUAL", 80),
        ("ACTUAL", 100),
        ("FORECASTED", 100),
    }
    assert made["Anomalies"]["Properties"]["Frequency"] == "IMMEDIATE"  # the only one a topic is told by
    assert made["Anomalies"]["Properties"]["MonitorArnList"] == [{"Fn::GetAtt": ["Monitor", "MonitorArn"]}]
    both = {made["Anomalies"]["Properties"]["Subscribers"][0]["Address"]["Ref"]}
    both |= {each["Subscribers"][0]["Address"]["Ref"] for each in budget["NotificationsWithSubscribers"]}
    assert both == {"AlertsTopicArn"}
