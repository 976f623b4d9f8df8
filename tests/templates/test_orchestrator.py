"""Who leads in AWS: the machine never ends by a failure, everything lies where nobody leaves, and nothing may do too much."""

from collections.abc import Iterator, Mapping
from typing import Any

from tests.templates.walk import resources, statements

from landbridge.deploy.regional import LEADING
from landbridge.orchestrator.handler import MARGIN
from landbridge.orchestrator.turn import WAIT, Next
from landbridge.platforms.trading.stacks import STACKS

Templates = Mapping[str, Mapping[str, Any]]
HISTORY = 25_000  # events, which end an execution
LAMBDA_ENDS = 900
UNCONDITIONAL = {"AWS::IAM::Role", "AWS::Logs::LogGroup"}


def made(templates: Templates) -> Mapping[str, Any]:
    """Its resources."""
    found: Mapping[str, Any] = templates["orchestrator"]["Resources"]
    return found


def states(templates: Templates) -> Mapping[str, Any]:
    """Those of the machine."""
    found: Mapping[str, Any] = made(templates)["Machine"]["Properties"]["Definition"]["States"]
    return found


def ways(state: Mapping[str, Any]) -> Iterator[str]:
    """Where a state leads."""
    for holder in (state, *state.get("Choices", ()), *state.get("Catch", ())):
        yield from (holder[word] for word in ("Next", "Default") if word in holder)


def test_tr_2_5_the_machine_ends_only_when_the_run_has_ended_or_another_execution_goes_on(templates: Templates) -> None:
    """Every task catches everything, and what is caught leads to a wait and to the next turn."""
    found = states(templates)
    for name, state in found.items():
        assert set(ways(state)) <= set(found), name
        if state["Type"] == "Task":
            assert state["Catch"][-1]["ErrorEquals"] == ["States.ALL"], name
            assert state["Catch"][-1]["Next"] in {"GoOn", "Rest"}, name
    assert {name for name, state in found.items() if state["Type"] in {"Fail", "Succeed"}} == {"Done", "Over", "Renewed"}
    assert found["Turn"]["Catch"][-1]["Assign"]["next"] == str(Next.AGAIN)
    leads = {name for name, state in found.items() if {"Done", "Over", "Renewed"} & set(ways(state))}
    assert leads == {"GoOn", "Renew"}
    assert "TimeoutSeconds" not in made(templates)["Machine"]["Properties"]["Definition"]


def test_the_machine_knows_every_answer_of_a_turn(templates: Templates) -> None:
    """What makes it come again makes it wait; everything else ends it, and one of that is as wished."""
    choices = [choice["Condition"] for choice in states(templates)["GoOn"]["Choices"]]
    again = {each for each in Next if WAIT.get(each)}
    assert again == {Next.AGAIN, Next.HELD}
    assert all(f"$next = '{each}'" in choice for each in again for choice in choices[:2])
    assert f"$next = '{Next.DONE}'" in choices[2]
    assert states(templates)["Done"]["Type"] == "Succeed"
    assert states(templates)["GoOn"]["Default"] == "Over"


def test_the_history_of_an_execution_never_fills(templates: Templates) -> None:
    """With every retry of every turn, it goes on as a new one long before."""
    found = states(templates)
    condition = found["GoOn"]["Choices"][0]["Condition"]
    turns = int(condition.rpartition("<")[2].strip(" %}"))
    tasks = [found["Turn"], found["Tell"]]
    tries = sum(1 + retry["MaxAttempts"] for task in tasks for retry in task["Retry"])
    events = 3 * tries + 2 * len(("Turn", "Judge", "Tell", "GoOn", "Rest"))
    assert turns * events < HISTORY
    assert found["GoOn"]["Choices"][1]["Next"] == "Renew"
    assert found["Renew"]["Arguments"]["Name"] != "{% $name %}"


def test_a_turn_has_more_time_than_it_takes(templates: Templates) -> None:
    """Its own end, then the function's with room for a last tick, then the machine's patience."""
    function, parameters = made(templates)["EngineFunction"]["Properties"], templates["orchestrator"]["Parameters"]
    assert parameters["TurnSeconds"]["MaxValue"] + MARGIN < function["Timeout"] == LAMBDA_ENDS
    assert states(templates)["Turn"]["TimeoutSeconds"] > function["Timeout"]


def test_neither_side_of_the_move_is_needed_to_lead_it() -> None:
    """All that leads lies in the journal's region; what comes from elsewhere may be lacking."""
    placed = {each.name: each for each in STACKS}
    assert {name: placed[name].home for name in LEADING} == dict.fromkeys(LEADING, "journal")
    feeds = [feed for name in LEADING for feed in placed[name].feeds.values()]
    assert {feed for feed in feeds if "@" in feed} == {"notices.InboxArn@target"}


def test_what_comes_from_a_side_may_be_lacking(templates: Templates) -> None:
    """The target is not there when a move begins."""
    assert templates["foothold"]["Parameters"]["InboxArn"]["Default"] == ""


def test_without_an_archive_nothing_runs_and_nothing_rings(templates: Templates) -> None:
    """A platform that is moved from a laptop has an alarm less, not one that never ends."""
    for where, each in resources({"orchestrator": templates["orchestrator"]}):
        assert each.get("Condition") == (None if each["Type"] in UNCONDITIONAL else "HasEngine"), where
    assert templates["orchestrator"]["Parameters"]["EngineKey"]["Default"] == ""


def test_tr_7_5_a_silent_runner_of_an_open_run_rings_in_the_journals_region(templates: Templates) -> None:
    """Five minutes without a word in the journal; a watch that is silent itself rings too."""
    alarm = made(templates)["RunnerSilenceAlarm"]["Properties"]
    assert (alarm["Threshold"], alarm["ComparisonOperator"], alarm["Statistic"]) == (300, "GreaterThanThreshold", "Maximum")
    assert (alarm["TreatMissingData"], alarm["AlarmActions"]) == ("breaching", [{"Ref": "AlertsTopicArn"}])
    minute = made(templates)["MinuteRule"]["Properties"]
    assert (minute["ScheduleExpression"], minute["State"]) == ("rate(1 minute)", "ENABLED")
    assert minute["Targets"][0]["Arn"] == {"Fn::GetAtt": ["WatchFunction", "Arn"]}


def test_tr_5_3_alarms_and_decisions_give_the_engine_a_turn_at_once(templates: Templates) -> None:
    """Alarms of this platform's names alone, here or sent from the sides; each rule may call the function."""
    found = made(templates)
    for name in ("Alarms", "Decisions"):
        rule = found[f"{name}Rule"]["Properties"]
        assert rule["State"] == "ENABLED"
        assert rule["Targets"][0]["Arn"] == {"Fn::GetAtt": ["EngineFunction", "Arn"]}
        assert found[f"{name}Permission"]["Properties"]["SourceArn"] == {"Fn::GetAtt": [f"{name}Rule", "Arn"]}
    pattern = found["AlarmsRule"]["Properties"]["EventPattern"]
    assert pattern["detail"] == {"alarmName": [{"wildcard": {"Fn::Sub": "trading-analytics-*-${EnvironmentSuffix}"}}]}
    assert found["DecisionsRule"]["Properties"]["EventPattern"] == {"source": ["landbridge"], "detail-type": ["decision"]}


def test_the_logs_of_the_machine_hold_nothing_of_what_it_is_told(templates: Templates) -> None:
    """States and times alone; and under a key, as every log."""
    logging = made(templates)["Machine"]["Properties"]["LoggingConfiguration"]
    assert (logging["IncludeExecutionData"], logging["Level"]) == (False, "ALL")
    assert made(templates)["MachineLogs"]["Properties"]["KmsKeyId"] == {"Ref": "LogsKeyArn"}


def test_ru_5_the_engines_own_role_reaches_the_journal_and_its_orders_alone(templates: Templates) -> None:
    """What moves the platform is handed in, as policies that a person has read."""
    role = made(templates)["EngineRole"]["Properties"]
    assert role["ManagedPolicyArns"]["Fn::If"][0] == "HasEnginePolicies"
    may = {each["Sid"]: each for each in statements(role["Policies"])}
    assert set(may) == {"KeepJournal", "ReadOrders", "UseKey", "Log"}
    assert may["KeepJournal"]["Resource"]["Fn::Sub"].endswith(":table/trading-analytics-journal-${EnvironmentSuffix}")
    assert may["ReadOrders"]["Action"] == ["s3:GetObject"]
    assert may["ReadOrders"]["Resource"]["Fn::Sub"].endswith("/orders/*")
    watch = {action for each in statements(made(templates)["WatchRole"]["Properties"]["Policies"]) for action in each["Action"]}
    assert watch == {"dynamodb:Query", "cloudwatch:PutMetricData", "logs:CreateLogStream", "logs:PutLogEvents"}


def test_the_machine_may_call_its_own_function_and_start_itself_alone(templates: Templates) -> None:
    """And tell one topic; deliveries of logs and traces have no resource."""
    may = {each["Sid"]: each["Resource"] for each in statements(made(templates)["MachineRole"]["Properties"]["Policies"])}
    assert may["Turn"]["Fn::Sub"].endswith(":function:trading-analytics-engine-${EnvironmentSuffix}")
    assert may["GoOn"]["Fn::Sub"].endswith(":stateMachine:trading-analytics-orchestrator-${EnvironmentSuffix}")
    assert may["Tell"] == {"Ref": "AlertsTopicArn"}
    assert {sid for sid, resource in may.items() if resource == "*"} == {"Deliver", "Trace"}
