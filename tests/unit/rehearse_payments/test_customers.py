"""Customers repeat what is not settled under the same key, notice every answer that can't be true, and know where they were."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from random import Random
from typing import Any

import aiohttp
import pytest
from tests.unit.rehearse_face.trading import traffic
from tests.unit.rehearse_payments.counter import Service, Shelf
from tests.unit.rehearse_world.servers import until

from landbridge.model.region import Region
from landbridge.rehearse.emulator.listen import listen
from landbridge.rehearse.fabric.addresses import Place
from landbridge.rehearse.ledger import Ledger
from landbridge.rehearse.payments.books import Books
from landbridge.rehearse.payments.border_book import BorderBook
from landbridge.rehearse.payments.customers import Crowd, Customer, customers
from landbridge.rehearse.payments.way import Way
from landbridge.rehearse.traders.line import once

SOURCE, TARGET = Region("us-east-1"), Region("us-east-2")
BLOCKED = {SOURCE: frozenset({"CU"}), TARGET: frozenset({"BY", "CU"})}
Act = Callable[[Way, float], Awaitable[None]]


class Street:
    """Two services, a ledger, and a way that leads to one of them."""

    def __init__(self, folder: Path) -> None:
        began = time.monotonic()
        self.clock: Callable[[], float] = lambda: time.monotonic() - began
        self.ledger = Ledger(folder / "ledger.jsonl", self.clock, 20)
        self.books = Books(BorderBook(BLOCKED))
        shelf = Shelf()
        self.services = {region: Service(region, shelf, BLOCKED[region]) for region in (SOURCE, TARGET)}
        self.leads_to: Region | None = SOURCE

    def customer(self, country: str = "US") -> Customer:
        """Somebody."""
        return Customer("shop", country, self.ledger, self.books, Random(5), str.upper)

    def run(self, work: Callable[[Way], Awaitable[None]]) -> None:
        """With the services up."""
        asyncio.run(self._run(work))

    async def _run(self, work: Callable[[Way], Awaitable[None]]) -> None:
        async with AsyncExitStack() as stack:
            for service in self.services.values():
                service.url = f"http://127.0.0.1:{await listen(stack, service.answer)}"
            session = await stack.enter_async_context(aiohttp.ClientSession(middlewares=(once,)))
            how: dict[str, Any] = {"retry_seconds": 2.0, "clock": self.clock, "sleep": self._nap, "random": Random(2)}
            await work(Way(session, self.leads, self.ledger, **how))

    async def _nap(self, _seconds: float) -> None:
        await asyncio.sleep(0.001)

    def leads(self, _viewer: str) -> Place | None:
        """Where the name leads now."""
        return Place(self.leads_to, self.services[self.leads_to].url) if self.leads_to else None

    def counts(self) -> tuple[int, int, int, int]:
        """Total, failed, raw errors, wrong."""
        seen = self.ledger.tally.requests()
        return seen.total, seen.failed, seen.raw_errors, seen.wrong


@pytest.fixture(name="street")
def _street(tmp_path: Path) -> Iterator[Street]:
    street = Street(tmp_path)
    with street.ledger:
        yield street


def in_turn(street: Street, who: Customer, *acts: str) -> None:
    """What the customer does, one after the other."""

    async def work(way: Way) -> None:
        for act in acts:
            done: Act = getattr(who, act)
            await done(way, street.clock())

    street.run(work)


def test_a_customer_says_who_it_is_by_whoever_signs_it_in(street: Street) -> None:
    """A session is begun by that alone, and used from then on."""
    in_turn(street, street.customer(), "_begin", "_session")
    assert list(street.services[SOURCE].signed) == ["Bearer SHOP"]


def test_a_payment_is_promised_once_however_often_it_is_asked(street: Street) -> None:
    """The same again comes to the same payment, and nothing is complained about."""
    in_turn(street, street.customer(), "_begin", "_pay", "_again", "_look", "_session")
    assert street.counts() == (5, 0, 0, 0)
    assert set(street.books.payments.asked) == street.books.payments.accepted == set(street.services[SOURCE].shelf.payments)
    assert len(street.books.payments.accepted) == 1


@pytest.mark.parametrize("whim", [0, 1, 401, 500, 502, 503, 504])
def test_what_is_not_settled_is_asked_again_under_the_same_key(street: Street, whim: int) -> None:
    """However an attempt breaks, it is one raw error and one payment."""
    who = street.customer()
    in_turn(street, who, "_begin")
    street.services[SOURCE].whims.append(whim)
    in_turn(street, who, "_pay")
    assert street.counts() == (2, 0, 1, 0)
    assert street.books.payments.accepted == set(street.services[SOURCE].shelf.payments)
    assert len(street.books.payments.accepted) == 1


@pytest.mark.parametrize(
    ("lie", "act"),
    [({"payment": "p-other"}, "_pay"), ({"amount": 1}, "_pay"), ({"currency": "XXX"}, "_look"), ({"customer": "x"}, "_session")],
)
def test_an_answer_that_cant_be_true_is_wrong(street: Street, lie: dict[str, Any], act: str) -> None:
    """And nothing is promised by it."""
    who = street.customer()
    in_turn(street, who, "_begin", "_pay")
    street.services[SOURCE].lies = lie
    in_turn(street, who, act)
    assert street.counts()[3] == 1
    assert len(street.books.payments.accepted) == 1


def test_who_is_blocked_in_one_region_is_served_in_the_other(street: Street) -> None:
    """A refusal is no failure where it must be, and the customer is not asked to come again."""
    who = street.customer("BY")
    street.leads_to = TARGET
    in_turn(street, who, "_begin")
    street.leads_to = SOURCE
    in_turn(street, who, "_begin", "_pay")
    assert street.counts() == (3, 0, 0, 0)
    assert street.books.border.came == {(TARGET, "BY", True): 1, (SOURCE, "BY", False): 2}
    assert street.books.border.settle([SOURCE, TARGET]).is_whole


def test_who_is_refused_where_nobody_should_be_says_so(street: Street) -> None:
    """At once."""
    street.services[SOURCE].blocked = frozenset({"US"})
    in_turn(street, street.customer(), "_begin")
    assert street.counts() == (1, 0, 0, 1)


def test_an_upload_is_booked_where_it_was_put(street: Street) -> None:
    """And looked for where it must be; the other region need not have it."""
    who = street.customer()
    in_turn(street, who, "_begin", "_upload", "_fetch")
    assert [len(files) for files in street.books.uploads.put.values()] == [1]
    assert SOURCE in street.books.uploads.put
    street.services[SOURCE].shelf.files.clear()
    street.leads_to = TARGET
    in_turn(street, who, "_fetch")
    assert street.counts()[3] == 0
    street.leads_to = SOURCE
    in_turn(street, who, "_fetch")
    assert street.counts()[3] == 1


def test_a_name_that_leads_nowhere_is_asked_until_it_is_given_up(street: Street) -> None:
    """Then it has failed."""
    street.leads_to = None
    in_turn(street, street.customer(), "_begin")
    total, failed, raw_errors, _ = street.counts()
    assert (total, failed) == (1, 1)
    assert raw_errors > 1


def test_everybody_is_somewhere_from_and_some_are_blocked(street: Street) -> None:
    """From a country one region alone blocks, and from one that both do."""
    everyone = customers(street.ledger, street.books, traffic(traders=10), 1, str.upper)
    countries = [each.country for each in everyone]
    assert {"BY", "CU"} < set(countries)
    assert countries.count("US") == 6
    assert len({each.name for each in everyone}) == 10


def test_a_crowd_of_customers_is_never_in_one_customers_way(street: Street) -> None:
    """Each does one thing after the other, in whichever region the name leads to, and all that is open is ended."""
    everyone = customers(street.ledger, street.books, traffic(traders=8), 1, str.upper)

    def leads(viewer: str) -> Place | None:
        street.leads_to = SOURCE if int(viewer[-1]) % 2 or street.services[SOURCE].came.total() < 60 else TARGET
        return street.leads(viewer)

    async def work(_way: Way) -> None:
        over = asyncio.Event()
        crowd = Crowd(leads, everyone, street.ledger, traffic(rate=300), Random(3), street.clock)
        running = asyncio.create_task(crowd.run(over))
        await until(lambda: street.ledger.tally.requests().total >= 200)
        over.set()
        await running

    street.run(work)
    total, failed, raw_errors, wrong = street.counts()
    assert (failed, raw_errors, wrong) == (0, 0, 0)
    assert total >= 200
    assert all(each.free for each in everyone)
    assert street.books.payments.accepted == set(street.services[SOURCE].shelf.payments)
    assert {region for region, _, _ in street.books.border.came} == {SOURCE, TARGET}
