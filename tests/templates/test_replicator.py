"""How market data is copied to the other region: nothing given up, nothing overtaken, and only where the migration says."""

from collections.abc import Mapping
from typing import Any

from tests.templates.walk import listed, resources, statements

from landbridge.agents.replicator import Settings
from landbridge.replicate.stream_preflight import MAPPING, mapping_obstacles

Templates = Mapping[str, Mapping[str, Any]]


def _made(templates: Templates, resource: str) -> Mapping[str, Any]:
    made: Mapping[str, Any] = templates["replicator"]["Resources"][resource]["Properties"]
    return made


def _allowed(templates: Templates) -> dict[str, Mapping[str, Any]]:
    return {str(each.get("Sid")): each for each in statements(templates["replicator"]["Resources"]["ReplicatorRole"])}


def test_tr_2_2_the_copy_gives_up_no_record_and_keeps_their_order(templates: Templates) -> None:
    """As the preflight wants the mapping, and bisected, so that a batch that can't be done in time becomes smaller."""
    mapping = _made(templates, "LiveMapping")
    assert mapping_obstacles(dict(mapping)) == ()
    assert MAPPING.keys() < mapping.keys()
    assert mapping["BisectBatchOnFunctionError"] is True
    assert mapping["EventSourceArn"] == {"Ref": "LiveStreamArn"}


def test_tr_2_2_a_copy_runs_from_when_the_migration_says(templates: Templates) -> None:
    """Made disabled in both regions; no parameter enables it."""
    assert _made(templates, "LiveMapping")["Enabled"] is False


def test_tr_2_2_the_replicator_is_told_what_it_needs_and_writes_into_the_other_regions_mirror(templates: Templates) -> None:
    """Its own settings take the environment, with a mirror of the other region fed by the stack there."""
    told = _made(templates, "ReplicatorFunction")["Environment"]["Variables"]
    assert told == {
        "LIVE_STREAM_ARN": {"Ref": "LiveStreamArn"},
        "MIRROR_REGION": {"Ref": "PeerRegion"},
        "MIRROR_STREAM": {"Ref": "MirrorStreamName"},
        "SET_ASIDE_BUCKET": {"Ref": "SetAsideBucket"},
    }
    assert Settings.of(dict.fromkeys(told, "there") | {"AWS_REGION": "here"})
    allowed = _allowed(templates)
    assert (allowed["PutMirror"]["Action"], allowed["PutMirror"]["Resource"]) == (
        ["kinesis:PutRecords"],
        {"Ref": "MirrorStreamArn"},
    )
    assert {action for each in allowed.values() for action in listed(each["Action"]) if action.startswith("kinesis:Put")} == {
        "kinesis:PutRecords"
    }


def test_tr_2_2_the_replicator_may_read_its_own_stream_and_use_both_keys(templates: Templates) -> None:
    """All five calls a mapping makes, its own region's key to read, and the other's to write."""
    allowed = _allowed(templates)
    wanted = {"DescribeStream", "DescribeStreamSummary", "GetRecords", "GetShardIterator", "ListShards"}
    assert {action.partition(":")[2] for action in allowed["ReadStream"]["Action"]} == wanted
    assert allowed["ReadStream"]["Resource"] == {"Ref": "LiveStreamArn"}
    assert set(allowed["UseKey"]["Action"]) == {"kms:Decrypt", "kms:GenerateDataKey"}
    assert (allowed["UsePeerKey"]["Action"], allowed["UsePeerKey"]["Resource"]) == (
        ["kms:GenerateDataKey"],
        {"Ref": "PeerDataKeyArn"},
    )


def test_tr_2_2_what_is_set_aside_lies_under_the_replicators_own_name(templates: Templates) -> None:
    """Beside what the transform sets aside, in the same bucket."""
    assert _allowed(templates)["SetAside"]["Resource"] == {"Fn::Sub": "arn:${AWS::Partition}:s3:::${SetAsideBucket}/replicator/*"}


def test_tr_5_1_a_replicator_that_falls_behind_or_is_ended_rings(templates: Templates) -> None:
    """Five minutes of age, and any call that did not end by itself."""
    alarms = {
        each["Properties"]["MetricName"]: each["Properties"]["Threshold"]
        for where, each in resources(templates, "AWS::CloudWatch::Alarm")
        if where.startswith("replicator.")
    }
    assert alarms == {"IteratorAge": 300_000, "Errors": 0}
