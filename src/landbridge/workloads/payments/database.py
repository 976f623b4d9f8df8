"""The ledger in PostgreSQL: an event and all that follows from it in one transaction, one payment at a time.

The primary key of events is what makes each count once; the lock on the payment keeps an event that waits from being
overlooked by the one it waits for. Money is in whole minor units in columns that take nothing else.
"""

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

import pg8000.exceptions
import pg8000.native

from landbridge.workloads.payments.event import Event
from landbridge.workloads.payments.ledger import Contradicts, Known, Outcome, Taken, Unknown
from landbridge.workloads.payments.schema import NOT_MADE, make
from landbridge.workloads.payments.states import Kind, State, may_come, steps
from landbridge.workloads.postgres import FAILURES, Connections, code_of

LOCK = "SELECT pg_advisory_xact_lock(:number)"
CAME = (
    "INSERT INTO payments.event (payment, kind, digest) VALUES (:payment, :kind, :digest) ON CONFLICT (payment, kind) DO NOTHING"
)
DIGEST = "SELECT digest FROM payments.event WHERE payment = :payment AND kind = :kind"
STATE = "SELECT state FROM payments.payment WHERE payment = :payment"
WAITING = "SELECT kind FROM payments.event WHERE payment = :payment AND took IS NULL"
RECEIVED = (
    "INSERT INTO payments.payment (payment, customer, amount, currency, token, last_four, state)"
    " VALUES (:payment, :customer, :amount, :currency, :token, :last_four, :state)"
)
MOVED = "UPDATE payments.payment SET state = :state, changed = now() WHERE payment = :payment"
TOOK = (
    "UPDATE payments.event SET took = (SELECT count(took) + 1 FROM payments.event WHERE payment = :payment)"
    " WHERE payment = :payment AND kind = :kind"
)
FIND = "SELECT payment, customer, amount, currency, last_four, state FROM payments.payment WHERE payment = :payment"
COLUMNS = ("payment", "customer", "amount", "currency", "last_four", "state")

Connect = Callable[[], pg8000.native.Connection]


class PostgresLedger:
    """The ledger, written to."""

    def __init__(self, connect: Connect) -> None:
        self.connections = Connections(connect)

    def take(self, event: Event) -> Outcome:
        """In one transaction; where there are no tables yet they are made first."""
        try:
            return self._take(event)
        except FAILURES as failed:
            return Unknown(failed)

    def _take(self, event: Event) -> Outcome:
        try:
            return self.connections.run(lambda at: _in_one(at, event))
        except pg8000.exceptions.DatabaseError as failed:
            if code_of(failed) not in NOT_MADE:
                raise
        self.connections.run(make)
        return self.connections.run(lambda at: _in_one(at, event))


class PostgresBook:
    """Payments as this region's own database has them, read alone; a replica's is behind by its lag."""

    def __init__(self, connect: Connect) -> None:
        self.connections = Connections(connect)

    def find(self, payment: str) -> Mapping[str, Any] | None:
        """The payment as it stands; None = there is none here yet. Raises one of FAILURES when it can't be read."""
        try:
            rows = self.connections.run(lambda at: at.run(FIND, payment=payment))
        except pg8000.exceptions.DatabaseError as failed:
            if code_of(failed) not in NOT_MADE:
                raise
            return None
        return dict(zip(COLUMNS, rows[0], strict=True)) if rows else None


def _in_one(at: pg8000.native.Connection, event: Event) -> Outcome:
    at.run("BEGIN ISOLATION LEVEL READ COMMITTED")
    at.run(LOCK, number=lock_of(event.payment))
    outcome = _taken(at, event)
    at.run("COMMIT" if isinstance(outcome, Taken) else "ROLLBACK")
    return outcome


def _taken(at: pg8000.native.Connection, event: Event) -> Outcome:
    which = {"payment": event.payment, "kind": str(event.kind)}
    at.run(CAME, **which, digest=event.digest())
    if at.row_count != 1:
        same = at.run(DIGEST, **which) == [[event.digest()]]
        return Known() if same else Contradicts()
    found = at.run(STATE, payment=event.payment)
    state = State(found[0][0]) if found else None
    if not may_come(state, event.kind):
        return Contradicts()
    waiting = [Kind(kind) for (kind,) in at.run(WAITING, payment=event.payment)]
    led = list(steps(state, waiting))
    for kind, next_state in led:
        _move(at, event, kind, next_state)
    return Taken(len(led))


def _move(at: pg8000.native.Connection, event: Event, kind: Kind, state: State) -> None:
    if kind is Kind.RECEIVE and event.asked:
        at.run(RECEIVED, **event.asked.fields(), state=str(state))
    else:
        at.run(MOVED, payment=event.payment, state=str(state))
    at.run(TOOK, payment=event.payment, kind=str(kind))


def lock_of(payment: str) -> int:
    """The number of a payment's advisory lock, of 64 bits with a sign."""
    return int.from_bytes(hashlib.sha256(payment.encode()).digest()[:8], "big", signed=True)
