"""Defects of copying market data to the other region."""

from tests.templates import test_replicator as replicator
from tests.templates.planted import Defect, add, drop, put

keeps = replicator.test_tr_2_2_the_copy_gives_up_no_record_and_keeps_their_order
switched = replicator.test_tr_2_2_a_copy_runs_from_when_the_migration_says
told = replicator.test_tr_2_2_the_replicator_is_told_what_it_needs_and_writes_into_the_other_regions_mirror
may = replicator.test_tr_2_2_the_replicator_may_read_its_own_stream_and_use_both_keys
aside = replicator.test_tr_2_2_what_is_set_aside_lies_under_the_replicators_own_name
rings = replicator.test_tr_5_1_a_replicator_that_falls_behind_or_is_ended_rings
ROLE = "ReplicatorRole/Policies/0/PolicyDocument/Statement"

DEFECTS = (
    Defect("replicator", "records given up after three tries", put("LiveMapping/MaximumRetryAttempts", 3), keeps),
    Defect("replicator", "records given up after a day", put("LiveMapping/MaximumRecordAgeInSeconds", 86_400), keeps),
    Defect("replicator", "records that overtake an end marker", put("LiveMapping/ParallelizationFactor", 5), keeps),
    Defect("replicator", "what came before it is never copied", put("LiveMapping/StartingPosition", "LATEST"), keeps),
    Defect("replicator", "a batch that comes whole again for one record", put("LiveMapping/FunctionResponseTypes", []), keeps),
    Defect("replicator", "a batch that never becomes smaller", put("LiveMapping/BisectBatchOnFunctionError", False), keeps),
    Defect(
        "replicator",
        "a copy of the mirror, round and round",
        put("LiveMapping/EventSourceArn", {"Ref": "MirrorStreamArn"}),
        keeps,
    ),
    Defect("replicator", "a copy nobody switched on", put("LiveMapping/Enabled", True), switched),
    Defect(
        "replicator",
        "a copy within the region",
        put("ReplicatorFunction/Environment/Variables/MIRROR_REGION", {"Ref": "AWS::Region"}),
        told,
    ),
    Defect("replicator", "nowhere to set records aside", drop("ReplicatorFunction/Environment/Variables/SET_ASIDE_BUCKET"), told),
    Defect("replicator", "copies put into a live stream", put(f"{ROLE}/1/Resource", {"Ref": "LiveStreamArn"}), told),
    Defect("replicator", "single puts, which lose their order", add(f"{ROLE}/1/Action", "kinesis:PutRecord"), told),
    Defect("replicator", "a reader that can't list shards", put(f"{ROLE}/0/Action", ["kinesis:GetRecords"]), may),
    Defect("replicator", "a mirror under a key it may not use", put(f"{ROLE}/3/Resource", {"Ref": "DataKeyArn"}), may),
    Defect(
        "replicator",
        "it may write over what the transform set aside",
        put(f"{ROLE}/4/Resource", {"Fn::Sub": "arn:${AWS::Partition}:s3:::${SetAsideBucket}/*"}),
        aside,
    ),
    Defect("replicator", "nobody hears that it fell behind", drop("Resources/ReplicatorAgeAlarm"), rings),
)
