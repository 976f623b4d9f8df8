"""The application reads no more than it should, and turns what goes wrong within it into an answer."""

import asyncio
import io
import threading
from dataclasses import dataclass, field
from typing import Any

import pytest

from landbridge.workloads.payments.api.answer import Answer
from landbridge.workloads.payments.api.asgi import MOST_BYTES, WORDS, App
from landbridge.workloads.payments.api.lanes import MOST
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
        asyncio.run(app(self.scope, self.receive, self.send))
        return self

    async def receive(self) -> Any:
        """What comes next."""
        return self.coming.pop(0)

    async def send(self, message: Any) -> None:
        """Kept."""
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


class Stuck:
    """A desk that answers nothing of the database before it is let go, and all else at once."""

    region = "us-east-1"

    def __init__(self) -> None:
        self.free = threading.Event()

    def answer(self, request: Request) -> Answer:
        """The route."""
        if request.route.database:
            assert self.free.wait(30)
        return Answer(200, {"route": request.route.name})


def test_who_waits_for_the_database_keeps_nobody_else_waiting() -> None:
    """However many wait; those that are too many are asked to come again."""
    stuck = Stuck()
    app = App(stuck, Log(io.StringIO(), WORDS))

    async def all_at_once() -> list[int]:
        many = [asked("GET", "/payments/x") for _ in range(MOST + 5)]
        waiting = [asyncio.create_task(app(each.scope, each.receive, each.send)) for each in many]
        other = asked("POST", "/payments")
        await app(other.scope, other.receive, other.send)
        stuck.free.set()
        await asyncio.gather(*waiting)
        return [other.sent[0]["status"], *sorted(each.sent[0]["status"] for each in many)]

    assert asyncio.run(all_at_once()) == [200, *[200] * MOST, *[503] * 5]


def test_the_servers_beginning_and_end_are_taken() -> None:
    """As ASGI's lifespan wants it."""
    messages = [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}]
    done = Conversation({"type": "lifespan"}, messages).held(App(Failing(ValueError()), Log(io.StringIO(), WORDS)))
    assert [each["type"] for each in done.sent] == ["lifespan.startup.complete", "lifespan.shutdown.complete"]


def test_nobody_opens_a_websocket() -> None:
    """It is closed."""
    done = Conversation({"type": "websocket"}, []).held(App(Failing(ValueError()), Log(io.StringIO(), WORDS)))
    assert done.sent == [{"type": "websocket.close"}]
