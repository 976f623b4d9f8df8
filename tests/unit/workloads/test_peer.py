"""The other region is asked over a real socket, and every way of not answering is None."""

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError
from tests.unit.workloads.fakes import Time

from landbridge.workloads.trading.peer import HttpPeer
from landbridge.workloads.trading.settings import Kept, Parameter, Settings, told
from landbridge.workloads.trading.state import Write


class Server(ThreadingHTTPServer):
    """Answers as it is told and keeps what it was asked."""

    answer: bytes = b"{}"
    status: int = 200
    asked: tuple[str, str, Any, Any] | None = None
    silent: threading.Event | None = None


class Handler(BaseHTTPRequestHandler):
    """One request of the other region."""

    server: Server

    def do_PUT(self) -> None:
        """Answers a write."""
        self._answer()

    def do_GET(self) -> None:
        """Answers a read."""
        self._answer()

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        self.server.asked = (self.command, self.path, self.headers.get("x-landbridge-hop"), body)
        if self.server.silent:
            self.server.silent.wait(5)
            return
        self.send_response(self.server.status)
        self.send_header("content-length", str(len(self.server.answer)))
        self.end_headers()
        self.wfile.write(self.server.answer)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name it has upstream
        """Keeps the tests quiet."""


@pytest.fixture
def server() -> Iterator[Server]:
    """A listener of our own, closed afterwards."""
    with Server(("127.0.0.1", 0), Handler) as listening:
        thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield listening
        listening.shutdown()
        thread.join()


def _peer(server: Server, read: float = 2.0) -> HttpPeer:
    return HttpPeer(lambda: f"http://127.0.0.1:{server.server_port}/stage/", 1.0, read)


def test_a_write_is_forwarded_whole_with_the_hop_mark(server: Server) -> None:
    """Method, path under the other side's base, mark, and every field."""
    server.status, server.answer = 409, b'{"error": "no"}'
    answer = _peer(server).put(Write("u~1", "v", 3, "w", "val\u00fce", deleted=True))
    assert answer is not None
    assert (answer.status, answer.body) == (409, {"error": "no"})
    assert server.asked is not None
    method, path, hop, body = server.asked
    assert (method, path, hop) == ("PUT", "/stage/state/u~1/v", "1")
    assert json.loads(body) == {"version": 3, "write_id": "w", "value": "val\u00fce", "deleted": True}


def test_a_read_is_asked_with_the_hop_mark(server: Server) -> None:
    """The other side must not ask back."""
    answer = _peer(server).get("state", "u", "v")
    assert answer is not None
    assert answer.status == 200
    assert server.asked == ("GET", "/stage/state/u/v", "1", b"")


def test_what_the_other_sides_authorizer_wants_is_shown_for_exactly_what_is_sent(server: Server) -> None:
    """It is told method, URL and body as they go out, and its headers go along."""
    told: list[tuple[str, str, bytes | None]] = []

    def entitle(method: str, url: str, body: bytes | None) -> dict[str, str]:
        told.append((method, url, body))
        return {"x-landbridge-hop": "shown"}

    replace(_peer(server), entitle=entitle).put(Write("u", "v", 3, "w", "x"))
    assert server.asked is not None
    method, path, hop, body = server.asked
    assert told == [(method, f"http://127.0.0.1:{server.server_port}{path}", body)]
    assert hop == "shown"


@pytest.mark.parametrize("answer", [b"<html>", b"[]", b"\xff\xff"])
def test_an_answer_that_cannot_be_read_is_none(server: Server, answer: bytes) -> None:
    """Whatever isn't a JSON object: the outcome is unknown."""
    server.answer = answer
    assert _peer(server).get("u", "v") is None


def test_silence_is_none_within_the_time(server: Server) -> None:
    """A side that accepts and never answers is given up."""
    server.silent = threading.Event()
    assert _peer(server, read=0.1).get("u", "v") is None
    server.silent.set()


def test_nobody_there_is_none() -> None:
    """A closed port, an address that is none, and no address at all."""
    with Server(("127.0.0.1", 0), Handler) as gone:
        port = gone.server_port
    for url in (f"http://127.0.0.1:{port}/x", "nonsense", "http://127.0.0.1:x/", "https://127.0.0.1:1/x", None):
        assert HttpPeer(lambda url=url: url, 0.5, 0.5).get("u", "v") is None  # type: ignore[misc]


class Parameters:
    """SSM with one parameter, or a failure."""

    def __init__(self) -> None:
        self.value: str | Exception = ClientError({"Error": {"Code": "ParameterNotFound"}}, "GetParameter")
        self.reads = 0

    def get_parameter(self, Name: str) -> dict[str, Any]:  # noqa: N803 - as AWS spells it
        """The value, or the failure."""
        assert Name == "/trading-platform/prod/peer-api"
        self.reads += 1
        if isinstance(self.value, Exception):
            raise self.value
        return {"Parameter": {"Value": self.value}}


def test_the_address_is_asked_seldom_once_known_and_often_while_absent() -> None:
    """Absent: every 2 s, so that a new side is found soon. Present: every 30 s."""
    ssm, time = Parameters(), Time()
    address = Kept(Parameter(ssm, "prod", "peer-api"), time.clock)
    assert (address(), address(), ssm.reads) == (None, None, 1)
    ssm.value = "http://there"
    time.now += 2
    assert (address(), ssm.reads) == ("http://there", 2)
    time.now += 29
    assert (address(), ssm.reads) == ("http://there", 2)
    time.now += 1
    assert (address(), ssm.reads) == ("http://there", 3)


@pytest.mark.parametrize(
    "failure", [ClientError({"Error": {"Code": "ThrottlingException"}}, "GetParameter"), ConnectTimeoutError(endpoint_url="x")]
)
def test_an_address_that_cannot_be_read_stays_the_last_known(failure: Exception) -> None:
    """Only the plain word that there is none makes it none."""
    ssm = Parameters()
    parameter = Parameter(ssm, "prod", "peer-api")
    ssm.value = "http://there"
    assert parameter() == "http://there"
    ssm.value = failure
    assert parameter() == "http://there"
    ssm.value = ClientError({"Error": {"Code": "ParameterNotFound"}}, "GetParameter")
    assert parameter() is None


def test_settings_are_read_from_the_environment_or_name_what_is_missing() -> None:
    """All of it, or the name of the first that isn't there."""
    environment = {
        "AWS_REGION": "eu-central-1",
        "SUFFIX": "prod",
        "STATE_TABLE": "s",
        "COMMANDS_TABLE": "c",
        "WORKER": "w",
        "ANALYTICS_TABLE": "a",
        "PENS_TABLE": "p",
        "FENCES": "64",
        "HOLD_SECONDS": "12.5",
    }
    rules = Settings.of(environment).rules
    assert (rules.region, rules.fences, rules.hold_seconds) == ("eu-central-1", 64, 12.5)
    with pytest.raises(KeyError, match="FENCES"):
        Settings.of({name: value for name, value in environment.items() if name != "FENCES"})


class Store:
    """A Parameter Store that holds some of a function's names, or gives no answer."""

    def __init__(self, held: dict[str, str], failure: Exception | None = None) -> None:
        self.held, self.failure, self.reads = held, failure, 0

    def get_parameters(self, *, Names: list[str]) -> dict[str, object]:  # noqa: N803 - AWS's words
        """Those of the names that are there."""
        self.reads += 1
        if self.failure:
            raise self.failure
        return {"Parameters": [{"Name": name, "Value": self.held[name]} for name in Names if name in self.held]}


ENVIRONMENT = {
    "SUFFIX": "prod",
    "AWS_REGION": "here",
    "STATE_TABLE": "s",
    "PENS_TABLE": "p",
    "FENCES": "64",
    "HOLD_SECONDS": "20",
    "ANALYTICS_TABLE": "a",
    "COMMANDS_TABLE": "c",
    "WORKER": "w",
}


def test_parameter_store_says_what_counts_and_is_asked_once() -> None:
    """All names in one call; what it does not hold is as deployed."""
    store = Store({"/trading-platform/prod/hold-seconds": "5", "/trading-platform/prod/state-table": "state"})
    settings = Settings.of(told(ENVIRONMENT, store))
    assert (settings.hold_seconds, settings.state_table, settings.pens_table, settings.fences) == (5.0, "state", "p", 64)
    assert store.reads == 1


@pytest.mark.parametrize(
    "failure", [ClientError({"Error": {"Code": "ThrottlingException"}}, "GetParameters"), ConnectTimeoutError(endpoint_url="x")]
)
def test_a_silent_parameter_store_keeps_nobody_waiting(failure: Exception) -> None:
    """As deployed: a new container serves."""
    assert told(ENVIRONMENT, Store({}, failure)) == ENVIRONMENT
