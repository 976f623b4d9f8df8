"""The streams hold what the market sends at its busiest, and what reads them may not do more than it does."""

import json
from collections.abc import Mapping
from typing import Any

from tests.templates.walk import listed, resources, statements

from landbridge.config.market import Market
from landbridge.model.shards import SHARD_RECORDS, shards_for

Templates = Mapping[str, Mapping[str, Any]]


def _made(templates: Templates, stack: str, name: str) -> Mapping[str, Any]:
    properties: Mapping[str, Any] = templates[stack]["Resources"][name]["Properties"]
    return properties


def test_wrong_15_shards_follow_from_the_wanted_rate(templates: Templates) -> None:
    """A shard takes 1,000 records a second: 10,000 want ten at the least, and twenty with every shard half full."""
    assert (shards_for(10_000, 250), shards_for(1, 250), shards_for(501, 250), shards_for(501, 2_000)) == (20, 1, 2, 3)
    shipped = Market()
    assert templates["streams"]["Parameters"]["ShardCount"]["Default"] == shipped.shards
    assert shipped.shards * SHARD_RECORDS >= shipped.records_per_second == 10_000


def test_tr_2_1_streams_are_encrypted_provisioned_measured_and_keep_a_week(templates: Templates) -> None:
    """A live one and a mirror, alike; an end marker counts only while the shards stay as they are."""
    streams = dict(resources(templates, "AWS::Kinesis::Stream"))
    assert set(streams) == {"streams.LiveStream", "streams.MirrorStream"}
    for where, stream in streams.items():
        properties = stream["Properties"]
        assert properties["StreamEncryption"] == {"EncryptionType": "KMS", "KeyId": {"Ref": "DataKeyArn"}}, where
        assert properties["StreamModeDetails"] == {"StreamMode": "PROVISIONED"}, where
        assert properties["ShardCount"] == {"Ref": "ShardCount"}, where
        assert properties["RetentionPeriodHours"] == {"Ref": "StreamRetentionHours"}, where
        measured = set(properties["DesiredShardLevelMetrics"])
        assert {"IteratorAgeMilliseconds", "WriteProvisionedThroughputExceeded"} < measured, where
    assert templates["streams"]["Parameters"]["StreamRetentionHours"]["Default"] == 168


def test_what_is_set_aside_stays_until_someone_looked(templates: Templates) -> None:
    """No rule removes a record that could not be processed."""
    rules = _made(templates, "streams", "SetAside")["LifecycleConfiguration"]["Rules"]
    assert not any("ExpirationInDays" in rule for rule in rules)


def test_wrong_10_signals_run_on_flink_with_snapshots_and_checkpoints(templates: Templates) -> None:
    """On a current runtime, under the region's key, without scaling by itself; made only where there is code."""
    application = templates["signals"]["Resources"]["Application"]
    properties, how = application["Properties"], application["Properties"]["ApplicationConfiguration"]
    assert application["Condition"] == "HasCode"
    assert properties["RuntimeEnvironment"] in {"FLINK-2_2", "FLINK-2_3"}
    assert how["ApplicationSnapshotConfiguration"] == {"SnapshotsEnabled": True}
    assert how["ApplicationEncryptionConfiguration"] == {"KeyType": "CUSTOMER_MANAGED_KEY", "KeyId": {"Ref": "DataKeyArn"}}
    assert how["FlinkApplicationConfiguration"]["CheckpointConfiguration"]["CheckpointingEnabled"] is True
    assert how["FlinkApplicationConfiguration"]["ParallelismConfiguration"]["AutoScalingEnabled"] is False
    assert "RunConfiguration" not in properties


def test_wrong_7_signals_may_read_the_streams_and_their_key(templates: Templates) -> None:
    """What a reader of a stream calls, on both streams, and nothing that writes into one."""
    allowed = {each["Sid"]: each for each in statements(_made(templates, "signals", "SignalsRole")["Policies"])}
    actions = {"DescribeStream", "DescribeStreamSummary", "GetRecords", "GetShardIterator", "ListShards"}
    assert set(allowed["ReadStreams"]["Action"]) == {f"kinesis:{action}" for action in actions}
    assert len(allowed["ReadStreams"]["Resource"]) == 2
    assert "kms:Decrypt" in allowed["UseKey"]["Action"]
    assert not any("kinesis:Put" in action for each in allowed.values() for action in each["Action"])


def test_services_use_the_key_for_our_own_resources_alone(templates: Templates) -> None:
    """Each statement for a service names the resource it works for, by source or by what the data says of itself."""
    for where, key in resources(templates, "AWS::KMS::Key"):
        for statement in statements(key):
            if "Service" in statement["Principal"]:
                told = json.dumps(statement["Condition"])
                by_account = statement["Sid"] == "Publishers"  # cost anomalies name no source, only the account
                assert ("aws:SourceAccount" if by_account else "aws:SourceArn") in told or "kms:EncryptionContext:" in told, (
                    f"{where}.{statement['Sid']}"
                )


def test_the_application_logs_where_the_logs_key_may_be_used(templates: Templates) -> None:
    """A group outside the key's list could not be made."""
    allowed = next(each for each in statements(_made(templates, "keys", "LogsKey")) if each["Sid"] == "Logs")
    (patterns,) = allowed["Condition"]["ArnLike"].values()
    known = [pattern["Fn::Sub"].split("log-group:")[1].split("trading-analytics-")[0] for pattern in patterns]
    for where, group in resources(templates, "AWS::Logs::LogGroup"):
        name = listed(group["Properties"]["LogGroupName"])[0]["Fn::Sub"]
        assert name.split("trading-analytics-")[0] in known, where
