"""A thousand events that nobody should send: no function raises, nothing is lost, and good records among them come through."""

import base64
import io
import json
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.workloads.market_fakes import MemoryAnalytics, MemoryPassed
from tests.unit.workloads.served import Served

from landbridge.model.market import Stream, Tick
from landbridge.model.pen import Epoch, Pen, PenState
from landbridge.model.routes import RESOURCES
from landbridge.workloads.trading import work
from landbridge.workloads.trading.market import transform
from landbridge.workloads.trading.records import Record, batches
from landbridge.workloads.trading.response import respond
from landbridge.workloads.trading.transform import answer

MARK = "MARKED-SECRET"
GOOD = Tick("feed", "ACME", 1, "101.25 300 1767603600000")
PLAIN = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8) | st.just(MARK)
JSON = st.recursive(
    PLAIN, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3), max_leaves=6
)
PARTS = st.fixed_dictionaries({}, optional=dict.fromkeys(("user", "view", "number", "symbol"), JSON))
EVENT = st.fixed_dictionaries(
    {"resource": st.sampled_from(list(RESOURCES)) | JSON, "httpMethod": st.sampled_from(["GET", "PUT"]) | JSON},
    optional={
        "pathParameters": PARTS | JSON,
        "queryStringParameters": JSON,
        "headers": st.dictionaries(st.sampled_from(["x-seen-version", "X-Landbridge-Hop", "origin"]), JSON) | JSON,
        "body": JSON | JSON.map(json.dumps),
        "isBase64Encoded": JSON,
    },
)
DATA = st.binary(max_size=40).map(lambda data: base64.b64encode(data).decode()) | JSON
HOW = settings(max_examples=250, deadline=None, database=None)


@pytest.mark.parametrize("function", ["Read", "Write"])
@HOW
@given(event=EVENT | JSON)
def test_the_functions_of_the_api_answer_whatever_comes(function: str, event: Any) -> None:
    """A status and a JSON object, in one line of log that holds nothing of the event."""
    served = Served(at_holder=True)
    told = respond(event, lambda: served.handlers[function], region="here", log=served.log, origins="https://a.example")
    assert told["statusCode"] in {200, 400, 404, 409, 500, 503}
    assert isinstance(json.loads(told["body"]), dict)
    assert served.log.getvalue().count("\n") == 1
    assert MARK not in served.log.getvalue()


@HOW
@given(event=JSON | st.fixed_dictionaries({"users": JSON}))
def test_the_worker_answers_whatever_comes(event: Any) -> None:
    """A hint that is none is no hint; a function that can't be made says why."""
    assert work.handler(event, None)["applied"] == 0


def _record(number: int, data: Any) -> dict[str, Any]:
    kinesis = {"data": data, "sequenceNumber": str(number), "partitionKey": "k"}
    return {"eventID": f"shard-0:{number}", "eventSourceARN": "arn:aws:kinesis:r:1:stream/x", "kinesis": kinesis}


class Side:
    """A region that holds the pen, with its tables in memory."""

    def __init__(self) -> None:
        self.analytics = MemoryAnalytics()

    def __call__(self, records: Sequence[Record]) -> str | None:
        """All batches of the records."""
        pen = Pen(PenState.OPEN, Epoch(1), 1, 0.0)
        for batch in batches(records, Stream.LIVE, "here"):
            transform(batch, region="here", pen=pen, analytics=self.analytics, passed=MemoryPassed())
        return None


@HOW
@given(spoilt=st.lists(DATA, min_size=1, max_size=5), at=st.integers(0, 4))
def test_good_records_among_spoilt_ones_are_processed_and_the_rest_set_aside(spoilt: list[Any], at: int) -> None:
    """Each record is a row or lies aside under its position; nothing is given again for ever."""
    side, good = Side(), base64.b64encode(GOOD.text().encode()).decode()
    held = [*spoilt[:at], good, *spoilt[at:]]
    told = answer({"Records": [_record(number, data) for number, data in enumerate(held)]}, lambda: side, io.StringIO())
    assert told == {"batchItemFailures": []}
    assert side.analytics.rows == {GOOD.identity: GOOD}
    assert len(side.analytics.aside) == len(spoilt)


@HOW
@given(event=JSON | st.fixed_dictionaries({"Records": JSON | st.lists(JSON | st.fixed_dictionaries({"kinesis": JSON}))}))
def test_an_event_that_holds_no_records_loses_nothing(event: Any) -> None:
    """No raise; where something came that could be records, all of it is asked for again."""
    log = io.StringIO()
    told = answer(event, Side, log)
    held = isinstance(event, dict) and event.get("Records")
    assert bool(told["batchItemFailures"]) == bool(held or not isinstance(event, dict))
    assert MARK not in log.getvalue()
