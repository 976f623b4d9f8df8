"""Two regions under load, functions killed, one region taken out and back: no payment is lost, none is made twice."""

import random
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest
from tests.contract.payments.conftest import DATABASE
from tests.contract.payments.region import emulated, fetch
from tests.contract.payments.two_regions import Client, Side, balanced
from tests.contract.postgres.servers import Postgres

from landbridge.workloads.payments.event import Event
from landbridge.workloads.payments.states import Kind

CLIENTS = 4
pytestmark = pytest.mark.slow


@pytest.fixture(name="sides")
def _sides(postgres: Postgres, tmp_path: Path) -> Iterator[list[Side]]:
    """Both up, with load balancers as they are deployed there."""
    postgres.empty(DATABASE)
    with ExitStack() as stack:
        database = f"127.0.0.1:{postgres.port}"
        names = ("us-east-1", "us-east-2")
        sides = [Side(stack.enter_context(emulated(name, database)), tmp_path) for name in names]
        for side in sides:
            stack.callback(side.out)
            side.up()
        stack.enter_context(balanced(sides))
        yield sides


def disturb(sides: list[Side]) -> None:
    """Kills functions, takes the first region out and brings it back."""
    for number in range(3):
        time.sleep(1.5)
        side = sides[number % 2]
        side.works_no_more()
        side.works()
    sides[0].out()
    time.sleep(3)
    sides[0].up()


def the_network_tells(sides: list[Side], payments: list[str], chance: random.Random) -> None:
    """That each was authorized and settled: twice, in any order, in either region."""
    told = [Event(payment, kind, reference="r-1").text() for payment in payments for kind in (Kind.SETTLE, Kind.AUTHORIZE)] * 2
    chance.shuffle(told)
    for text in told:
        region = chance.choice(sides).region
        region.client("sqs").send_message(QueueUrl=region.queue, MessageBody=text)


def worked_off(sides: list[Side]) -> None:
    """Nothing lies in a queue any more."""
    end = time.monotonic() + 200
    while any(side.waiting() for side in sides):
        assert time.monotonic() < end, [side.waiting() for side in sides]
        time.sleep(0.2)


def test_no_payment_is_lost_and_none_is_made_twice(sides: list[Side], postgres: Postgres) -> None:
    """Each key is one payment, and each payment goes its whole way, step by step, once."""
    clients = [Client(sides, f"shop-{number}", random.Random(number)) for number in range(CLIENTS)]
    over = threading.Event()
    with ThreadPoolExecutor(CLIENTS) as threads:
        paid = [threads.submit(paying, client, over) for client in clients]
        try:
            disturb(sides)
        finally:
            over.set()
        payments = [payment for each in paid for payment in each.result()]
    assert len(set(payments)) == len(payments)
    assert sum(client.refused for client in clients) > 0
    the_network_tells(sides, payments, random.Random(9))
    worked_off(sides)
    asked = "SELECT payment, kind FROM payments.event WHERE took IS NOT NULL ORDER BY payment, took"
    took: dict[str, list[str]] = {}
    for payment, kind in postgres.asks(DATABASE, asked):
        took.setdefault(payment, []).append(kind)
    assert took == {payment: ["receive", "authorize", "settle"] for payment in payments}


def paying(client: Client, over: threading.Event) -> list[str]:
    """All payments of a client, each asked for once more after it was answered, as an impatient client does."""
    paid = list[str]()
    while not over.wait(0.2):
        first, again = [client.pay(f"key-{len(paid)}") for _ in range(2)]
        assert first == again
        paid.append(first)
    return paid


def test_a_blocked_country_is_refused_in_the_right_region_only(sides: list[Side]) -> None:
    """By the rules that are deployed, before the service hears of it."""
    told = [fetch("GET", f"{side.front}/health", None, {"cloudfront-viewer-country": "BY"})[0] for side in sides]
    assert told == [200, 403]
    assert [each.rule for side in sides for each in side.passed] == [None, "Countries"]
