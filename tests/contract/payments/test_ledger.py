"""The ledger on a real server: each event once, in its turn, whoever dies at whatever statement, and however many work."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from random import Random
from typing import Any

import pg8000.native
import psycopg
import pytest
from tests.contract.payments.conftest import DATABASE
from tests.contract.postgres.servers import Postgres

from landbridge.workloads.payments.database import PostgresBook, PostgresLedger
from landbridge.workloads.payments.event import Event
from landbridge.workloads.payments.ledger import Contradicts, Known, Taken, Unknown
from landbridge.workloads.payments.payment import Payment, payment_id
from landbridge.workloads.payments.states import Kind
from landbridge.workloads.postgres import Server

STATEMENTS = 13  # one more than an event takes that brings two along
LIFE = (Kind.AUTHORIZE, Kind.SETTLE, Kind.REFUND)


class Killed(BaseException):
    """The process ends here: nothing catches it."""


class Mortal:
    """A connection whose process dies before or after a statement; the server sees the connection end."""

    def __init__(self, connection: pg8000.native.Connection, left: list[int]) -> None:
        self._connection, self._left = connection, left

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    def run(self, *what: Any, **how: Any) -> Any:
        """One statement, if there is life left for it."""
        self._step()
        told = self._connection.run(*what, **how)
        self._step()
        return told

    def _step(self) -> None:
        self._left[0] -= 1
        if self._left[0] < 0:
            raise Killed


@pytest.fixture(name="ledger")
def _ledger(way: Server) -> Iterator[PostgresLedger]:
    """With nothing in it, and no tables."""
    ledger = PostgresLedger(way)
    yield ledger
    ledger.connections.close()


def first(key: str = "key-1", amount: int = 1250) -> Event:
    """That a payment was received."""
    return Event.first(Payment(payment_id("shop", key), "shop", amount, "USD", "tok_4fK2hQ81xZ", "4242"))


def then(kind: Kind, key: str = "key-1", reference: str = "r-1") -> Event:
    """What happened to it."""
    return Event(payment_id("shop", key), kind, reference=reference)


def rows(postgres: Postgres, table: str) -> list[Any]:
    """All of a table, or of what follows it."""
    return postgres.asks(DATABASE, f"SELECT * FROM payments.{table}")


def took(postgres: Postgres) -> dict[str, list[str]]:
    """What each payment went through, in that order."""
    told: dict[str, list[str]] = {}
    for payment, kind in postgres.asks(
        DATABASE, "SELECT payment, kind FROM payments.event WHERE took IS NOT NULL ORDER BY payment, took"
    ):
        told.setdefault(payment, []).append(kind)
    return told


def test_each_event_counts_once(ledger: PostgresLedger, postgres: Postgres) -> None:
    """The tables are made by whoever needs them first."""
    told = [ledger.take(event) for event in (first(), first(), then(Kind.AUTHORIZE), then(Kind.AUTHORIZE))]
    assert told == [Taken(1), Known(), Taken(1), Known()]
    assert took(postgres) == {first().payment: ["receive", "authorize"]}


def test_an_event_before_its_turn_waits_for_it(ledger: PostgresLedger, postgres: Postgres) -> None:
    """One brings all that waited along."""
    assert [ledger.take(then(kind)) for kind in (Kind.SETTLE, Kind.AUTHORIZE)] == [Taken(0), Taken(0)]
    assert ledger.take(first()) == Taken(3)
    assert took(postgres) == {first().payment: ["receive", "authorize", "settle"]}


def test_what_contradicts_changes_nothing(ledger: PostgresLedger, postgres: Postgres) -> None:
    """Another payment under the same id, another event under the same identity, and what can never come."""
    for event in (first(), then(Kind.AUTHORIZE), then(Kind.SETTLE)):
        ledger.take(event)
    before = rows(postgres, "payment"), rows(postgres, "event")
    contradicting = (first(amount=9), then(Kind.SETTLE, reference="r-2"), then(Kind.DECLINE))
    assert [ledger.take(event) for event in contradicting] == [Contradicts()] * 3
    assert (rows(postgres, "payment"), rows(postgres, "event")) == before


def test_money_is_kept_as_whole_minor_units(ledger: PostgresLedger, way: Server) -> None:
    """The largest amount comes back as it went."""
    ledger.take(first(amount=999_999_999_999))
    book = PostgresBook(way)
    found = book.find(first().payment)
    book.connections.close()
    assert found
    assert (found["amount"], type(found["amount"]), found["state"]) == (999_999_999_999, int, "received")
    assert "token" not in found


def test_before_anything_came_the_book_has_nothing(way: Server) -> None:
    """No table is no failure of the database."""
    book = PostgresBook(way)
    assert book.find(first().payment) is None
    book.connections.close()


def test_who_dies_at_any_statement_has_lost_and_doubled_nothing(ledger: PostgresLedger, way: Server, postgres: Postgres) -> None:
    """Before it or after it, with two events that wait; the event comes again and all is as if nobody had died."""
    died = list[bool]()
    for after in map(str, range(2 * STATEMENTS)):
        assert [ledger.take(then(kind, after)) for kind in (Kind.SETTLE, Kind.AUTHORIZE)] == [Taken(0), Taken(0)]
        mortal = PostgresLedger(lambda: Mortal(way(), [int(after)]))  # noqa: B023 - it is called within this turn
        try:
            died.append(mortal.take(first(after)) != Taken(3))
        except Killed:
            died.append(True)
        mortal.connections.close()
        assert isinstance(ledger.take(first(after)), Taken | Known)
    assert (died[0], died[-1]) == (True, False)
    assert list(took(postgres).values()) == [["receive", "authorize", "settle"]] * 2 * STATEMENTS


def test_many_functions_at_once_lose_and_double_nothing(way: Server, postgres: Postgres) -> None:
    """Every event comes three times, in any order, to eight of them."""
    events = [event for key in map(str, range(12)) for event in (first(key), *(then(kind, key) for kind in LIFE))] * 3
    Random(7).shuffle(events)
    ledgers = [PostgresLedger(way) for _ in range(8)]

    def work(number: int) -> list[Any]:
        return [ledgers[number].take(event) for event in events[number::8]]

    with ThreadPoolExecutor(8) as threads:
        told = [each for batch in threads.map(work, range(8)) for each in batch]
    for ledger in ledgers:
        ledger.connections.close()
    assert not [each for each in told if isinstance(each, Contradicts | Unknown)]
    assert len([each for each in told if isinstance(each, Taken)]) == len(events) / 3
    assert sorted(took(postgres).values()) == [["receive", *LIFE]] * 12


def test_a_connection_that_ended_is_made_anew(ledger: PostgresLedger, postgres: Postgres) -> None:
    """At once: an event is safe to bring again."""
    ledger.take(first())
    with psycopg.connect(postgres.address(DATABASE), autocommit=True) as admin:
        admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'payments'")
    assert ledger.take(then(Kind.AUTHORIZE)) == Taken(1)


def test_a_database_that_does_not_answer_leaves_the_outcome_unknown(way: Server) -> None:
    """And so does one that may not be written to."""
    nowhere = PostgresLedger(Server(way._secrets, address=lambda: "127.0.0.1:1", secret=lambda: "s", database=DATABASE))

    def copy() -> pg8000.native.Connection:
        connection = way()
        connection.run("SET default_transaction_read_only = on")
        return connection

    for ledger in (nowhere, PostgresLedger(copy)):
        assert isinstance(ledger.take(first()), Unknown)
        ledger.connections.close()
