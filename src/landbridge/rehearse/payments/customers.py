"""The people and shops who pay: each with a session of its own, one request after the other, from one country.

A customer repeats what is not settled under the same key, asks some payments again that were accepted already, as an
impatient client does, and takes nothing for granted: an answer that can't be true is told to the ledger.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

import aiohttp

from landbridge.config.rehearsal import Traffic
from landbridge.model.region import Region
from landbridge.rehearse.ledger import Ledger, Request
from landbridge.rehearse.payments.books import Books
from landbridge.rehearse.payments.way import TURNED_AWAY, Leads, Way, traits
from landbridge.rehearse.traders.answers import Answer
from landbridge.rehearse.traders.arrivals import arrivals
from landbridge.rehearse.traders.line import Sleep, once
from landbridge.workloads.payments.payment import Payment, payment_id

HOME = "US"
TRAVELLERS = 4  # of the customers are from countries that are blocked somewhere, in turn
WISHES = ("pay", "again", "look", "upload", "fetch", "session")
SHARES = (46, 14, 16, 10, 8, 6)
FILE_TRIES = 5
KIND = "text/csv"

Body = dict[str, Any]


@dataclass
class Customer:
    """One of them; `free` while nothing of it is under way."""

    name: str
    country: str
    ledger: Ledger
    books: Books
    random: Random
    identify: Callable[[str], str]  # by whoever signs customers in
    free: bool = True
    token: str = ""
    paid: list[Payment] = field(default_factory=list)
    sent: list[tuple[str, str]] = field(default_factory=list)  # uploads, with the region whose bucket took them

    async def turn(self, way: Way, due: float) -> None:
        """Whatever the customer wants next; busy until it is over."""
        try:
            if not self.token:
                await self._begin(way, due)
                return
            (wish,) = self.random.choices(WISHES, SHARES)
            acts = {
                "again": self._again,
                "look": self._look,
                "upload": self._upload,
                "fetch": self._fetch,
                "session": self._session,
            }
            await acts.get(wish, self._pay)(way, due)
        finally:
            self.free = True

    async def _begin(self, way: Way, due: float) -> None:
        asked = self.ledger.ask(self.name, "POST", (), due, resource="session")
        answer = await self._asked(way, asked, headers={"authorization": f"Bearer {self.identify(self.name)}"})
        if answer and self._right(asked, answer, 201, customer=self.name):
            self.token = str(answer.body["session"])
            self.books.sessions.began(self.name, self.token)

    async def _session(self, way: Way, due: float) -> None:
        asked = self.ledger.ask(self.name, "GET", (), due, resource="session")
        if answer := await self._asked(way, asked):
            self._right(asked, answer, 200, customer=self.name)

    async def _pay(self, way: Way, due: float) -> None:
        key = f"{self.random.getrandbits(64):016x}"
        amount, last_four = self.random.randint(1, 500_000), f"{self.random.randrange(10_000):04d}"
        token = f"tok_{self.random.getrandbits(96):024x}"
        currency = self.random.choice(("EUR", "JPY", "USD"))
        await self._pays(way, due, key, Payment(payment_id(self.name, key), self.name, amount, currency, token, last_four))

    async def _again(self, way: Way, due: float) -> None:
        """The very same, under the same key: it must come to the very same payment."""
        if not self.paid:
            return await self._pay(way, due)
        payment = self.random.choice(self.paid[-5:])
        return await self._pays(way, due, self.books.keys[payment.payment], payment)

    async def _pays(self, way: Way, due: float, key: str, payment: Payment) -> None:
        self.books.keys[payment.payment] = key
        self.books.payments.sent(payment)
        asked = self.ledger.ask(self.name, "POST", (), due, resource="payments")
        self.ledger.note("payment", number=asked.number, payment=payment.payment, amount=payment.amount)
        body = {name: getattr(payment, name) for name in ("amount", "currency", "token", "last_four")}
        answer = await self._asked(way, asked, body, {"idempotency-key": key})
        if answer and self._right(asked, answer, 202, payment=payment.payment, amount=payment.amount):
            self.books.payments.promised(payment.payment)
            self.ledger.note("accepted", number=asked.number, payment=payment.payment)
            if payment not in self.paid:
                self.paid.append(payment)

    async def _look(self, way: Way, due: float) -> None:
        if not self.paid:
            return await self._pay(way, due)
        payment = self.random.choice(self.paid)
        asked = self.ledger.ask(self.name, "GET", (payment.payment,), due, resource="payments")
        if answer := await self._asked(way, asked):
            self._right(asked, answer, 200, payment=payment.payment, amount=payment.amount, currency=payment.currency)
        return None

    async def _upload(self, way: Way, due: float) -> None:
        """Asks for an address and sends the file there; when the bucket does not take it, all of it anew."""
        file = self.random.randbytes(self.random.randint(50, 2000))
        for _ in range(FILE_TRIES):
            asked = self.ledger.ask(self.name, "POST", (), due, resource="uploads")
            answer = await self._asked(way, asked, {"type": KIND, "bytes": len(file)})
            if not answer or not self._right(asked, answer, 201):
                return
            put, upload = answer.body["put"], str(answer.body["upload"])
            if await way.put(asked, put["url"], put["headers"], file):
                self.books.uploads.took(Region(answer.region), self.name, upload, len(file))
                self.sent.append((upload, answer.region))
                return
        self.ledger.failed(asked, f"no bucket took the file in {FILE_TRIES} tries")

    async def _fetch(self, way: Way, due: float) -> None:
        """Only the region whose bucket took a file must have it: copies go one way, and take their time."""
        if not self.sent:
            return await self._upload(way, due)
        upload, region = self.random.choice(self.sent)
        asked = self.ledger.ask(self.name, "GET", (upload,), due, resource="uploads")
        answer = await self._asked(way, asked)
        if answer and (answer.status != 404 or answer.region == region):
            self._right(asked, answer, 200, upload=upload)
        return None

    async def _asked(
        self, way: Way, asked: Request, body: Body | None = None, headers: dict[str, str] | None = None
    ) -> Answer | None:
        session = {"authorization": f"Bearer {self.token}"} if self.token else {}
        answer = await way.ask(asked, {**traits(self.name, self.country), **session, **(headers or {})}, body)
        if answer is None:
            return None
        refused = answer.status == TURNED_AWAY
        if not self.books.border.answered(Region(answer.region), self.country, refused=refused):
            self.ledger.wronged(
                asked, f"{self.name} from {self.country} was {'' if refused else 'not '}refused in {answer.region}"
            )
        return None if refused else answer

    def _right(self, asked: Request, answer: Answer, status: int, **told: object) -> bool:
        """Whether it is the answer that must come; anything else is wrong."""
        right = answer.status == status and all(answer.body.get(name) == value for name, value in told.items())
        if not right:
            self.ledger.wronged(asked, f"{answer.status} from {answer.region} to {asked.method} {asked.resource}")
        return right


def customers(ledger: Ledger, books: Books, traffic: Traffic, seed: int, identify: Callable[[str], str]) -> list[Customer]:
    """Everyone; the first of them travel, from each country that is blocked in one region alone, and from one blocked in both."""
    blocked = [set(countries) for countries in books.border.blocked.values()]
    everywhere = set.intersection(*blocked)
    somewhere = {country for countries in blocked for country in countries} - everywhere
    abroad = [*sorted(somewhere), *sorted(everywhere)[:1]] or [HOME]
    countries = [abroad[number % len(abroad)] if number < TRAVELLERS else HOME for number in range(traffic.traders)]
    names = [f"customer-{number:04d}" for number in range(traffic.traders)]
    pairs = zip(names, countries, strict=True)
    return [Customer(name, country, ledger, books, Random(f"{seed}/{name}"), identify) for name, country in pairs]


@dataclass
class Crowd:
    """All customers at once, at a steady rate that doesn't wait for answers; while everybody is busy, requests come due later."""

    leads: Leads
    everyone: Sequence[Customer]
    ledger: Ledger
    traffic: Traffic
    random: Random
    clock: Callable[[], float]
    sleep: Sleep = asyncio.sleep

    async def run(self, until: asyncio.Event) -> None:
        """Until told to stop, and then until all that is open is answered or given up."""
        connector = aiohttp.TCPConnector(limit=0, force_close=True)
        async with aiohttp.ClientSession(connector=connector, middlewares=(once,)) as session, asyncio.TaskGroup() as turns:
            told = {"retry_seconds": self.traffic.retry_seconds, "clock": self.clock, "sleep": self.sleep, "random": self.random}
            way = Way(session, self.leads, self.ledger, **told)  # type: ignore[arg-type]
            async for due in arrivals(self.traffic.rate, self.random, self.clock, self.sleep, until):
                free = [customer for customer in self.everyone if customer.free]
                if free:
                    turns.create_task(self._busy(self.random.choice(free)).turn(way, due))

    def _busy(self, customer: Customer) -> Customer:
        customer.free = False
        return customer
