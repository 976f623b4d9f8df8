"""How records and commands are processed: nothing unread, twice or lost, by roles that can do just that."""

import json
from collections.abc import Mapping
from typing import Any

from tests.templates.walk import listed, resources, statements

from landbridge.model.metrics import HEARTBEAT, HEARTS

Templates = Mapping[str, Mapping[str, Any]]
MAPPING = "AWS::Lambda::EventSourceMapping"


def test_ss_3_mappings_read_as_they_must(templates: Templates) -> None:
    """Batches of 100 within 10 s, five at a time, bisected, tried three times, and kept where they fail.

    A mirror one at a time: what an end marker comes behind there has then been processed.
    """
    lanes = {"transform.LiveMapping": 5, "transform.MirrorMapping": 1}
    mappings = {where: each for where, each in resources(templates, MAPPING) if where.startswith("transform.")}
    assert set(mappings) == {"transform.LiveMapping", "transform.MirrorMapping"}
    for where, mapping in mappings.items():
        properties = mapping["Properties"]
        assert (properties["BatchSize"], properties["MaximumBatchingWindowInSeconds"]) == (100, 10), where
        assert (properties["ParallelizationFactor"], properties["MaximumRetryAttempts"]) == (lanes[where], 3), where
        assert properties["BisectBatchOnFunctionError"] is True, where
        assert properties["FunctionResponseTypes"] == ["ReportBatchItemFailures"], where
        assert "SetAside" in json.dumps(properties["DestinationConfig"]["OnFailure"]), where


def test_wrong_16_mappings_begin_at_the_oldest_record(templates: Templates) -> None:
    """What came before the mapping was live is read too."""
    for where, mapping in resources(templates, MAPPING):
        assert mapping["Properties"]["StartingPosition"] == "TRIM_HORIZON", where


def test_wrong_7_the_transform_may_read_its_streams(templates: Templates) -> None:
    """All five calls a mapping makes, on both streams, and their key."""
    allowed = {each.get("Sid"): each for each in statements(templates["transform"]["Resources"]["TransformRole"])}
    wanted = {"DescribeStream", "DescribeStreamSummary", "GetRecords", "GetShardIterator", "ListShards"}
    assert {action.partition(":")[2] for action in allowed["ReadStreams"]["Action"]} == wanted
    assert len(listed(allowed["ReadStreams"]["Resource"])) == 2
    assert "kms:Decrypt" in allowed["UseKey"]["Action"]


def test_wrong_19_a_region_reads_only_where_the_migration_says(templates: Templates) -> None:
    """A second transform that reads by itself would process every trade twice."""
    assert templates["transform"]["Parameters"]["Reading"]["Default"] == "false"
    assert templates["transform"]["Conditions"] == {"Reads": {"Fn::Equals": [{"Ref": "Reading"}, "true"]}}
    for where, mapping in resources({"transform": templates["transform"]}, MAPPING):
        assert mapping["Condition"] == "Reads", where


def test_the_transform_can_note_markers_and_move_no_pen(templates: Templates) -> None:
    """What it may write into the pens table begins with passed#."""
    role = templates["transform"]["Resources"]["TransformRole"]
    puts = [each for each in statements(role) if "dynamodb:PutItem" in each["Action"] and "pens" in json.dumps(each["Resource"])]
    assert [put["Condition"]["ForAllValues:StringEquals"] for put in puts] == [{"dynamodb:LeadingKeys": ["passed#market"]}]


def test_hints_are_forgotten_and_the_clock_finds_everything(templates: Templates) -> None:
    """A hint that fails is not tried again; a round begins every minute, told or not."""
    made = templates["effects"]["Resources"]
    hints = made["Hints"]["Properties"]
    assert (hints["MaximumEventAgeInSeconds"], hints["MaximumRetryAttempts"]) == (60, 0)
    clock = made["Clock"]["Properties"]
    assert (clock["ScheduleExpression"], clock["State"]) == ("rate(1 minute)", "ENABLED")


def test_the_worker_writes_no_table_and_signs_in_to_the_database_alone(templates: Templates) -> None:
    """Commands, heads and its pen it reads; what it writes is in the database."""
    role = templates["effects"]["Resources"]["WorkerRole"]
    actions = {action for each in statements(role) for action in listed(each["Action"]) if action.startswith("dynamodb:")}
    assert actions == {"dynamodb:GetItem", "dynamodb:Scan"}
    secrets = [each["Resource"] for each in statements(role) if "secretsmanager:GetSecretValue" in listed(each["Action"])]
    assert "secret:trading-analytics-database-" in json.dumps(secrets)


def test_ss_5_the_tracker_says_its_own_metric_and_keeps_its_own_table(templates: Templates) -> None:
    """Nothing else of anybody's: no other namespace, no other table."""
    role = templates["tracker"]["Resources"]["TrackerRole"]
    allowed = {each.get("Sid"): each for each in statements(role)}
    assert allowed["Say"]["Condition"] == {"StringEquals": {"cloudwatch:namespace": "TradingAnalytics"}}
    assert "table/trading-analytics-tracker-" in json.dumps(allowed["Keep"]["Resource"])
    assert set(allowed["Keep"]["Action"]) == {"dynamodb:GetItem", "dynamodb:PutItem"}
    variables = templates["tracker"]["Resources"]["TrackerFunction"]["Properties"]["Environment"]["Variables"]
    assert variables["TRACKER_TABLE"] == {"Ref": "TrackerTable"}


def test_every_store_with_tables_objects_or_a_stream_has_a_heart_that_rings_when_it_stops(templates: Templates) -> None:
    """Beaten each minute, tried again by the next, and silent for five minutes is an alarm, whoever fell silent."""
    made = templates["heartbeat"]["Resources"]
    assert (made["Clock"]["Properties"]["ScheduleExpression"], made["Clock"]["Properties"]["State"]) == (
        "rate(1 minute)",
        "ENABLED",
    )
    assert made["Clock"]["Properties"]["Targets"][0]["RetryPolicy"] == {"MaximumRetryAttempts": 0}
    alarms = [each["Properties"] for each in made.values() if each["Type"] == "AWS::CloudWatch::Alarm"]
    assert {each["Dimensions"][1]["Value"] for each in alarms} == set(HEARTS)
    for each in alarms:
        assert (each["MetricName"], each["Statistic"], each["Period"]) == (HEARTBEAT, "Sum", 60)
        how = (each["ComparisonOperator"], each["Threshold"], each["EvaluationPeriods"], each["TreatMissingData"])
        assert how == ("LessThanThreshold", 1, 5, "breaching")


def test_the_heart_writes_its_own_keys_alone_and_reads_nothing(templates: Templates) -> None:
    """Nothing of anybody's can be written over."""
    role = templates["heartbeat"]["Resources"]["HeartbeatRole"]
    allowed = {each.get("Sid"): each for each in statements(role)}
    keys = allowed["BeatIntoTables"]["Condition"]
    assert keys["ForAllValues:StringEquals"] == {"dynamodb:LeadingKeys": [{"Fn::Sub": "~heartbeat-${AWS::Region}"}]}
    assert keys["Null"] == {"dynamodb:LeadingKeys": "false"}
    assert allowed["BeatIntoHistory"]["Resource"]["Fn::Sub"].endswith(":::${HistoryBucket}/~heartbeat/${AWS::Region}")
    assert not any(
        action.startswith(("dynamodb:Get", "s3:Get", "kinesis:Get"))
        for each in statements(role)
        for action in listed(each["Action"])
    )
