"""A thousand events and requests that nobody should send: each is answered, nothing is lost, nothing of it is logged."""

import asyncio
import io
import json
from collections.abc import Mapping
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.payments.fakes import MemoryLedger, Region, desk
from tests.unit.payments.test_events import AUTHORIZED, FIRST, come_again

from landbridge.workloads.payments.api.asgi import WORDS, App
from landbridge.workloads.payments.api.routes import ROUTES
from landbridge.workloads.payments.event import RECEIVE
from landbridge.workloads.payments.events import answer
from landbridge.workloads.payments.log import Log
from landbridge.workloads.payments.states import Kind

MARK = "4242424242424242"
PLAIN = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.just(MARK)
JSON = st.recursive(
    PLAIN, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3), max_leaves=6
)
NEARLY = st.fixed_dictionaries({"kind": st.sampled_from(Kind)}, optional=dict.fromkeys({*RECEIVE, "reference"} - {"kind"}, JSON))
BODY = (NEARLY | JSON).map(json.dumps) | st.text(max_size=40) | JSON
EVENT = JSON | st.fixed_dictionaries(
    {"Records": JSON | st.lists(JSON | st.fixed_dictionaries({"messageId": JSON, "body": BODY}))}
)
HEADERS = st.sampled_from([b"authorization", b"content-type", b"idempotency-key", b"cookie"])
REQUEST = st.fixed_dictionaries(
    {
        "method": st.sampled_from(["GET", "POST", "PUT", "DELETE", "HEAD", "X"]),
        "path": st.sampled_from([route.path for route in ROUTES]) | st.text(max_size=12).map(lambda text: f"/{text}"),
        "headers": st.lists(st.tuples(HEADERS, st.binary(max_size=20) | st.just(b"application/json")), max_size=4),
    }
)
HOW = settings(max_examples=500, deadline=None, database=None)


@HOW
@given(event=EVENT)
def test_the_function_answers_whatever_comes(event: Any) -> None:
    """Nothing is raised, no event counts that is none, and the log holds nothing of it."""
    log, ledger = io.StringIO(), MemoryLedger()
    told = answer(event, lambda: ledger, Log(log, {"events"}))
    assert ledger.payments == {}
    assert told["batchItemFailures"] or not event.get("Records")
    assert log.getvalue().count("\n") == 1
    assert MARK not in log.getvalue()


@HOW
@given(bodies=st.lists(BODY.filter(lambda body: isinstance(body, str)), max_size=4), at=st.integers(0, 4))
def test_good_events_among_malformed_ones_count(bodies: list[str], at: int) -> None:
    """Each that can't be used comes again by itself."""
    ledger = MemoryLedger()
    again = come_again(ledger, *bodies[:at], FIRST, AUTHORIZED, *bodies[at:])
    assert list(ledger.took.values()) == [[Kind.RECEIVE, Kind.AUTHORIZE]]
    assert len(again) == len(bodies)


@HOW
@given(scope=REQUEST, body=BODY)
def test_the_service_answers_whatever_comes(scope: Mapping[str, Any], body: Any) -> None:
    """A status below 500, an object that says what to do, and one line of log that holds nothing of it."""
    log, sent = io.StringIO(), list[Any]()
    text = body if isinstance(body, str) else json.dumps(body)
    held = [{"type": "http.request", "body": text.encode(errors="surrogatepass")}]

    async def receive() -> Any:
        return held.pop()

    async def send(message: Any) -> None:
        sent.append(message)

    app = App(desk(Region("us-east-1"), MemoryLedger()), Log(log, WORDS))
    asyncio.run(app({"type": "http", **scope}, receive, send))
    assert 200 <= sent[0]["status"] < 500
    assert sent[1]["body"] == b"" or isinstance(json.loads(sent[1]["body"]), dict)
    assert log.getvalue().count("\n") == 1
    assert MARK not in log.getvalue()
