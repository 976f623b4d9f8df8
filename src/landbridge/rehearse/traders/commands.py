"""One user's commands: numbered one after the other, each repeated under its own key until it is known to be accepted.

A user who gave up goes on with the same command the next time; one who counted wrong is told the number and takes it.
"""

from collections.abc import Coroutine, Mapping
from random import Random
from typing import Any

from landbridge.config.rehearsal import Traffic
from landbridge.model.wire import SEEN_HEADER
from landbridge.rehearse.command_book import CommandBook, Sent
from landbridge.rehearse.ledger import Ledger
from landbridge.rehearse.traders.answers import Answer
from landbridge.rehearse.traders.items import SYMBOLS, trader_names, write_id
from landbridge.rehearse.traders.line import Line
from landbridge.workloads.trading.orders import order

RESOURCE = "commands"
NAMES = ("banks", "cars", "tech")
BY_HEART = 0.5  # of users believe without a look that they never ordered anything


class Commander:
    """Never sends a command before the one before it is known to be accepted."""

    def __init__(self, user: str, ledger: Ledger, book: CommandBook, random: Random) -> None:
        self._user, self._ledger, self._book, self._random = user, ledger, book, random
        self._next = 1 if random.random() < BY_HEART else None
        self._accepted = 0
        self._open: tuple[str, str] | None = None
        self.free = True

    def turn(self, line: Line, due: float) -> Coroutine[Any, Any, None]:
        """A look at how far the numbers are where that is not known, else a command; busy from now on, until it is over."""
        self.free = False
        return self._turn(line, due)

    async def _turn(self, line: Line, due: float) -> None:
        try:
            await (self._look(line, due) if self._next is None else self._order(line, due, self._next))
        finally:
            self.free = True

    async def _look(self, line: Line, due: float) -> None:
        request = self._ledger.ask(self._user, "GET", (self._user,), due, resource=RESOURCE)
        answer = await line.ask(request, {SEEN_HEADER: str(self._accepted)} if self._accepted else {})
        if answer and (why := self._numbered(answer, "next")):
            self._ledger.wronged(request, why)

    async def _order(self, line: Line, due: float, number: int) -> None:
        key, body = self._open = self._open or (write_id(self._random), order(wish(self._random)))
        sent = Sent(self._user, number, key, body)
        self._book.sent(sent)
        request = self._ledger.ask(self._user, "PUT", (self._user, str(number)), due, resource=RESOURCE)
        answer = await line.ask(request, {}, sent.asked())
        if answer is None:
            return
        if why := self._taken(answer, sent) if answer.status == 200 else self._numbered(answer, "expected"):
            self._ledger.wronged(request, why)

    def _taken(self, answer: Answer, sent: Sent) -> str | None:
        if (answer.body.get("key"), answer.body.get("number")) != (sent.key, sent.number):
            return f"{sent.name} at {answer.region} was answered as another command"
        self._book.accepted(sent)
        self._accepted, self._next, self._open = sent.number, sent.number + 1, None
        return None

    def _numbered(self, answer: Answer, name: str) -> str | None:
        """Takes the number that comes next; a region cut off from the other may be behind, and says so."""
        number = answer.body.get(name)
        if isinstance(number, int) and number > self._accepted:
            self._next = number
        elif not answer.body.get("behind"):
            return f"{self._user} was told by {answer.region} that {number} comes next, and {self._accepted} is accepted"
        return None


def commanders(ledger: Ledger, book: CommandBook, traffic: Traffic, seed: int) -> list[Commander]:
    """The first of the traders order too."""
    names = trader_names(traffic)[: traffic.commanders]
    return [Commander(name, ledger, book, Random(f"{seed}/commands/{name}")) for name in names]


def wish(random: Random) -> Mapping[str, str]:
    """What a user might order."""
    symbol, name = random.choice(SYMBOLS), random.choice(NAMES)
    return random.choice(
        (
            {"kind": "watch", "list": name, "symbol": symbol},
            {"kind": "unwatch", "list": name, "symbol": symbol},
            {
                "kind": "alert",
                "rule": name,
                "symbol": symbol,
                "when": random.choice(("above", "below")),
                "price": str(random.randint(1, 500)),
            },
            {"kind": "unalert", "rule": name},
            {"kind": "note", "note": name, "text": f"{symbol}: größer gedacht, {random.randint(1, 99)} %"},
            {"kind": "unnote", "note": name},
        )
    )
