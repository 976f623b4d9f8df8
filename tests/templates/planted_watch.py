"""Defects of watching: silence that is no alarm, empty graphs, people nobody tells, rules that answer nothing."""

from typing import Any

from tests.templates import test_rules as rules
from tests.templates import test_shipping as shipping
from tests.templates import test_watch as watch
from tests.templates import test_wrong as wrong
from tests.templates.planted import Change, Defect, add, drop, put

OTHER_NAME = [{"Name": "TableName", "Value": {"Fn::Sub": "trading-analytics-states-${EnvironmentSuffix}"}}]
OTHER_QUEUE = [{"Name": "QueueName", "Value": {"Fn::Sub": "trading-analytics-unbegun-${EnvironmentSuffix}"}}]
NO_STAGE = [{"Name": "ApiName", "Value": {"Fn::Sub": "trading-analytics-api-${EnvironmentSuffix}"}}]
EARLY = {"Fn::Sub": "/aws/lambda/trading-analytics-read-${EnvironmentSuffix}"}
EMPTY_BOARD = {"Fn::Sub": '{"widgets": []}'}
late = watch.test_tr_5_1_every_store_rings_when_its_copy_is_five_minutes_old_or_silent
differs = watch.test_tr_5_1_every_store_rings_when_its_copy_differs_or_nobody_compares
runner = watch.test_tr_7_5_a_silent_runner_rings
region = watch.test_tr_5_1_api_functions_tables_and_database_are_watched
dimensions = watch.test_wrong_9_every_number_exists_with_these_dimensions
there = watch.test_wrong_9_every_number_is_of_something_that_is_there
published = watch.test_every_number_of_our_own_is_one_that_somebody_says
board = watch.test_tr_5_2_the_board_shows_all_of_the_migration_in_both_regions
told = watch.test_every_alarm_tells_somebody_when_it_rings_and_when_it_ends
danger = watch.test_a_shift_is_in_danger_when_any_copy_drifts_or_serving_fails
answered = watch.test_tr_5_3_a_shift_in_danger_and_a_silent_runner_wake_the_engine
encrypted = watch.test_ru_4_topics_and_queues_are_encrypted_and_only_reached_by_tls
ours = watch.test_no_service_of_another_account_may_tell_us_anything
inboxes = watch.test_tr_5_2_both_topics_reach_the_inboxes_of_both_regions
transfer = watch.test_tr_7_3_transfer_between_regions_has_a_budget_and_a_watch
together = shipping.test_tr_5_2_the_logs_of_both_regions_come_together_in_the_one_that_stays
buckets = rules.test_ru_4_every_bucket_is_versioned_encrypted_private_and_tls_only
nowhere = wrong.test_no_template_knows_a_region_by_name


def _renamed(path: str, old: str, new: str) -> Change:
    """Changes a word of the board's text, or of a composite's rule."""

    def change(template: dict[str, Any]) -> None:
        resource, prop = path.split("/")
        properties = template["Resources"][resource]["Properties"]
        properties[prop]["Fn::Sub"] = properties[prop]["Fn::Sub"].replace(old, new)

    return change


ALARMS = (
    Defect("copies", "a silent copy is no alarm", put("LagStateAlarm/TreatMissingData", "notBreaching"), late),
    Defect("copies", "a copy may be an hour old", put("LagHistoryAlarm/Threshold", 3600), late),
    Defect("copies", "a store nobody measures", drop("Resources/LagDatabaseAlarm"), late),
    Defect("copies", "an average that hides a late copy", put("LagMarketAlarm/Statistic", "Average"), late),
    Defect("copies", "a store nobody compares", drop("Resources/DifferencesCommandsAlarm"), differs),
    Defect("copies", "a comparison that may stop unseen", put("DifferencesStateAlarm/TreatMissingData", "missing"), differs),
    Defect("copies", "ten differences are let pass", put("DifferencesStateAlarm/Threshold", 10), differs),
    Defect("copies", "a runner that may fall silent", put("RunnerAlarm/TreatMissingData", "ignore"), runner),
    Defect("copies", "a runner that is missed after an hour", put("RunnerAlarm/Period", 720), runner),
    Defect("watch", "nobody watches the database", drop("Resources/DatabaseCpuAlarm"), region),
    Defect("watch", "nobody watches the stream's reader", drop("Resources/IteratorAgeAlarm"), region),
    Defect("watch", "nobody hears of a day that was not written", drop("Resources/PipelineFailedAlarm"), region),
    Defect("watch", "an alarm on a queue nobody has", put("PipelineUnstartedAlarm/Dimensions", OTHER_QUEUE), there),
    Defect("watch", "an alarm without a dimension it is published with", put("ApiLatencyAlarm/Dimensions", NO_STAGE), dimensions),
    Defect("watch", "an alarm on a metric nobody publishes", put("ReadErrorsAlarm/MetricName", "Error"), dimensions),
    Defect("watch", "an alarm on a table nobody has", put("StateReadThrottlesAlarm/Dimensions", OTHER_NAME), there),
    Defect("copies", "an alarm on a store nobody measures", put("LagStateAlarm/Dimensions/1/Value", "states"), published),
    Defect("board", "a pen nobody tells of", _renamed("Dashboard/DashboardBody", '"effects"', '"effect"'), published),
    Defect("watch", "an alarm nobody hears", drop("ReadErrorsAlarm/AlarmActions"), told),
    Defect("copies", "an end nobody hears", put("LagStateAlarm/OKActions", []), told),
    Defect("copies", "a late copy does not stop a shift", _renamed("CopiesAlarm/AlarmRule", "LagState", "LagHistory"), danger),
    Defect(
        "copies", "bad serving does not stop a shift", _renamed("ShiftAlarm/AlarmRule", "ServingAlarmName", "RunnerAlarm"), danger
    ),
    Defect(
        "watch",
        "failing writes do not count as bad serving",
        _renamed("ServingAlarm/AlarmRule", "WriteErrors", "ReadErrors"),
        danger,
    ),
)
SHOWN = (
    Defect("board", "an empty board", put("Dashboard/DashboardBody", EMPTY_BOARD), board),
    Defect("board", "one region shown twice", _renamed("Dashboard/DashboardBody", "${PeerRegion}", "${AWS::Region}"), board),
    Defect("board", "a graph with another dimension", _renamed("Dashboard/DashboardBody", '"Store"', '"Table"'), dimensions),
    Defect("board", "a graph of a metric nobody publishes", _renamed("Dashboard/DashboardBody", "5XXError", "5xx"), dimensions),
    Defect(
        "board",
        "a graph of a function nobody has",
        _renamed("Dashboard/DashboardBody", "analytics-read-", "analytics-reader-"),
        there,
    ),
    Defect(
        "board", "a region's name in the board", _renamed("Dashboard/DashboardBody", "${BillingRegion}", "us-east-1"), nowhere
    ),
)
ANSWERS = (
    Defect("copies", "a rule that is off", put("ShiftRule/State", "DISABLED"), answered),
    Defect("copies", "a rule on another alarm", put("RunnerRule/EventPattern/resources/0/Fn::GetAtt/0", "ShiftAlarm"), answered),
    Defect("copies", "a rule that tells somebody else", put("RunnerRule/Targets/0/Arn", {"Ref": "AlertsTopicArn"}), answered),
    Defect(
        "copies",
        "a role that may start executions too",
        add("ResponseRole/Policies/0/PolicyDocument/Statement/0/Action", "states:StartExecution"),
        answered,
    ),
)
TOLD = (
    Defect("notices", "a topic in clear", drop("AlertsTopic/KmsMasterKeyId"), encrypted),
    Defect("notices", "a queue in clear", put("Inbox/SqsManagedSseEnabled", False), encrypted),
    Defect("notices", "a topic by plain HTTP", drop("StatusTopicPolicy/PolicyDocument/Statement/0"), encrypted),
    Defect("notices", "anybody's alarms are believed", drop("AlertsTopicPolicy/PolicyDocument/Statement/0/Condition"), ours),
    Defect(
        "notices", "everybody may put into the inbox", put("InboxPolicy/PolicyDocument/Statement/0/Principal", {"AWS": "*"}), ours
    ),
    Defect("notices", "a topic that reaches no inbox", drop("Resources/StatusToInbox"), inboxes),
    Defect("relay", "a topic the other region does not hear", drop("Resources/AlertsToPeer"), inboxes),
    Defect("relay", "a notice that may be lost", drop("StatusToPeer/RedrivePolicy"), inboxes),
    Defect("cost", "a budget of everything", drop("Budget/Budget/CostFilters"), transfer),
    Defect("cost", "told when it is spent", drop("Budget/NotificationsWithSubscribers/2"), transfer),
    Defect("cost", "a jump told once a week, which a topic never is", put("Anomalies/Frequency", "WEEKLY"), transfer),
    Defect("shipping", "a function's log stays where it is", drop("Resources/WriteSubscription"), together),
    Defect("shipping", "subscribed before the log stands", put("ReadSubscription/LogGroupName", EARLY), together),
    Defect("shipping", "only errors are sent", put("ReadSubscription/FilterPattern", "ERROR"), together),
    Defect("shipping", "logs in clear on their way", put("Stream/DeliveryStreamEncryptionConfigurationInput", {}), together),
    Defect("shipping", "logs stay in their region", put("Stream/ExtendedS3DestinationConfiguration/BucketARN", "arn"), together),
    Defect("logs", "a bucket of logs without versions", drop("Bucket/VersioningConfiguration"), buckets),
)
DEFECTS = (*ALARMS, *SHOWN, *ANSWERS, *TOLD)
