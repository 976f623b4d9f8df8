"""The states that lead a migration, in Amazon's own language: a turn, what it came to, a wait, and again.

A turn that fails ends nothing: it is tried again for ever, and the alarm on silence calls a person. Before its history is
full the machine goes on as a new execution of itself.
"""

from typing import Any

from landbridge.platforms.words import Json

TURNS = 600  # of an execution: with every retry of each far from the 25,000 events that end one
TURN_TIMEOUT = 960  # a function is ended after 900
STUMBLED_SECONDS = 30
ONCE_MORE = {"ErrorEquals": ["States.ALL"], "IntervalSeconds": 2, "MaxAttempts": 3, "BackoffRate": 2}
ANY = "States.ALL"


def definition() -> Json:
    """The whole machine; ${Words} are filled in when it is deployed."""
    return {
        "Comment": "Leads the migration that is open in the journal",
        "QueryLanguage": "JSONata",
        "StartAt": "Begin",
        "States": {**_turning(), **_telling(), **_going_on(), **_endings()},
    }


def _turning() -> dict[str, Any]:
    """A function that was not called, or died, is called again: of two that work at once the journal lets one."""
    named = {"name": "{% $states.input.name %}", "part": "{% $states.input.part %}"}
    said = {"next": "{% $states.result.Payload.next %}", "wait": "{% $states.result.Payload.wait %}"}
    counted = {"turns": "{% $turns + 1 %}"}
    return {
        "Begin": {"Type": "Pass", "Assign": {**named, "turns": 0, "told": "again", "next": "again", "wait": 1}, "Next": "Turn"},
        "Turn": {
            "Type": "Task",
            "Resource": "arn:aws:states:::lambda:invoke",
            "Arguments": {"FunctionName": "${Function}", "Payload": {"part": "{% $part %}", "turn": "{% $turns %}"}},
            "TimeoutSeconds": TURN_TIMEOUT,
            "Assign": {**said, **counted},
            "Retry": [ONCE_MORE],
            "Catch": [{"ErrorEquals": [ANY], "Assign": {**counted, "wait": STUMBLED_SECONDS, "next": "again"}, "Next": "GoOn"}],
            "Next": "Judge",
        },
        "Judge": _choice([("{% $next != $told and $next != 'again' %}", "Tell")], "GoOn"),
    }


def _telling() -> dict[str, Any]:
    """Once for each thing that is new; whom nobody hears is no reason to stop."""
    text = "{% 'The migration of ${Platform} says: ' & $next & '. landbridge status tells why, and what comes next.' %}"
    said = {"TopicArn": "${Topic}", "Subject": "{% 'Migration: ' & $next %}", "Message": text}
    return {
        "Tell": {
            "Type": "Task",
            "Resource": "arn:aws:states:::sns:publish",
            "Arguments": said,
            "Assign": {"told": "{% $next %}"},
            "Retry": [ONCE_MORE],
            "Catch": [{"ErrorEquals": [ANY], "Next": "GoOn"}],
            "Next": "GoOn",
        },
    }


def _going_on() -> dict[str, Any]:
    """The new execution has a name that says whose it is, so that starting it twice starts one."""
    again = "{% ($next = 'again' or $next = 'held') and $turns < " + str(TURNS) + " %}"
    renew = "{% $next = 'again' or $next = 'held' %}"
    after = {"Name": "{% $name & '-part-' & $string($part + 1) %}", "Input": {"name": "{% $name %}", "part": "{% $part + 1 %}"}}
    there = {"ErrorEquals": ["StepFunctions.ExecutionAlreadyExistsException"], "Next": "Renewed"}
    rest = {"Type": "Wait", "Seconds": "{% $wait %}", "Assign": {"told": "{% $next = 'again' ? 'again' : $told %}"}}
    return {
        "GoOn": _choice([(again, "Rest"), (renew, "Renew"), ("{% $next = 'done' %}", "Done")], "Over"),
        "Rest": {**rest, "Next": "Turn"},
        "Renew": {
            "Type": "Task",
            "Resource": "arn:aws:states:::states:startExecution",
            "Arguments": {"StateMachineArn": "{% $states.context.StateMachine.Id %}", **after},
            "Retry": [{**ONCE_MORE, "ErrorEquals": ["StepFunctions.SfnException", "States.TaskFailed"]}],
            "Catch": [there, {"ErrorEquals": [ANY], "Next": "Rest"}],
            "Next": "Renewed",
        },
    }


def _endings() -> dict[str, Any]:
    return {
        "Renewed": {"Type": "Succeed", "Comment": "Another execution goes on"},
        "Done": {"Type": "Succeed"},
        "Over": {"Type": "Fail", "Error": "NotDone", "Cause": "{% 'The run has ended, or there is none: ' & $next %}"},
    }


def _choice(ways: list[tuple[str, str]], otherwise: str) -> dict[str, Any]:
    return {"Type": "Choice", "Choices": [{"Condition": way, "Next": to} for way, to in ways], "Default": otherwise}
