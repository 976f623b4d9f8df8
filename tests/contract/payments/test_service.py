"""The service's own process over TLS, on an emulated region and a real database, and the function behind its queue."""

import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.contract.payments.conftest import DATABASE
from tests.contract.payments.region import Region, Task, emulated, fetch, named
from tests.contract.postgres.servers import Postgres

from landbridge.workloads.payments import events
from landbridge.workloads.payments.event import Event
from landbridge.workloads.payments.states import Kind

pytestmark = pytest.mark.slow  # a task takes seconds to begin
PAYMENT: dict[str, Any] = {"amount": 1250, "currency": "USD", "token": "tok_4fK2hQ81xZ", "last_four": "4242"}


@pytest.fixture(scope="module", name="region")
def _region(postgres: Postgres) -> Iterator[Region]:
    """Emulated, and gone afterwards."""
    with emulated("us-east-1", f"127.0.0.1:{postgres.port}") as made:
        yield made


@pytest.fixture(name="task")
def _task(region: Region, postgres: Postgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Task]:
    """Up, over an empty database; the function is told the same."""
    postgres.empty(DATABASE)
    for name, value in region.environment.items():
        monkeypatch.setenv(name, value)
    events.ledger.cache_clear()
    task = Task(region, tmp_path / "log")
    try:
        yield task.started()
    finally:
        task.gone()
        events.ledger().connections.close()


def work_off(region: Region) -> int:
    """All that lies in the queue, and is deleted unless it comes again; how many events it was."""
    worked = 0
    while records := region.received():
        told = events.handler({"Records": records}, None)
        assert told == {"batchItemFailures": []}
        for record in records:
            region.client("sqs").delete_message(QueueUrl=region.queue, ReceiptHandle=record["ReceiptHandle"])
        worked += len(records)
    return worked


def signed_in(task: Task, customer: str = "shop") -> dict[str, Any]:
    """The headers of a session."""
    status, told = task.ask("POST", "/session", authorization=named(customer))
    assert status == 201
    return {"authorization": f"Bearer {told['session']}"}


def test_a_payment_goes_its_way(task: Task, region: Region) -> None:
    """Accepted twice under its key, worked off once, told in each state."""
    session = signed_in(task)
    first, again = [task.ask("POST", "/payments", PAYMENT, **session, idempotency_key="key-1") for _ in range(2)]
    assert first == again
    assert first[0] == 202
    path = f"/payments/{first[1]['payment']}"
    assert task.ask("GET", path, **session) == (200, first[1])
    assert work_off(region) == 2
    for kind, state in ((Kind.AUTHORIZE, "authorized"), (Kind.SETTLE, "settled")):
        told = Event(first[1]["payment"], kind, reference="r-1").text()
        region.client("sqs").send_message(QueueUrl=region.queue, MessageBody=told)
        assert work_off(region) == 1
        assert task.ask("GET", path, **session)[1]["state"] == state
    other = task.ask("POST", "/payments", {**PAYMENT, "amount": 9}, **session, idempotency_key="key-1")
    assert other[0] == 409
    assert task.ask("GET", path, **signed_in(task, "other"))[0] == 404


def test_a_file_goes_straight_to_the_bucket_and_comes_from_there(task: Task) -> None:
    """By the addresses the service tells."""
    session, file = signed_in(task), b"\x89PNG..."
    _, granted = task.ask("POST", "/uploads", {"type": "image/png", "bytes": len(file)}, **session)
    put = granted["put"]
    assert "X-Amz-Algorithm=AWS4-HMAC-SHA256" in put["url"]
    path = f"/uploads/{granted['upload']}"
    assert task.ask("GET", path, **session)[0] == 404
    assert fetch("PUT", put["url"], file, put["headers"])[0] == 200
    status, told = task.ask("GET", path, **session)
    assert (status, told["bytes"], told["type"]) == (200, len(file), "image/png")
    assert fetch("GET", told["url"], None, {}) == (200, file)


def test_a_session_that_was_ended_is_none(task: Task) -> None:
    """On real tables."""
    session = signed_in(task)
    assert task.ask("DELETE", "/session", **session)[0] == 204
    assert task.ask("GET", "/session", **session)[0] == 401


def test_a_task_that_is_told_to_end_ends_in_order(task: Task) -> None:
    """Without a word but its lines, of which none names what was asked, and without having written a file."""
    session = signed_in(task)
    task.ask("POST", "/payments", PAYMENT, **session, idempotency_key="key-2")
    assert task.ended(signal.SIGTERM) == 0
    lines = task.log.read_text().splitlines()
    assert [line.split()[0] for line in lines if not line.startswith("Health ")] == ["Begin", "Pay"]
    assert not [line for line in lines if PAYMENT["token"] in line or "4242" in line]


def test_without_its_database_the_service_accepts_payments(task: Task, region: Region, postgres: Postgres) -> None:
    """They wait in the queue; only what stands can't be told."""
    session = signed_in(task)
    path = f"/payments/{task.ask('POST', '/payments', PAYMENT, **session, idempotency_key='key-3')[1]['payment']}"
    postgres.stop()
    try:
        assert task.ask("POST", "/payments", PAYMENT, **session, idempotency_key="key-4")[0] == 202
        assert task.ask("GET", path, **session)[0] == 503
        assert events.handler({"Records": region.received()}, None)["batchItemFailures"]
    finally:
        postgres.started()
    assert work_off(region) >= 2
    assert task.ask("GET", path, **session)[0] == 200
