"""The application reads no more than it should, and turns what goes wrong within it into an answer."""

import asyncio
import io
from dataclasses import dataclass, field
from typing import Any

import pytest

from landbridge.workloads.payments.api.answer import Answer
from landbridge.workloads.payments.api.asgi import MOST_BYTES, WORDS, App
from landbridge.workloads.payments.api.request import Request
from landbridge.workloads.payments.log import Log

SECRET = "tok_4fK2hQ81xZ"


@dataclass
class Failing:
    """A desk that fails, with everything it knows in the failure."""

    failure: Exception
    region: str = "us-east-1"
    asked: list[Request] = field(default_factory=list)

    def answer(self, request: Request) -> Answer:
        """Never."""
        self.asked.append(request)
        raise self.failure


@dataclass
class Conversation:
    """One connection: what comes in, and what went out."""

    scope: dict[str, Any]
    coming: list[dict[str, Any]]
    sent: list[Any] = field(default_factory=list)

    def held(self, app: App) -> "Conversation":
        """To its end."""
        asyncio.run(app(self.scope, self._receive, self._send))
        return self

    async def _receive(self) -> Any:
        return self.coming.pop(0)

    async def _send(self, message: Any) -> None:
        self.sent.append(message)


def asked(method: str, path: str, *body: bytes) -> Conversation:
    """A request whose body comes in parts."""
    parts = [{"type": "http.request", "body": part, "more_body": True} for part in body]
    return Conversation({"type": "http", "method": method, "path": path, "headers": []}, [*parts, {"type": "http.request"}])


@pytest.mark.parametrize(("failure", "status"), [(ConnectionError(SECRET), 503), (ValueError(SECRET), 500)])
def test_a_failure_is_an_answer_that_tells_nothing_of_it(failure: Exception, status: int) -> None:
    """Neither to the client nor to the log, which gets its kind."""
    log = io.StringIO()
    done = asked("GET", "/health").held(App(Failing(failure), Log(log, WORDS)))
    assert done.sent[0]["status"] == status
    assert SECRET not in log.getvalue() + str(done.sent)
    assert type(failure).__name__ in log.getvalue()


def test_more_than_anybody_has_to_send_is_not_read() -> None:
    """It is refused as soon as it is too much, and the connection ends."""
    failing = Failing(ValueError())
    held = asked("POST", "/payments", *[b"x" * 1024] * 40)
    held.held(App(failing, Log(io.StringIO(), WORDS)))
    assert held.sent[0]["status"] == 413
    assert (b"connection", b"close") in held.sent[0]["headers"]
    assert len(held.coming) == 40 - MOST_BYTES // 1024
    assert failing.asked == []


@pytest.mark.parametrize(("method", "path", "status"), [("PUT", "/payments", 405), ("GET", "/nothing", 404)])
def test_what_is_not_there_is_said_to_be_so(method: str, path: str, status: int) -> None:
    """And the log names no path but ours."""
    log = io.StringIO()
    done = asked(method, path).held(App(Failing(ValueError()), Log(log, WORDS)))
    assert done.sent[0]["status"] == status
    assert log.getvalue().startswith(f"other status {status} ms ")


def test_the_servers_beginning_and_end_are_taken() -> None:
    """As ASGI's lifespan wants it."""
    messages = [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}]
    done = Conversation({"type": "lifespan"}, messages).held(App(Failing(ValueError()), Log(io.StringIO(), WORDS)))
    assert [each["type"] for each in done.sent] == ["lifespan.startup.complete", "lifespan.shutdown.complete"]


def test_nobody_opens_a_websocket() -> None:
    """It is closed."""
    done = Conversation({"type": "websocket"}, []).held(App(Failing(ValueError()), Log(io.StringIO(), WORDS)))
    assert done.sent == [{"type": "websocket.close"}]
