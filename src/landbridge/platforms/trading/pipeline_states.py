"""The states of the daily pipeline, in Amazon's own language: compare, write the day if it is not there, compare again.

What was written is never written over: a day that is there and differs is left for a person to look at.
"""

from typing import Any

from landbridge.platforms.words import Json

DAY = "[Y0001]-[M01]-[D01]"
# a schedule says when it began, a person says which day; the day the streams forgot is one before what they still keep
FORGOTTEN = f"$fromMillis($toMillis($states.input.time) - (${{RetentionHours}} + 24) * 3600000, '{DAY}')"
WHICH = f"{{% $states.input.day ? $states.input.day : {FORGOTTEN} %}}"
COLUMNS = "feed, symbol, sequence, price, volume, at, epoch, day"
BUSY = {"ErrorEquals": ["Athena.TooManyRequestsException"], "IntervalSeconds": 30, "MaxAttempts": 10, "BackoffRate": 2}
ANY = {"ErrorEquals": ["States.ALL"], "IntervalSeconds": 60, "MaxAttempts": 3, "BackoffRate": 2}


def definition() -> Json:
    """The whole machine; ${Words} are filled in when it is deployed."""
    return {
        "Comment": "One day's ticks, each identity once",
        "QueryLanguage": "JSONata",
        "StartAt": "ChooseDay",
        "TimeoutSeconds": 6 * 3600,
        "States": {**_beginning(), **_comparing(), **_writing(), **_endings()},
    }


def _beginning() -> dict[str, Any]:
    key = {"pk": {"S": "pen#market"}, "sk": {"S": "master"}}
    asked = {"TableName": "${PensTable}", "Key": key, "ConsistentRead": True}
    is_day, is_open = "{% $contains($day, /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/) %}", "{% $pen = 'open' %}"
    return {
        "ChooseDay": {"Type": "Pass", "Assign": {"day": WHICH, "written": False}, "Next": "KnowDay"},
        "KnowDay": _choice([(is_day, "AskPen")], "NoDay"),
        "AskPen": {
            "Type": "Task",
            "Resource": "arn:aws:states:::dynamodb:getItem",
            "Arguments": asked,
            "Assign": {"pen": "{% $states.result.Item.state.S ? $states.result.Item.state.S : 'closed' %}"},
            "Retry": [ANY],
            "Next": "HoldPen",
        },
        "HoldPen": _choice([(is_open, "Compare")], "OtherSide"),
    }


def _comparing() -> dict[str, Any]:
    """How many identities the day has, how many rows were written for it, and how many identities those have."""
    identities = "count(*) FROM ticks_unique WHERE day = '"
    rows = "count(*), count(DISTINCT (feed, symbol, sequence)) FROM ticks_daily WHERE day = '"
    text = f'"SELECT * FROM (SELECT {identities}" & $day & "\'), (SELECT {rows}" & $day & "\')"'  # noqa: S608 - the day was seen to be one
    got = {"wanted": 0, "rows": 1, "identities": 2}
    numbers = {name: f"{{% $number($states.result.ResultSet.Rows[1].Data[{at}].VarCharValue) %}}" for name, at in got.items()}
    return {
        "Compare": {**_query(text), "Retry": [ANY], "Next": "ReadCounts"},
        "ReadCounts": {
            "Type": "Task",
            "Resource": "arn:aws:states:::athena:getQueryResults",
            "Arguments": {"QueryExecutionId": "{% $states.input.QueryExecution.QueryExecutionId %}"},
            "Assign": numbers,
            "Retry": [ANY],
            "Next": "Judge",
        },
        "Judge": _choice(
            [("{% $rows = $wanted and $identities = $wanted %}", "Written"), ("{% $rows = 0 and $not($written) %}", "Write")],
            "Differs",
        ),
    }


def _writing() -> dict[str, Any]:
    """Retried only where Athena says it did not begin."""
    text = f'"INSERT INTO ticks_daily SELECT {COLUMNS} FROM ticks_unique WHERE day = \'" & $day & "\'"'  # noqa: S608 - the day was seen to be one
    return {"Write": {**_query(text), "Assign": {"written": True}, "Retry": [BUSY], "Next": "Compare"}}


def _endings() -> dict[str, Any]:
    return {
        "Written": {"Type": "Succeed"},
        "OtherSide": {"Type": "Succeed", "Comment": "The market's pen is not open in this region"},
        "NoDay": {"Type": "Fail", "Error": "NoDay", "Cause": "Begin with a day, like 2026-01-31"},
        "Differs": {"Type": "Fail", "Error": "Differs", "Cause": "The day is written and is not the history's: compare by hand"},
    }


def _query(text: str) -> dict[str, Any]:
    arguments = {
        "QueryString": f"{{% {text} %}}",
        "WorkGroup": "${Workgroup}",
        "QueryExecutionContext": {"Database": "${Database}"},
    }
    return {"Type": "Task", "Resource": "arn:aws:states:::athena:startQueryExecution.sync", "Arguments": arguments}


def _choice(ways: list[tuple[str, str]], otherwise: str) -> dict[str, Any]:
    return {"Type": "Choice", "Choices": [{"Condition": way, "Next": to} for way, to in ways], "Default": otherwise}
