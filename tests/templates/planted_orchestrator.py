"""Defects of leading in AWS: a machine that ends, a history that fills, silence nobody hears, a role that may too much."""

from tests.templates import test_engine_policies as rights
from tests.templates import test_orchestrator as leads
from tests.templates import test_rules as rules
from tests.templates.planted import Defect, add, drop, put

STATES = "Machine/Definition/States"
ROLE = "EngineRole/Policies/0/PolicyDocument/Statement"
ends = leads.test_tr_2_5_the_machine_ends_only_when_the_run_has_ended_or_another_execution_goes_on
answers = leads.test_the_machine_knows_every_answer_of_a_turn
history = leads.test_the_history_of_an_execution_never_fills
time = leads.test_a_turn_has_more_time_than_it_takes
lacking = leads.test_what_comes_from_a_side_may_be_lacking
nothing = leads.test_without_an_archive_nothing_runs_and_nothing_rings
silent = leads.test_tr_7_5_a_silent_runner_of_an_open_run_rings_in_the_journals_region
woken = leads.test_tr_5_3_alarms_and_decisions_give_the_engine_a_turn_at_once
logs = leads.test_the_logs_of_the_machine_hold_nothing_of_what_it_is_told
engine = leads.test_ru_5_the_engines_own_role_reaches_the_journal_and_its_orders_alone
machine = leads.test_the_machine_may_call_its_own_function_and_start_itself_alone
buckets = rules.test_ru_4_every_bucket_is_versioned_encrypted_private_and_tls_only
destroyed = rules.test_ru_3_everything_can_be_destroyed
own = rights.test_ru_5_the_engine_is_allowed_its_own_calls_and_what_cloudformation_asks_for
verbs = rights.test_ru_5_what_only_a_persons_verb_calls_is_not_the_engines
fits = rights.test_ru_5_every_policy_of_the_engine_can_be_attached
given = rights.test_ru_5_the_engines_role_is_given_them_all
ALLOWED = "PolicyDocument/Statement/0"
FOREVER = "{% ($next = 'again' or $next = 'held') and $turns < 25000 %}"
DONE_ALONE = "{% $next = 'again' %}"

DEFECTS = (
    Defect("orchestrator", "a turn that fails ends the machine", drop(f"{STATES}/Turn/Catch"), ends),
    Defect("orchestrator", "a failed turn leads to the end", put(f"{STATES}/Turn/Catch/0/Next", "Over"), ends),
    Defect("orchestrator", "a topic that does not hear ends the machine", drop(f"{STATES}/Tell/Catch"), ends),
    Defect("orchestrator", "a machine that ends after a day", put("Machine/Definition/TimeoutSeconds", 86_400), ends),
    Defect("orchestrator", "a held run is over", put(f"{STATES}/GoOn/Choices/0/Condition", DONE_ALONE), answers),
    Defect("orchestrator", "a history that fills", put(f"{STATES}/GoOn/Choices/0/Condition", FOREVER), history),
    Defect("orchestrator", "a new execution under the old name", put(f"{STATES}/Renew/Arguments/Name", "{% $name %}"), history),
    Defect("orchestrator", "a turn as long as its function lives", put("Parameters/TurnSeconds/MaxValue", 900), time),
    Defect("orchestrator", "a machine less patient than its function", put(f"{STATES}/Turn/TimeoutSeconds", 60), time),
    Defect("orchestrator", "an alarm where no engine runs", drop("Resources/RunnerSilenceAlarm/Condition"), nothing),
    Defect("orchestrator", "a silence that is missed", put("RunnerSilenceAlarm/TreatMissingData", "notBreaching"), silent),
    Defect("orchestrator", "a silence that rings after an hour", put("RunnerSilenceAlarm/Threshold", 3600), silent),
    Defect("orchestrator", "a watch that stands still", put("MinuteRule/State", "DISABLED"), silent),
    Defect("orchestrator", "alarms that wake nobody", put("AlarmsRule/State", "DISABLED"), woken),
    Defect("orchestrator", "everybody's alarms", drop("AlarmsRule/EventPattern/detail"), woken),
    Defect("orchestrator", "a rule that may not call", put("DecisionsPermission/SourceArn", "*"), woken),
    Defect("orchestrator", "a log with contents", put("Machine/LoggingConfiguration/IncludeExecutionData", True), logs),
    Defect("orchestrator", "an engine that writes its own orders", add(f"{ROLE}/1/Action", "s3:PutObject"), engine),
    Defect("orchestrator", "an engine that reads any object", put(f"{ROLE}/1/Resource", {"Fn::Sub": "arn:x:s3:::*"}), engine),
    Defect(
        "orchestrator",
        "a machine that calls any function",
        put("MachineRole/Policies/0/PolicyDocument/Statement/0/Resource", {"Fn::Sub": "arn:x:lambda:::function:*"}),
        machine,
    ),
    Defect("engine-policies", "a call the engine is not allowed", drop("Resources/CallsPolicy"), own),
    Defect(
        "engine-policies", "an engine that starts an engine", add(f"CallsPolicy/{ALLOWED}/Action", "states:StartExecution"), verbs
    ),
    Defect("engine-policies", "a policy IAM refuses", put(f"CallsPolicy/{ALLOWED}/Action", ["s3:GetObject"] * 500), fits),
    Defect("engine-policies", "an account to be filled in", put(f"CallsPolicy/{ALLOWED}/Resource", "arn:aws:s3:::ACCOUNT"), fits),
    Defect("engine-policies", "a policy nobody is given", put("Outputs/PolicyArns/Value", {"Ref": "CallsPolicy"}), given),
    Defect("foothold", "a foothold that waits for the target", drop("Parameters/InboxArn/Default"), lacking),
    Defect("foothold", "code in a bucket without versions", drop("Bucket/VersioningConfiguration"), buckets),
    Defect("journal-keys", "a key that stays for a month", put("DataKey/PendingWindowInDays", 30), destroyed),
)
