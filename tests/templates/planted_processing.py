"""Defects of how records and commands are processed."""

from tests.templates import test_processing as processing
from tests.templates.planted import Defect, add, drop, put

reads = processing.test_ss_3_mappings_read_as_they_must
oldest = processing.test_wrong_16_mappings_begin_at_the_oldest_record
may_read = processing.test_wrong_7_the_transform_may_read_its_streams
told = processing.test_wrong_19_a_region_reads_only_where_the_migration_says
no_pen = processing.test_the_transform_can_note_markers_and_move_no_pen
forgotten = processing.test_hints_are_forgotten_and_the_clock_finds_everything
reader = processing.test_the_worker_writes_no_table_and_signs_in_to_the_database_alone
tracked = processing.test_ss_5_the_tracker_says_its_own_metric_and_keeps_its_own_table
beats = processing.test_every_store_with_tables_objects_or_a_stream_has_a_heart_that_rings_when_it_stops
own_keys = processing.test_the_heart_writes_its_own_keys_alone_and_reads_nothing
HEART = "HeartbeatRole/Policies/0/PolicyDocument/Statement"
KEYS = {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["*"]}}
ROLE = "TransformRole/Policies/0/PolicyDocument/Statement"

DEFECTS = (
    Defect("transform", "a mapping that begins at the newest record", put("LiveMapping/StartingPosition", "LATEST"), oldest),
    Defect("transform", "a mapping that tries for ever", put("LiveMapping/MaximumRetryAttempts", -1), reads),
    Defect("transform", "a mapping that can't tell which record failed", put("MirrorMapping/FunctionResponseTypes", []), reads),
    Defect("transform", "a mapping that reads by itself", drop("Resources/MirrorMapping/Condition"), told),
    Defect("transform", "both regions read after a first deploy", put("Parameters/Reading/Default", "true"), told),
    Defect("transform", "a role that can't list shards", put(f"{ROLE}/0/Action", ["kinesis:GetRecords"]), may_read),
    Defect("transform", "a transform that can open a pen", put(f"{ROLE}/4/Condition", KEYS), no_pen),
    Defect("tracker", "metrics of any name", drop("TrackerRole/Policies/0/PolicyDocument/Statement/1/Condition"), tracked),
    Defect(
        "tracker",
        "a tracker that may delete",
        add("TrackerRole/Policies/0/PolicyDocument/Statement/0/Action", "dynamodb:DeleteItem"),
        tracked,
    ),
    Defect("heartbeat", "a heart that beats once an hour", put("Clock/ScheduleExpression", "rate(1 hour)"), beats),
    Defect("heartbeat", "a heart that stands still", put("Clock/State", "DISABLED"), beats),
    Defect("heartbeat", "a store whose heart may stop unseen", drop("Resources/HeartbeatMarketAlarm"), beats),
    Defect("heartbeat", "a silent heart that does not ring", put("HeartbeatStateAlarm/TreatMissingData", "notBreaching"), beats),
    Defect("heartbeat", "a heart that may write any item", drop(f"{HEART}/0/Condition"), own_keys),
    Defect(
        "heartbeat",
        "a heart that may write any object",
        put(f"{HEART}/1/Resource", {"Fn::Sub": "arn:x:::${HistoryBucket}/*"}),
        own_keys,
    ),
    Defect("heartbeat", "a heart that reads", add(f"{HEART}/0/Action", "dynamodb:GetItem"), own_keys),
    Defect("effects", "hints tried again for hours", put("Hints/MaximumRetryAttempts", 2), forgotten),
    Defect("effects", "a clock that stands still", put("Clock/State", "DISABLED"), forgotten),
    Defect(
        "effects",
        "a worker that may write commands",
        put("WorkerRole/Policies/0/PolicyDocument/Statement/0/Action", ["dynamodb:PutItem"]),
        reader,
    ),
)
