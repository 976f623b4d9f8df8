"""Defects of the market's way: streams, signals, history and its copying, the catalog, the daily pipeline."""

import json
from typing import Any

from tests.templates import test_history as history
from tests.templates import test_rules as rules
from tests.templates import test_streams as streams
from tests.templates import test_wrong as wrong
from tests.templates.planted import Change, Defect, add, drop, put

RULE = "History/ReplicationConfiguration/Fn::If/1/Rules/0"
FLINK = "Application/ApplicationConfiguration/FlinkApplicationConfiguration"
STATES = "Pipeline/Definition/States"
OFF = {"Status": "Disabled"}
sized = streams.test_wrong_15_shards_follow_from_the_wanted_rate
kept = streams.test_tr_2_1_streams_are_encrypted_provisioned_measured_and_keep_a_week
aside = streams.test_what_is_set_aside_stays_until_someone_looked
flink = streams.test_wrong_10_signals_run_on_flink_with_snapshots_and_checkpoints
reads = streams.test_wrong_7_signals_may_read_the_streams_and_their_key
narrow = streams.test_services_use_the_key_for_our_own_resources_alone
logged = streams.test_the_application_logs_where_the_logs_key_may_be_used
archived = history.test_tr_4_1_history_is_archived_by_age_and_old_versions_go
copied = history.test_tr_4_1_copying_takes_everything_within_a_quarter_of_an_hour
switched = history.test_wrong_3_and_4_copying_is_off_until_the_other_regions_bucket_stands
versioned = history.test_what_copies_is_versioned
circle = history.test_wrong_18_the_copy_role_refers_to_no_bucket
by_key = history.test_the_copy_role_uses_each_regions_key_there_alone
listed = history.test_every_version_is_listed_daily_into_the_bucket_of_reports
partitions = history.test_tr_4_2_every_table_works_out_its_partitions
unique = history.test_analysts_read_each_identity_once
limited = history.test_tr_4_2_workgroups_are_encrypted_enforced_and_limited
guarded = history.test_wrong_19_no_way_to_writing_leads_past_a_guard
quiet = history.test_tr_2_5_the_pipeline_is_logged_without_data_traced_and_encrypted
days = history.test_the_pipeline_can_write_nothing_but_days
buckets = rules.test_ru_4_every_bucket_is_versioned_encrypted_private_and_tls_only
least = rules.test_ru_5_no_statement_allows_more_than_it_needs
destroyed = rules.test_ru_3_everything_can_be_destroyed
tagged = rules.test_ru_8_everything_that_can_be_tagged_is
told = rules.test_ru_9_outputs_are_described_and_exported_with_the_suffix
encrypted = rules.test_ru_4_tables_and_logs_are_encrypted_by_kms_and_tables_restorable
named = rules.test_ru_2_every_name_carries_the_suffix_and_fits_at_its_longest
nowhere = wrong.test_no_template_knows_a_region_by_name


def _said(path: str, old: str, new: str) -> Change:
    """Changes words wherever they stand under a resource's property."""

    def change(template: dict[str, Any]) -> None:
        resource, prop = path.split("/")
        properties = template["Resources"][resource]["Properties"]
        properties[prop] = json.loads(json.dumps(properties[prop]).replace(old, new))

    return change


STREAMS = (
    Defect("streams", "five shards for 10,000 records a second", put("Parameters/ShardCount/Default", 5), sized),
    Defect("streams", "a stream in clear", drop("LiveStream/StreamEncryption"), kept),
    Defect("streams", "a stream under Kinesis's own key", put("MirrorStream/StreamEncryption/KeyId", "alias/aws/kinesis"), kept),
    Defect("streams", "a stream that forgets after a day", put("LiveStream/RetentionPeriodHours", 24), kept),
    Defect("streams", "a week that is a day if nobody says so", put("Parameters/StreamRetentionHours/Default", 24), kept),
    Defect("streams", "shards that come and go", put("LiveStream/StreamModeDetails/StreamMode", "ON_DEMAND"), kept),
    Defect("streams", "a mirror smaller than its stream", put("MirrorStream/ShardCount", 1), kept),
    Defect("streams", "refused puts nobody counts", put("LiveStream/DesiredShardLevelMetrics", ["IncomingBytes"]), kept),
    Defect("streams", "no mirror: copies would go into the live stream", drop("Resources/MirrorStream"), kept),
    Defect("streams", "a stream that stays", put("Resources/LiveStream/DeletionPolicy", "Retain"), destroyed),
    Defect("streams", "a stream without tags", drop("LiveStream/Tags"), tagged),
    Defect(
        "streams",
        "what was set aside is thrown away",
        put("SetAside/LifecycleConfiguration/Rules/0/ExpirationInDays", 7),
        aside,
    ),
    Defect("streams", "what was set aside by plain HTTP", drop("Resources/SetAsidePolicy"), buckets),
    Defect("signals", "SQL that no longer exists", put("Application/RuntimeEnvironment", "SQL-1_0"), flink),
    Defect("signals", "an application without code", drop("Resources/Application/Condition"), flink),
    Defect(
        "signals",
        "no snapshots",
        put("Application/ApplicationConfiguration/ApplicationSnapshotConfiguration/SnapshotsEnabled", False),
        flink,
    ),
    Defect("signals", "no checkpoints", put(f"{FLINK}/CheckpointConfiguration/CheckpointingEnabled", False), flink),
    Defect("signals", "it scales by itself", put(f"{FLINK}/ParallelismConfiguration/AutoScalingEnabled", True), flink),
    Defect(
        "signals",
        "state under AWS's own key",
        drop("Application/ApplicationConfiguration/ApplicationEncryptionConfiguration"),
        flink,
    ),
    Defect(
        "signals",
        "a reader that can't list shards",
        _said("SignalsRole/Policies", "kinesis:ListShards", "kinesis:ListStreams"),
        reads,
    ),
    Defect(
        "signals",
        "a reader without a summary of its stream",
        _said("SignalsRole/Policies", ', "kinesis:DescribeStreamSummary"', ""),
        reads,
    ),
    Defect("signals", "a reader that can't decrypt", _said("SignalsRole/Policies", "kms:Decrypt", "kms:DescribeKey"), reads),
    Defect(
        "signals",
        "signals put into a stream",
        add("SignalsRole/Policies/0/PolicyDocument/Statement/1/Action", "kinesis:PutRecord"),
        reads,
    ),
    Defect("signals", "every stream may be read", put("SignalsRole/Policies/0/PolicyDocument/Statement/1/Resource", "*"), least),
    Defect("signals", "a log without a key", drop("SignalsLogs/KmsKeyId"), encrypted),
    Defect(
        "signals",
        "a log where its key may not be used",
        put("SignalsLogs/LogGroupName", {"Fn::Sub": "/flink/trading-analytics-signals-${EnvironmentSuffix}"}),
        logged,
    ),
    Defect("keys", "a service that may use the key for anybody", drop("DataKey/KeyPolicy/Statement/10/Condition"), narrow),
)
HISTORY = (
    Defect("history", "copying without versions", put("History/VersioningConfiguration", OFF), versioned),
    Defect("history", "copying that is off", put(f"{RULE}/Status", "Disabled"), copied),
    Defect("history", "copying of some objects", put(f"{RULE}/Filter/Prefix", "ticks/"), copied),
    Defect("history", "deletes are not copied", put(f"{RULE}/DeleteMarkerReplication", OFF), copied),
    Defect("history", "copying without a promised time", drop(f"{RULE}/Destination/ReplicationTime"), copied),
    Defect("history", "copying nobody measures", put(f"{RULE}/Destination/Metrics", OFF), copied),
    Defect(
        "history",
        "encrypted objects are left out",
        put(f"{RULE}/SourceSelectionCriteria/SseKmsEncryptedObjects", OFF),
        copied,
    ),
    Defect("history", "changes of copies are lost", drop(f"{RULE}/SourceSelectionCriteria/ReplicaModifications"), copied),
    Defect(
        "history",
        "copies under the wrong region's key",
        put(f"{RULE}/Destination/EncryptionConfiguration/ReplicaKmsKeyID", {"Ref": "DataKeyArn"}),
        copied,
    ),
    Defect("history", "copying on before the other bucket stands", put("Parameters/Replication/Default", "on"), switched),
    Defect(
        "history", "both buckets in one region", _said("History/ReplicationConfiguration", "PeerRegion", "AWS::Region"), switched
    ),
    Defect("history", "a bucket only the copying side has", put("Resources/History/Condition", "Copied"), switched),
    Defect(
        "history",
        "a circle between the bucket and its role",
        put("CopyRole/Policies/0/PolicyDocument/Statement/0/Resource", {"Fn::GetAtt": ["History", "Arn"]}),
        circle,
    ),
    Defect(
        "history",
        "a copy role that may use every key of the other region",
        drop("CopyRole/Policies/0/PolicyDocument/Statement/4/Condition/ForAnyValue:StringEquals"),
        by_key,
        ("Encrypt", {"Fn::Sub": history.THERE}, "${PeerRegion}", ["kms:Decrypt", "kms:Encrypt"]),
    ),
    Defect(
        "history",
        "archived at once",
        put("History/LifecycleConfiguration/Rules/1/Transitions/1/TransitionInDays", 30),
        archived,
    ),
    Defect("history", "history that expires", put("History/LifecycleConfiguration/Rules/1/ExpirationInDays", 3650), archived),
    Defect(
        "history",
        "old versions kept for ever",
        drop("History/LifecycleConfiguration/Rules/0/NoncurrentVersionExpiration"),
        archived,
    ),
    Defect(
        "history",
        "an inventory of the newest versions alone",
        put("History/InventoryConfigurations/0/IncludedObjectVersions", "Current"),
        listed,
    ),
    Defect("history", "an inventory without sizes", put("History/InventoryConfigurations/0/OptionalFields", ["ETag"]), listed),
    Defect("history", "anybody's inventory is taken", drop("ReportsPolicy/PolicyDocument/Statement/1/Condition/ArnLike"), listed),
    Defect("history", "history by plain HTTP", drop("HistoryPolicy/PolicyDocument/Statement/0/Condition"), buckets),
    Defect(
        "history", "a copy role with a star action", put("CopyRole/Policies/0/PolicyDocument/Statement/2/Action", "s3:*"), least
    ),
    Defect(
        "history",
        "the other region by its name",
        _said("History/ReplicationConfiguration", "${PeerRegion}", "eu-central-1"),
        nowhere,
    ),
)
ASKED = (
    Defect(
        "catalog", "partitions somebody must add", put("TicksTable/TableInput/Parameters/projection.enabled", "false"), partitions
    ),
    Defect(
        "catalog", "a partition without a range", drop("TicksDailyTable/TableInput/Parameters/projection.day.range"), partitions
    ),
    Defect(
        "catalog",
        "a trade counted twice",
        _said(
            "TicksUniqueTable/TableInput", "GROUP BY feed, symbol, sequence, day", "GROUP BY feed, symbol, sequence, value, day"
        ),
        unique,
    ),
    Defect(
        "catalog",
        "a view with other columns than its query",
        drop("TicksUniqueTable/TableInput/StorageDescriptor/Columns/0"),
        unique,
    ),
    Defect(
        "catalog",
        "results in clear",
        drop("Analysts/WorkGroupConfiguration/ResultConfiguration/EncryptionConfiguration"),
        limited,
    ),
    Defect(
        "catalog",
        "a client may ask differently",
        put("Analysts/WorkGroupConfiguration/EnforceWorkGroupConfiguration", False),
        limited,
    ),
    Defect(
        "catalog", "a query may cost what it likes", drop("Pipeline/WorkGroupConfiguration/BytesScannedCutoffPerQuery"), limited
    ),
    Defect("catalog", "a workgroup that can't be deleted", put("Pipeline/RecursiveDeleteOption", False), limited),
    Defect("pipeline", "a day is written in both regions", put(f"{STATES}/HoldPen/Default", "Compare"), guarded, ("HoldPen",)),
    Defect("pipeline", "a day is written twice", put(f"{STATES}/ReadCounts/Next", "Write"), guarded, ("Judge",)),
    Defect("pipeline", "data in the log", put("Pipeline/LoggingConfiguration/IncludeExecutionData", True), quiet),
    Defect("pipeline", "a pipeline nobody traces", put("Pipeline/TracingConfiguration/Enabled", False), quiet),
    Defect("pipeline", "its state in clear", drop("Pipeline/EncryptionConfiguration"), quiet),
    Defect(
        "pipeline",
        "it may write raw ticks",
        add("PipelineRole/Policies/0/PolicyDocument/Statement/4/Resource", {"Fn::Sub": "${HistoryBucketArn}/ticks/*"}),
        days,
    ),
    Defect(
        "pipeline", "it may delete", add("PipelineRole/Policies/0/PolicyDocument/Statement/4/Action", "s3:DeleteObject"), days
    ),
    Defect("pipeline", "every table may be read", put("PipelineRole/Policies/0/PolicyDocument/Statement/0/Resource", "*"), least),
    Defect("pipeline", "a machine without a suffix", put("Pipeline/StateMachineName", "trading-analytics-pipeline"), named),
    Defect("pipeline", "an output without a description", drop("Outputs/PipelineArn/Description"), told),
)
DEFECTS = (*STREAMS, *HISTORY, *ASKED)
