"""A thousand events and requests that nobody should send: each is answered, nothing is lost, nothing of it is logged."""

import asyncio
import io
import json
import random
from typing import Any

import pytest
from tests.unit.payments.fakes import MemoryLedger, Region, desk
from tests.unit.payments.served import SESSION, begun
from tests.unit.payments.test_events import AUTHORIZED, FIRST, come_again

from landbridge.workloads.payments.api.asgi import WORDS, App
from landbridge.workloads.payments.api.routes import ROUTES
from landbridge.workloads.payments.events import answer
from landbridge.workloads.payments.log import Log
from landbridge.workloads.payments.states import Kind

MARK = "4242424242424242"
JUNK: tuple[Any, ...] = (
    None,
    True,
    -1,
    0,
    1.5,
    float("nan"),
    10**30,
    "",
    MARK,
    "\ud800",
    "\0",
    "\u0661",
    [],
    [MARK],
    {},
    {MARK: MARK},
)
MANY = 1000


def malformed(chance: random.Random) -> str:
    """A good event with something wrong about it, or nothing like one."""
    good: dict[str, Any] = json.loads(chance.choice([FIRST, AUTHORIZED]))
    name, junk = chance.choice(sorted(good)), chance.choice(JUNK)
    match chance.randrange(5):
        case 0:
            return json.dumps({**good, name: junk})
        case 1:
            return json.dumps({each: value for each, value in good.items() if each != name})
        case 2:
            return json.dumps({**good, chance.choice(["number", "cvc", ""]): junk})
        case 3:
            return json.dumps(good)[: chance.randrange(1, 60)]
        case _:
            return json.dumps(junk)


@pytest.mark.parametrize("seed", range(4))
def test_good_events_among_malformed_ones_count(seed: int) -> None:
    """Each that can't be used comes again by itself, until the queue sets it aside."""
    chance = random.Random(seed)
    for _ in range(MANY // 36):
        ledger, bodies = MemoryLedger(), [malformed(chance) for _ in range(9)]
        again = come_again(ledger, *bodies[:4], FIRST, AUTHORIZED, *bodies[4:])
        assert list(ledger.took.values()) == [[Kind.RECEIVE, Kind.AUTHORIZE]]
        assert again == [f"m-{number}" for number in range(11) if number not in {4, 5}]


def test_the_function_answers_whatever_comes() -> None:
    """Nothing is raised, nothing counts that is no event, all of it comes again, and the log holds nothing of it."""
    chance, log, ledger = random.Random(1), io.StringIO(), MemoryLedger()
    for _ in range(MANY):
        records = [{"messageId": chance.choice(JUNK), "body": chance.choice([*JUNK, malformed(chance)])}, chance.choice(JUNK)]
        event = chance.choice([{"Records": records[:1]}, {"Records": records}, {"Records": chance.choice(JUNK)}, *JUNK])
        told = answer(event, lambda: ledger, Log(log, {"events"}))
        assert told["batchItemFailures"] or event == {"Records": []} or not event["Records"]
    assert ledger.events == {}
    assert log.getvalue().count("\n") == MANY
    assert MARK not in log.getvalue()


def test_the_service_answers_whatever_comes() -> None:
    """With a status below 500 and an object, and the log holds nothing of it."""
    log, region = io.StringIO(), Region("us-east-1")
    app = App(begun(region, desk(region, MemoryLedger())), Log(log, WORDS))
    statuses = asyncio.run(_asked(app, random.Random(2)))
    assert {400, 401, 404, 405, 415} <= statuses <= {200, 204, 400, 401, 404, 405, 415}
    assert region.queue == []
    assert log.getvalue().count("\n") == MANY
    assert MARK not in log.getvalue()


async def _asked(app: App, chance: random.Random) -> set[int]:
    statuses = set()
    for _ in range(MANY):
        junk = chance.choice([MARK, "", "\0", "..", "%", "é"])
        path = chance.choice([*(route.path for route in ROUTES), f"/payments/{junk}", f"/uploads/{junk}", f"/{junk}"])
        headers = [
            (b"authorization", chance.choice([SESSION.encode(), SESSION.encode(), b"Bearer \xff", MARK.encode()])),
            (b"idempotency-key", chance.choice([b"key-1", b"key-1", b"", b"\xff", b"two words"])),
            (b"content-type", chance.choice([b"application/json", b"application/json; charset=utf-8", b"text/xml"])),
        ]
        method = chance.choice(["GET", "POST", "POST", "POST", "PUT", "DELETE"] if path != "/session" else ["GET", "POST"])
        coming = [{"type": "http.request", "body": malformed(chance).encode()}]
        scope = {"type": "http", "method": method, "path": path, "headers": headers}
        sent = list[Any]()

        async def receive(held: list[Any] = coming) -> Any:
            return held.pop()

        async def send(message: Any, to: list[Any] = sent) -> None:
            to.append(message)

        await app(scope, receive, send)
        statuses.add(sent[0]["status"])
        assert sent[1]["body"] == b"" or isinstance(json.loads(sent[1]["body"]), dict)
    return statuses
