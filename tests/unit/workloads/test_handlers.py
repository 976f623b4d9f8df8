"""The Lambda handlers answer whatever happens, in one line of log that gives nobody away."""

import functools
import io
import json
from typing import Any

import pytest
from tests.unit.workloads.fakes import MemoryStore, two_regions
from tests.unit.workloads.test_reading import Copy, Orders, Other

from landbridge.model.errors import BadInput, Unreachable
from landbridge.model.pen import Epoch, PenState
from landbridge.model.state import StateItem
from landbridge.workloads.trading import read, request, write
from landbridge.workloads.trading.ports import Answer, Rules
from landbridge.workloads.trading.read import Reader
from landbridge.workloads.trading.request import Event
from landbridge.workloads.trading.response import respond
from landbridge.workloads.trading.signals.signal import Signal
from landbridge.workloads.trading.write import Writer

ENVIRONMENT = {
    "AWS_REGION": "eu-central-1",
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_ENDPOINT_URL": "http://127.0.0.1:1",
    "SUFFIX": "prod",
    "COMMANDS_TABLE": "commands",
    "WORKER": "effects",
    "ANALYTICS_TABLE": "analytics",
    "STATE_TABLE": "state",
    "PENS_TABLE": "pens",
    "FENCES": "4",
    "HOLD_SECONDS": "0.01",
}
MARK = "MARKED-SECRET"


def _event(method: str, resource: str = "/state/{user}/{view}", **more: Any) -> dict[str, Any]:
    parts = {"user": MARK, "view": MARK}
    return {"httpMethod": method, "resource": resource, "path": f"/state/{MARK}/{MARK}", "pathParameters": parts, **more}


class NoMarket:
    """A copy of the market that can't be read."""

    def latest(self, begins: str) -> list[dict[str, Any]]:
        """Not to be had."""
        raise Unreachable("here", "Timeout")

    def series(self, symbol: str, since: int, until: int, most: int) -> list[dict[str, Any]]:
        """Not to be had."""
        raise Unreachable("here", "Timeout")

    def signals(self, symbol: str, since: int, until: int, most: int) -> list[Signal]:
        """Not to be had."""
        raise Unreachable("here", "Timeout")


def _put(**body: Any) -> dict[str, Any]:
    return _event("PUT", body=json.dumps({"version": 1, "write_id": MARK, "value": MARK, **body}))


def _writer(store: MemoryStore) -> Writer:
    source, _ = two_regions()
    time = source.time
    rules = Rules(region="here", fences=1)
    return Writer(
        request.write, store=store, peers=lambda _: source, rules=rules, clock=time.clock, sleep=time.sleep, chance=lambda: 0.5
    )


def _reader(copy: Copy) -> Reader:
    return Reader(region="here", copy=copy, orders=Orders(), market=NoMarket(), others=lambda _: Other(), clock=lambda: 12.5)


def _raise(error: Exception) -> Any:
    def handle(event: Event) -> Answer:
        raise error

    return lambda: handle


def test_a_put_is_written_and_a_get_shows_it() -> None:
    """Status, headers and body as API Gateway wants them."""
    store, log = MemoryStore(), io.StringIO()
    store.set(PenState.OPEN, 1)
    answer = respond(_put(), lambda: _writer(store), region="here", log=log)
    assert answer["statusCode"] == 200
    assert answer["headers"] == {"content-type": "application/json", "x-served-by": "here"}
    item = next(iter(store.items.values()))
    shown = respond(_event("GET"), lambda: _reader(Copy(item)), region="here", log=log)
    assert json.loads(shown["body"]) == {**item.item(), "region": "here"}


def test_health_says_where_when_and_whether_the_table_answers() -> None:
    """200 with the table, 503 without."""
    well, ill = _reader(Copy()), _reader(Copy(why="Timeout"))
    assert well(_event("GET", "/health")).body == {"region": "here", "now": 12.5, "table": "ok"}
    assert (ill(_event("GET", "/health")).status, ill(_event("GET", "/health")).body["table"]) == (503, "Timeout")


@pytest.mark.parametrize(
    ("error", "status", "why"),
    [
        (BadInput("version", "can't be used", "send one"), 400, ""),
        (KeyError(MARK), 500, " KeyError"),
        (RuntimeError(MARK), 500, " RuntimeError"),
    ],
)
def test_a_failure_is_an_answer_and_one_line(error: Exception, status: int, why: str) -> None:
    """Nothing is raised; the log has the kind of the failure and not its text."""
    log = io.StringIO()
    answer = respond(_event("PUT"), _raise(error), region="here", log=log)
    assert answer["statusCode"] == status
    assert MARK not in answer["body"]
    lines = log.getvalue().splitlines()
    assert len(lines) == 1
    assert lines[0].startswith(f"PUT /state/{{user}}/{{view}} {status} ")
    assert lines[0].endswith(f" ms{why}")


def test_a_function_that_cannot_be_made_answers_too() -> None:
    """A missing setting is a 500 with its kind in the log, not a dead worker."""
    log = io.StringIO()

    def make() -> Any:
        raise KeyError("FENCES")

    assert respond(_event("GET"), make, region="", log=log)["statusCode"] == 500
    assert "KeyError" in log.getvalue()


def test_no_id_and_no_value_reaches_the_log() -> None:
    """RU-6: marked data through every kind of answer, and not a trace of it in the lines."""
    log, store = io.StringIO(), MemoryStore()
    store.set(PenState.OPEN, 1)
    standing = StateItem(MARK, MARK, 9, MARK, Epoch(1), MARK)
    for event in (_put(), _put(), _put(write_id=MARK + "2"), _put(version=MARK), _event("PUT", body=MARK), _put(value=[MARK])):
        respond(event, lambda: _writer(store), region="here", log=log)
    store.set(PenState.CLOSED, 1)
    respond(_put(version=2, write_id="b"), lambda: _writer(store), region="here", log=log)
    for copy in (Copy(standing), Copy(), Copy(why="Timeout")):
        respond(_event("GET", headers={"x-seen-version": "99"}), functools.partial(_reader, copy), region="here", log=log)
    respond(_event("GET", f"/{MARK}"), lambda: _reader(Copy()), region="here", log=log)
    respond(_event(MARK), lambda: _reader(Copy()), region="here", log=log)
    lines = log.getvalue().splitlines()
    assert len(lines) == 12
    assert not [line for line in lines if MARK in line]
    assert lines[-1].startswith("other ")


def test_the_handlers_themselves_answer_without_a_region_behind_them(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Built from the environment alone; with nothing answering they say 503 and live on."""
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    read.reader.cache_clear()
    write.writers.cache_clear()
    event = _put()
    event["pathParameters"] = {"user": "u", "view": "v"}
    assert write.handler(event, None)["statusCode"] == 503
    assert read.handler({**event, "httpMethod": "GET"}, None)["statusCode"] == 503
    assert read.handler({**event, "httpMethod": "GET", "resource": "/health"}, None)["headers"]["x-served-by"] == "eu-central-1"
    assert len(capsys.readouterr().err.splitlines()) == 3
    read.reader.cache_clear()
    write.writers.cache_clear()


@pytest.mark.parametrize("origin", ["https://a.example", "https://b.example"])
def test_a_page_of_an_allowed_origin_may_read_the_answer(origin: str) -> None:
    """Its own origin comes back, whole, with the headers it may see."""
    event = _event("GET", "/health", headers={"Origin": origin})
    allowed = "https://a.example,https://b.example"
    headers = respond(event, lambda: _reader(Copy()), region="here", log=io.StringIO(), origins=allowed)["headers"]
    assert headers["access-control-allow-origin"] == origin
    assert headers["access-control-expose-headers"] == "x-served-by,retry-after"
    assert headers["vary"] == "origin"


@pytest.mark.parametrize(
    "origin", ["https://c.example", "https://a.exampl", "a.example", "", "https://a.example,https://b.example"]
)
def test_a_page_of_another_origin_may_not(origin: str) -> None:
    """Nothing is said but that the answer depends on the origin."""
    event = _event("GET", "/health", headers={"origin": origin})
    allowed = "https://a.example,https://b.example"
    headers = respond(event, lambda: _reader(Copy()), region="here", log=io.StringIO(), origins=allowed)["headers"]
    assert set(headers) == {"content-type", "x-served-by", "vary"}
